"""The organization's own templates in words: the set in force, its files, sets before. Pure."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich.text import Text

from incident.own_templates import OwnTemplates
from notices.house.intake import Intake
from tui.presenters import moment

EMPTY = (
    "No templates of your own: letters are written with the shipped ones.",
    "",
    "i takes a folder in: letterhead, signature, style, any section of a letter by its element id.",
    "Each file is checked, and letters are written with it on trial: what the law wants said must still be there.",
    "docs/own-templates.md shows how such a folder is made; samples hold one.",
)


def part_words(name: str) -> str:
    """What a file is for."""
    if name == "own.toml":
        return "what it is"
    if name == "own.css":
        return "style"
    if name.startswith("sections/"):
        return f"section ({name.split('/')[1]})"
    return "picture"


def file_cells(name: str, sha256: str, size: int) -> Sequence[Text]:
    """FILE, FOR, BYTES, SHA-256."""
    return Text(name), Text(part_words(name)), Text(f"{size:,}", justify="right"), Text(f" {sha256[:12]}")


def history_lines(sets: Sequence[OwnTemplates], zone: ZoneInfo) -> tuple[str | Text, ...]:
    """Every set, the newest first."""
    lines: list[str | Text] = []
    for own in reversed(sets):
        lines.append(Text(own.title, style="bold"))
        lines.append(f"Taken in {moment(own.taken_in_at, zone)} by {own.taken_in_by}, {len(own.files)} files")
        if own.removed_at is not None:
            lines.append(f"In force until {moment(own.removed_at, zone)}; ended by {own.removed_by}")
        else:
            lines.append("In force: letters are written with it. Any change voids the approvals of their texts.")
        lines.append("")
    return tuple(lines)


def check_lines(intake: Intake) -> tuple[str | Text, ...]:
    """What a check of a folder found."""
    if intake.house is not None:
        return (
            Text(f"✓ {intake.house.title}", style="bold"),
            f"{len(intake.files)} files, nothing wrong. Letters were written with it for every reader and language.",
            "",
            *(f"{name}: {part_words(name)}, {len(content):,} bytes" for name, content in intake.files.items()),
        )
    count = len(intake.faults)
    return Text(f"✗ {count} fault{'' if count == 1 else 's'}", style="bold"), "", *intake.faults
