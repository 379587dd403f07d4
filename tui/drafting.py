"""The form of a notice in words: its fields, what is wrong with each, what is still open. Pure."""

from collections.abc import Mapping, Sequence

from rich.text import Text

from notices.catalog import Field, FieldType, Kind
from notices.fields import Fields
from notices.worksheet import CALIFORNIA_FORM, HHS_FORM, PART2_FORM, form

LONG = frozenset({FieldType.TEXT, FieldType.LIST})
"""Types that take several lines."""


_FORMS = {"hhs_report": HHS_FORM, "part2_report": PART2_FORM, "ca_ag_submission": CALIFORNIA_FORM}


def asked_by_form(kind: Kind) -> frozenset[str]:
    """The fields that the regulator's own form does not let one leave empty; a draft may."""
    if kind.name not in _FORMS:
        return frozenset()
    screens = form(_FORMS[kind.name]).screen
    return frozenset(field.name for screen in screens for field in screen.field if field.compulsory)


def faults(kind: Kind, values: Mapping[str, str]) -> dict[str, str]:
    """Field -> what is wrong with it, of what can be told without the record."""
    read = Fields(kind, values)
    for field in kind.fields:
        match field.type:
            case FieldType.DATE:
                read.date(field.name)
            case FieldType.NUMBER:
                read.number(field.name)
            case FieldType.YES_NO:
                read.yes_no(field.name)
            case _:
                pass
    return named(read.faults)


def named(lines: Sequence[str]) -> dict[str, str]:
    """Faults of the form `field: message` by field; of several the last, which is about the meaning."""
    parts = (line.partition(": ") for line in lines)
    return {name: message for name, _, message in parts}


def field_cells(field: Field, value: str, fault: str, *, asked: bool = False) -> Sequence[Text]:
    """FIELD, VALUE, and how it stands: needed, wrong, open (`asked` by the regulator's form), filled in."""
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    shown = ("; " if field.type in {FieldType.LIST, FieldType.CHOICES} else " ").join(lines)
    if fault:
        mark = Text("✗ needed" if field.required and not lines else "✗ wrong", style="bold")
    else:
        mark = Text("✓" if lines else "○ open" if asked else "")
    return Text(field.label + (" *" if field.required else "")), Text(shown), mark


def field_panel(field: Field, value: str, fault: str) -> tuple[str | Text, ...]:
    """A field in full."""
    lines: list[str | Text] = [Text(field.label, style="bold"), field.help]
    if fault:
        lines.append(Text(f"✗ {fault}", style="bold"))
    lines.extend(value.splitlines())
    return tuple(lines)


def first_open(kind: Kind, values: Mapping[str, str]) -> str:
    """The field to begin in: the first that is wrong or needed, else one that the form asks for."""
    names = [field.name for field in kind.fields]
    wrong, asked = faults(kind, values), asked_by_form(kind)
    ranked = [
        *(name for name in names if name in wrong),
        *(name for name in names if name in asked and not values.get(name)),
        *names,
    ]
    return ranked[0]


def form_words(kind: Kind, values: Mapping[str, str]) -> str:
    """6 of 9 filled in · 2 to mend · 3 open that the form asks for."""
    filled = sum(bool(values.get(field.name, "").strip()) for field in kind.fields)
    wrong, names = faults(kind, values), {field.name for field in kind.fields}
    open_fields = sum(not values.get(name, "").strip() for name in asked_by_form(kind) & names - set(wrong))
    words = f"{filled} of {len(kind.fields)} filled in"
    words += f" · {len(wrong)} to mend" if wrong else ""
    return words + (f" · {open_fields} open that the form asks for" if open_fields else "")


def length_words(field: Field, value: str) -> str:
    """How much of the room is used; for a list its number of lines."""
    if field.type is FieldType.LIST:
        count = sum(bool(line.strip()) for line in value.splitlines())
        return f"{count} line{'' if count == 1 else 's'}, one entry each"
    return f"{len(value.strip()):,} of {field.max_length:,} characters"
