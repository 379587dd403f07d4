"""The changes of a Word file that came back, in words. Pure."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.text import Text

from notices.word.intake import Change, Markup
from notices.word.markup import Act

SIGNS = {Act.INSERTED: ("[+", "+]"), Act.DELETED: ("[-", "-]"), Act.KEPT: ("", "")}
_STYLES = {Act.INSERTED: "bold underline", Act.DELETED: "bold strike", Act.KEPT: ""}
BLOCKED = "✗ blocked"
OPEN = "? open"
ACCEPTED = "✓ accept"
REJECTED = "✗ reject"


def said(text: str) -> str:
    """The words of a change on one line; the end of a paragraph is a sign of its own."""
    return text.replace("\n", "¶")


def change_words(change: Change) -> str:
    """field: …before [+come+] after…, by whom and when."""
    begin, end = SIGNS[change.act]
    around = f"…{said(change.before)}{begin}{said(change.text)}{end}{said(change.after)}…"
    return f"{change.field}: {around} ({by_whom(change)})"


def by_whom(change: Change, zone: ZoneInfo | None = None) -> str:
    """Carla Ng, 2026-11-22 10:00; the time as the word processor wrote it where no zone is given."""
    return "tracking was off" if change.untracked else f"{change.author}, {_when(change.at, zone)}"


def markup_lines(markup: Markup) -> list[str]:
    """The changes with their numbers, what cannot be taken, and what was said beside the text."""
    lines = [f"{number:>3}  {change_words(change)}" for number, change in enumerate(markup.changes, start=1)]
    lines += not_taken(markup)
    lines += comment_lines(markup)
    return lines or ["No changes."]


def not_taken(markup: Markup) -> list[str]:
    """What was changed and is not the drafter's to change, and what else of the file is not taken."""
    return [
        *(f"BLOCKED  {change_words(change)}: {change.blocked}" for change in markup.blocked),
        *(f"NOT TAKEN  {each}" for each in markup.refused),
    ]


def comment_lines(markup: Markup) -> list[str]:
    """What reviewers wrote beside the text."""
    return [
        f"COMMENT  {each.author}, {each.at or 'no time given'}"
        + (f', on "{said(each.about)}"' if each.about else "")
        + f": {said(each.text)}"
        for each in markup.comments
    ]


def found_words(markup: Markup) -> str:
    """7 changes found: 6 to the words, 1 blocked (a merge field)."""
    words, blocked = len(markup.changes), len(markup.blocked)
    line = f"{words + blocked} change{'' if words + blocked == 1 else 's'} found: {words} to the words"
    if blocked:
        fields = sum(change.field.startswith("merge field") for change in markup.blocked)
        line += f", {blocked} blocked" + (f" ({fields} touch a merge field)" if fields else "")
    if markup.refused:
        line += f", {len(markup.refused)} more not taken"
    if markup.comments:
        line += f"; {len(markup.comments)} comment{'' if len(markup.comments) == 1 else 's'}"
    return line


# --- On the screen


def change_cells(number: int, change: Change, zone: ZoneInfo, *, decision: bool | None) -> Sequence[Text]:
    """#, FIELD, CHANGE, BY, WHEN, DECISION."""
    begin, end = SIGNS[change.act]
    if change.blocked:
        state = Text(BLOCKED, style="bold")
    else:
        words = OPEN if decision is None else ACCEPTED if decision else REJECTED
        state = Text(words, style="bold" if decision is None else "")
    return (
        Text(str(number)),
        Text(change.field.replace("_", " ")),
        Text(f"{begin}{said(change.text)}{end}", style=_STYLES[change.act]),
        Text(change.author or "untracked"),
        Text(_when(change.at, zone)),
        state,
    )


def change_panel(change: Change, reason: str, zone: ZoneInfo) -> tuple[Text, ...]:
    """The change in its place, by whom, and why it cannot be taken or was not."""
    begin, end = SIGNS[change.act]
    place = Text.assemble(
        f"…{said(change.before)}", (f"{begin}{said(change.text)}{end}", _STYLES[change.act]), f"{said(change.after)}…"
    )
    who = "Changed with tracking switched off: the file tells neither who nor when." if change.untracked else ""
    lines = [place, Text(who or f"{change.act.value.capitalize()} by {by_whom(change, zone)}", style="dim")]
    if change.blocked:
        lines.append(Text(f"Blocked: {change.blocked}.", style="bold"))
    if reason:
        lines.append(Text(f"Rejected: {reason}"))
    return tuple(lines)


def _when(at: str, zone: ZoneInfo | None) -> str:
    """The time of a change where the organization keeps its own; a word processor may write none, or no time at all."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return at or "no time given"
    if zone is None:
        return at
    # A word processor writes the local time of its machine with a Z: only an offset is taken at its word.
    return f"{moment.astimezone(zone) if moment.utcoffset() else moment:%Y-%m-%d %H:%M}"
