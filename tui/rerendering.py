"""A rendering made again, in words. Pure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.text import Text

from tui.presenters import moment

if TYPE_CHECKING:
    from notices.rerender import Rerendering, RerenderProgress

_SHOWN = 20
"""Files that differ, at most; a list of thousands tells no more."""


def rerender_progress(progress: "RerenderProgress", seconds: float) -> tuple[float, tuple[str, ...]]:
    """How far it has come."""
    part = progress.files / progress.of if progress.of else 0.0
    left = f" · {seconds * (progress.of - progress.files) / progress.files:,.0f} s left" if progress.files else ""
    return part, (f"{progress.files:,} of {progress.of:,} files made again{left}",)


def rerender_lines(found: "Rerendering", zone: ZoneInfo) -> Sequence[Text]:
    """The verdict first, then what differs and why."""
    same = sum(file.identical for file in found.files)
    some = "" if len(found.files) == found.of else f" (a sample of {found.of:,})"
    lines = [
        Text(
            "IDENTICAL, byte for byte" if found.identical else "DIFFERS: the stored files are the record",
            style="bold",
        ),
        Text(f"Rendered as #{found.position}, {moment(found.rendered_at, zone)}, with {found.engine}"),
        Text(f"{same:,} of {len(found.files):,} files{some} have the SHA-256 that is in the log"),
    ]
    if found.changed:
        lines += [Text(""), Text("Changed since then:", style="bold"), *(Text(f"  {each}") for each in found.changed)]
    differing = [file for file in found.files if not file.identical]
    if differing:
        lines += [Text(""), Text("Files that differ:", style="bold")]
    for file in differing[:_SHOWN]:
        again = f"{file.again[:12]}…" if file.again is not None else "not made"
        lines.append(Text(f"  {file.name}: {file.recorded[:12]}… in the log, {again} now"))
        lines += [Text(f"    {why}") for why in file.why[:_SHOWN]]
    if len(differing) > _SHOWN:
        lines.append(Text(f"  and {len(differing) - _SHOWN:,} more"))
    lines.append(Text(""))
    if found.stored:
        lines += [Text("NOT READABLE in the case:", style="bold"), *(Text(f"  {each}") for each in found.stored)]
    else:
        lines.append(Text("The stored files are all there, unaltered; x writes them to a folder."))
    return lines
