"""A text with its required elements: what to jump between, and the marks in the margin. Pure."""

from collections.abc import Mapping, Sequence

import msgspec
from rich.text import Text

from notices.desk import Checked

GUTTER = 2
"""Columns of the margin in front of a text."""


class Target(msgspec.Struct, frozen=True):
    """Something a reader jumps to: an element of the text, words that must not stand there, an empty form field.

    `where` are offsets in the text; None where there is nothing to show. `state` is found, missing, wrong, forbidden or
    not needed; in a redline, inserted or deleted.
    """

    name: str
    citation: str
    state: str
    why: str
    where: tuple[int, int] | None


AMISS = frozenset({"missing", "forbidden", "wrong"})
MARKS: Mapping[str, str] = {
    "found": "✓",
    "missing": "✗",
    "wrong": "!",
    "forbidden": "✗",
    "not needed": "·",
    "inserted": "+",
    "deleted": "-",
}
_STYLES: Mapping[str, str] = {"inserted": "bold underline green", "deleted": "strike red"}
"""Of a state that is not amiss; what tells them apart without colour are the signs."""
_AMISS: str = "bold underline red"


def targets(checked: Checked) -> tuple[Target, ...]:
    """What to jump between in one text: what is amiss first, then the elements in the order of the text."""
    document = checked.document
    found = [
        Target(label, "", "missing", "The form asks for it.", _place_of(document.text, label))
        for label in document.missing
    ]
    if checked.report is not None:
        found += [
            Target(each.id, each.citation, "forbidden", f"Must not be said: {each.text!r}", each.where)
            for each in checked.report.forbidden
        ]
        for each in checked.report.elements:
            state = "not needed"
            if each.found:
                state = "wrong" if each.contradicts else "found"
            elif each.required:
                state = "missing"
            found.append(Target(each.id, each.citation, state, each.why, each.where))

    def order(target: Target) -> tuple[bool, bool, int]:
        place = target.where[0] if target.where is not None else 0
        return target.state not in AMISS, target.state == "not needed", place

    return tuple(sorted(found, key=order))


def _place_of(text: str, label: str) -> tuple[int, int] | None:
    start = text.find(label)
    return (start, start + len(label)) if start >= 0 else None


def target_words(target: Target, number: int, count: int) -> Text:
    """3 of 17  ✓ found  hipaa.contact (45 CFR 164.404(c)(1)(E))."""
    citation = f" ({target.citation})" if target.citation else ""
    state = target.state.upper() if target.state in AMISS else target.state
    return Text.assemble(
        (f"{number} of {count}  ", "dim"),
        (f"{MARKS[target.state]} {state}", "bold red" if target.state in AMISS else "bold"),
        f"  {target.name}{citation}",
    )


def target_list(found: Sequence[Target], current: int | None) -> tuple[Text, ...]:
    """Every target in a line, the current one marked."""
    lines = []
    for number, target in enumerate(found):
        pointer = "▸" if number == current else " "
        amiss = target.state in AMISS
        style = "bold red" if amiss else "bold" if number == current else "dim" if target.state == "not needed" else ""
        line = Text(f"{pointer}{MARKS[target.state]} {target.name}", style=style)
        if amiss:
            line.append(f" {target.state.upper()}")
        lines.append(line)
        if number == current:
            lines += [Text(f"    {words}", style="dim") for words in (target.citation, target.why) if words]
    return tuple(lines)


def wrapped(text: str, width: int) -> tuple[tuple[int, int], ...]:
    """The lines of a text in a width, as offsets; breaks at spaces where it can."""
    lines: list[tuple[int, int]] = []
    start = 0
    for paragraph in text.split("\n"):
        end = start + len(paragraph)
        place = start
        while end - place > width:
            space = text.rfind(" ", place, place + width + 1)
            stop = space if space > place else place + width
            lines.append((place, stop))
            place = stop + 1 if space > place else stop
        lines.append((place, end))
        start = end + 1
    return tuple(lines)


def marked_text(text: str, found: Sequence[Target], current: int | None, width: int) -> tuple[Text, ...]:
    """The text with a mark in the margin where an element begins, and the current one made plain."""
    lines = []
    for start, end in wrapped(text, max(width - GUTTER, 10)):
        here = [each for each in found if each.where is not None and start <= each.where[0] < max(end, start + 1)]
        mark = next((MARKS[state] for state in _LOUDEST if any(each.state == state for each in here)), " ")
        line = Text(no_wrap=True, end="").append(f"{mark} ", style="bold red" if mark in "✗!" else "bold")
        line.append(text[start:end])
        for number, each in enumerate(found):
            if each.where is None:
                continue
            begin, stop = max(each.where[0], start), min(each.where[1], end)
            if begin < stop:
                plain = _AMISS if each.state in AMISS else _STYLES.get(each.state, "underline")
                style = "reverse" if number == current else plain
                line.stylize(style, begin - start + GUTTER, stop - start + GUTTER)
        lines.append(line)
    return tuple(lines)


_LOUDEST = ("forbidden", "wrong", "missing", "deleted", "inserted", "found", "not needed")


def line_of(text: str, where: tuple[int, int], width: int) -> int:
    """The number, from 0, of the line on which a place begins."""
    lines = wrapped(text, max(width - GUTTER, 10))
    return next((number for number, (_, end) in enumerate(lines) if where[0] <= end), len(lines) - 1)


def variant_words(checked: Checked, number: int, count: int) -> Text:
    """us.adult.en (1 of 12): 7 of 7 required elements."""
    words = Text.assemble((checked.document.name, "bold"), f" ({number} of {count})" if count > 1 else "")
    if checked.report is not None:
        required = [each for each in checked.report.elements if each.required]
        if required:
            words.append(f": {sum(each.found for each in required)} of {len(required)} required elements")
        if checked.report.readability.grade is not None and checked.document.language == "en":
            words.append(f" · grade {checked.report.readability.grade}")
    if checked.problems:
        words.append(f" · {len(checked.problems)} to mend", style="bold")
    return words
