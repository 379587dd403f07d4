"""Faults that are planted between row and paper: each is caught, and named with its row, whichever way it is printed.

Printed are letters that the engine lays out whole, and stamped ones; one a file and several; here and by helpers.
"""

import io
import pickle
import re
from functools import cache

import msgspec
import pikepdf
import pytest

from notices import workers
from notices.bulk import addressed_batches, print_letters
from notices.context import Audience
from notices.engines import engine
from notices.errors import NoticeError
from notices.preflight import Exclusion, Variants
from notices.press import EnginePress, Pressed
from notices.printer import Printer, press_for
from notices.proof import page_texts
from notices.stamping.fonts import SANS, blocks_of, stamp_font
from tests.notices.samples import letter, recipient

ROWS = (1, 2, 3)
BAD = 2


@cache
def whole():
    return EnginePress(letter(), engine(), "Letters")


@cache
def stamping():
    return press_for(letter(), engine())


def people():
    """Three people; the second is a child with parents in Texas, where the others are adults in Illinois."""
    names = ("Ann Ray", "Ivo Novák", "Bo Li")
    for row, name in zip(ROWS, names, strict=True):
        audience = Audience.PARENT_OF_MINOR if row == BAD else Audience.ADULT
        address = (f"{row} Oak Street", "Chicago, IL 60614")
        yield recipient(row, name, audience=audience, state=None, address_lines=address)


@cache
def press_of_another_incident(make):
    text = msgspec.structs.replace(letter().incident, what_happened="Somebody stole another organization's laptop.")
    other = msgspec.structs.replace(letter(), incident=text)
    return EnginePress(other, engine(), "Letters") if make is whole else press_for(other, engine())


class Planted:
    """A press whose letters are changed before they are laid out (`person`), or its file after it was made (`file`)."""

    def __init__(self, make, *, person=None, paper=None, variant=None, elsewhere=False):
        self.press = make()
        self.other = press_of_another_incident(make) if elsewhere else None
        self.person, self.paper, self.variant = person, paper, variant

    def file(self, letters, *, exact=False):
        rows = [each.recipient.row for each in letters]
        if BAD not in rows:
            return self.press.file(letters, exact=exact)
        changed = list(letters)
        at = rows.index(BAD)
        if self.person is not None:
            changed[at] = msgspec.structs.replace(changed[at], recipient=self.person(changed[at].recipient))
        if self.variant is not None:
            changed[at] = msgspec.structs.replace(changed[at], variant=self.variant)
        pressed = (self.other or self.press).file(changed, exact=exact)
        return self.paper(pressed, at) if self.paper is not None else pressed

    def read(self, pdf):
        return self.press.read(pdf)


def replaced(**changes):
    return lambda person: msgspec.structs.replace(person, **changes)


def shifted(person):
    """Each column holds what belongs into the one before."""
    lines = (*person.name_lines, *person.address_lines)
    return msgspec.structs.replace(person, name_lines=lines[1:2], address_lines=(*lines[2:], lines[0]))


def repeated(person):
    first = next(people())
    return msgspec.structs.replace(first, row=person.row, audience=person.audience)


def pages(pressed, order, counts=None):
    """The file with its pages in another order."""
    with pikepdf.open(io.BytesIO(pressed.pdf)) as document, pikepdf.new() as other:
        other.pages.extend([document.pages[number] for number in order(len(document.pages))])
        out = io.BytesIO()
        other.save(out)
    return Pressed(out.getvalue(), counts or pressed.pages)


def lost_page(pressed, at):
    lost = sum(pressed.pages[: at + 1]) - 1
    return pages(pressed, lambda count: [number for number in range(count) if number != lost])


def lost_page_unnoticed(pressed, at):
    """The press counts the pages that are there."""
    counts = tuple(count - (number == at) for number, count in enumerate(pressed.pages))
    lost = sum(pressed.pages[: at + 1]) - 1
    return pages(pressed, lambda count: [number for number in range(count) if number != lost], counts)


def pages_turned(pressed, at):
    first = sum(pressed.pages[:at])
    return pages(pressed, lambda count: [*range(first), first + 1, first, *range(first + 2, count)])


def page_of_another_letter(pressed, at):
    """The last page of the letter is that of the first in the file, or the first page of the file twice."""
    last = sum(pressed.pages[: at + 1]) - 1
    return pages(pressed, lambda count: [0 if number == last else number for number in range(count)])


