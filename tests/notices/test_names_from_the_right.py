"""Names that are written from the right, alone and among other words, are proved in every engine; others are not."""

import msgspec
import pytest

from notices.engines import engine
from notices.errors import NoticeError
from notices.press import Addressed, EnginePress
from notices.printer import Printer
from notices.proof import page_texts, read_back
from tests.notices.test_house import letter, person

NAMES = [
    "محمد عبد الله",
    "parent or guardian of محمد عبد الله",
    "דוד בן כהן",
    "next of kin of דוד כהן",
    "Dana Haddad دانا حداد",
]


def named(name: str):
    reader = person(1)
    return msgspec.structs.replace(reader, name_lines=(name, "שדרות רוטשילד 12"), salutation=f"Dear {name}")


@pytest.mark.parametrize("engine_name", ["plutoprint", "pdfkit", "weasyprint"])
@pytest.mark.parametrize("name", NAMES)
def test_a_letter_to_such_a_name_is_proved(name, engine_name):
    context = letter()
    printed = Printer(context, engine(engine_name)).file([Addressed(named(name), context.variants[0])])
    assert printed.letters[0].row == 1


@pytest.mark.parametrize("name", NAMES)
def test_another_name_in_its_place_is_found(name):
    context = letter()
    pdf = EnginePress(context, engine(), "t").file([Addressed(named(name), context.variants[0])]).pdf
    other = named(name.replace("د", "ر").replace("ד", "ר"))
    if other == named(name):
        pytest.fail("the other name has to differ")
    back = read_back(list(page_texts(pdf)), other, context.notice_date)
    assert any("address block" in fault for fault in back.faults)
    assert any("salutation" in fault for fault in back.faults)


def test_a_line_of_the_address_that_is_missing_is_found():
    context = letter()
    variant = context.variants[0]
    pdf = EnginePress(context, engine(), "t").file([Addressed(person(1, NAMES[1]), variant)]).pdf
    assert any("address block" in fault for fault in read_back(list(page_texts(pdf)), named(NAMES[1]), None).faults)
    with pytest.raises(NoticeError, match="row 9"):
        Printer(context, engine(), _Swapping(EnginePress(context, engine(), "t"))).file(
            [Addressed(msgspec.structs.replace(named(NAMES[0]), row=9), variant)]
        )


class _Swapping:
    """Prints somebody else's name."""

    def __init__(self, press: EnginePress) -> None:
        self._press = press

    def file(self, letters, *, exact: bool = False):
        return self._press.file([Addressed(person(1, "حسين"), each.variant) for each in letters], exact=exact)

    def read(self, pdf: bytes):
        return self._press.read(pdf)
