"""The worksheet of a report in words: the regulator's form screen by screen, each value as it is typed. Pure."""

from collections.abc import Sequence
from pathlib import PurePath

import msgspec
from rich.text import Text

from incident.errors import InvalidInput
from notices.context import CaliforniaAgContext, HhsWorksheetContext
from notices.desk import Checked, Preview
from notices.worksheet import Entry, Mark, Screen, california_worksheet, hhs_worksheet


def worksheet_screens(look: Preview) -> tuple[Screen, ...]:
    """The form in the regulator's own order; a document that is sent as it is stands in one piece."""
    match look.context:
        case HhsWorksheetContext():
            return hhs_worksheet(look.context).screens
        case CaliforniaAgContext():
            return california_worksheet(look.context).screens
        case _:
            return (Screen(title="The notice itself", entries=tuple(_whole(each) for each in look.documents)),)


def _whole(checked: Checked) -> Entry:
    return Entry(
        name=checked.document.name,
        label=checked.document.title,
        compulsory=True,
        mark=Mark.VERIFIED,
        note=None,
        values=(checked.document.text,),
        options=(),
        missing=False,
        length=None,
    )


def entry_text(entry: Entry) -> str:
    """What is typed or pasted into the field."""
    return "\n".join(entry.values)


def entry_cells(entry: Entry, *, copied: bool) -> Sequence[Text]:
    """FIELD, VALUE, and whether it was copied."""
    value = Text("MISSING", style="bold") if entry.missing else Text(" · ".join(entry.values).replace("\n", " "))
    return Text(entry.label + (" *" if entry.compulsory else "")), value, Text("copied" if copied else "", style="dim")


_MARKS = {
    Mark.TWIN: "Wording read on the 42 CFR Part 2 twin form.",
    Mark.UNVERIFIED: "Wording not verified: compare it with the live form.",
}


def entry_panel(entry: Entry) -> tuple[str | Text, ...]:
    """A field in full: its options as the form lists them, or its text."""
    lines: list[str | Text] = [Text(entry.label, style="bold")]
    lines += [f"{'[X]' if option.chosen else '[ ]'} {option.text}" for option in entry.options]
    if not entry.options:
        lines += entry_text(entry).splitlines()
    lines += [words for words in (entry.length, entry.note, _MARKS.get(Mark(entry.mark))) if words]
    return tuple(lines)


def screen_words(screens: Sequence[Screen], place: int) -> Text:
    """2. Contact · screen 2 of 6 · 1 compulsory field empty."""
    screen = screens[place]
    empty = sum(entry.missing for entry in screen.entries)
    words = Text.assemble((screen.title, "bold"), f" · screen {place + 1} of {len(screens)}")
    if empty:
        words.append(f" · {empty} compulsory field{'' if empty == 1 else 's'} empty", style="bold")
    return words


def missing_words(screens: Sequence[Screen]) -> str:
    """Compulsory and empty: Point of contact: first name; Attested by. Empty where nothing is missing."""
    missing = [entry.label for screen in screens for entry in screen.entries if entry.missing]
    return f"Compulsory and empty: {'; '.join(missing)}" if missing else ""


def worksheet_json(look: Preview, problems: Sequence[str]) -> dict[str, object]:
    """The worksheet for programs; `problems` are why it may not be filed now."""
    screens = worksheet_screens(look)
    return {
        "title": look.documents[0].document.title,
        "problems": list(problems),
        "missing": [entry.label for screen in screens for entry in screen.entries if entry.missing],
        "screens": [msgspec.to_builtins(screen) for screen in screens],
    }


def worksheet_file(look: Preview, problems: Sequence[str], name: str) -> bytes:
    """The worksheet in the form that the ending of a file's name asks for.

    Raises:
        InvalidInput: it is neither .pdf nor .json.
    """
    match PurePath(name).suffix.lower():
        case ".pdf":
            from notices.engines import DEFAULT, engine  # noqa: PLC0415 - an engine loads when it is needed

            return engine(DEFAULT).render(look.documents[0].document.html)
        case ".json":
            return msgspec.json.format(msgspec.json.encode(worksheet_json(look, problems)), indent=2)
        case _:
            raise InvalidInput("file: the name ends in .pdf or .json")