ADULT = Variants(letter()).for_recipient(recipient(1, state=None))
FAULTS = {
    "shifted column": ({"person": shifted}, "the address block"),
    "another name": ({"person": replaced(name_lines=("Bo Li",))}, "the address block"),
    "swapped address": ({"person": replaced(address_lines=("3 Oak Street", "Chicago, IL 60614"))}, "the address block"),
    "an address line dropped": ({"person": replaced(address_lines=("2 Oak Street",))}, "the address block"),
    "wrong salutation": ({"person": replaced(salutation="Dear Bo Li")}, "the salutation"),
    "another reference": ({"person": replaced(code="K999999")}, "the reference"),
    "reference of another incident": ({"person": replaced(code="2025-009-1-000002")}, "the reference"),
    "repeated row": ({"person": repeated}, "the (address block|reference)|the footer"),
    "wrong variant": ({"variant": ADULT}, "text is not that of us.parent_of_minor.en"),
    "words of another incident": ({"elsewhere": True}, "text is not that of us.parent_of_minor.en"),
    "lost page": ({"paper": lost_page}, "pages were printed where"),
    "lost page, unnoticed by the press": ({"paper": lost_page_unnoticed}, "the footer"),
    "pages turned": ({"paper": pages_turned}, "the footer"),
    "page of another letter": ({"paper": page_of_another_letter}, "the footer"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("per_file", [1, 3])
@pytest.mark.parametrize("make", [whole, stamping])
def test_a_planted_fault_is_caught_and_named_with_its_row(fault, per_file, make):
    plant, told = FAULTS[fault]
    with pytest.raises(NoticeError) as caught:
        list(print_letters(letter(), people(), engine(), letters_per_file=per_file, press=Planted(make, **plant)))
    row = rf"row {BAD}: " if per_file == 1 or told != "pages were printed where" else "rows 1 to 3: "
    assert any(re.match(row, each) and re.search(told, each) for each in caught.value.faults), caught.value.faults


@pytest.mark.parametrize("make", [whole, stamping])
@pytest.mark.parametrize("fault", ["shifted column", "wrong variant", "lost page", "words of another incident"])
def test_a_helper_process_catches_it_as_well(fault, make, monkeypatch):
    plant, told = FAULTS[fault]
    monkeypatch.setattr(workers, "_printer", Printer(letter(), engine(), Planted(make, **plant)))
    with pytest.raises(NoticeError) as caught:
        workers._work(list(addressed_batches(letter(), people(), 3)))
    assert re.search(told, str(pickle.loads(pickle.dumps(caught.value)))), "it is told across processes too"
    assert pickle.loads(pickle.dumps(caught.value)).faults == caught.value.faults


def test_the_letters_without_a_fault_are_right():
    for make in (whole, stamping):
        assert [len(file.letters) for file in print_letters(letter(), people(), engine(), press=make())] == [1, 1, 1]


def test_a_glyph_that_is_not_mapped_is_caught_in_a_stamped_file():
    name = stamp_font(SANS, blocks_of("Ivo Novák")).encode("Ivo Novák").encode()
    planted = []

    def unmapped(pressed, at):
        planted.append(name in pressed.pdf)
        return Pressed(pressed.pdf.replace(name, b"0000" + name[4:]), pressed.pages)

    press = Planted(stamping, paper=unmapped)
    with pytest.raises(NoticeError, match=f"row {BAD}: in the printed letter the address block"):
        list(print_letters(letter(), people(), engine(), press=press))
    # A file of several is made again, laid out whole: the fault is not in it any more.
    (file,) = print_letters(letter(), people(), engine(), letters_per_file=3, press=press)
    assert planted == [True, True, False]
    assert "Ivo Novák" in "".join(page.content for page in page_texts(file.pdf))


@pytest.mark.parametrize("workers", [0, 2])
def test_a_character_that_no_font_has_gets_no_letter_and_names_its_row(workers):
    rows = [next(people()), recipient(2, "สมชาย Chai"), recipient(3, "Bo Li")]
    _, excluded, _ = print_letters(letter(), rows, engine(), workers=workers)
    assert isinstance(excluded, Exclusion)
    assert (excluded.code, excluded.row, excluded.reference) == ("missing_glyph", 2, rows[1].code)
    assert excluded.reason.startswith("row 2: the fonts cannot print: U+0E2A")


@pytest.mark.parametrize("workers", [0, 2])
def test_a_row_that_comes_twice_is_refused_by_its_number(workers):
    with pytest.raises(NoticeError, match="row 2 comes after row 2: a row is repeated"):
        list(print_letters(letter(), [recipient(1), recipient(2), recipient(2)], engine(), workers=workers))


def test_the_reason_that_is_counted_tells_nothing_of_the_person():
    wide = recipient(7, "Wolfeschlegelsteinhausenbergerdorff" * 3)
    (excluded,) = print_letters(letter(), [wide], engine())
    assert excluded.group == "the address does not fit the envelope window"
    assert "Wolfe" not in excluded.group + excluded.reason
