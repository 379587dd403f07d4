"""Counsel's advice in words: what a list and a privilege log tell of it. Pure; the words of advice are never here."""

from collections.abc import Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from rich.text import Text

from incident.advice import BASES, NOT_A_PROMISE
from incident.evidence.privilege import PrivilegeRow, subject_words
from incident.views.queries import AdviceRow, NoticeRow

SEALED = "Sealed for counsel. Whoever holds the advice key can share it (Users)."
WHO_READS = (
    "Only those who hold the advice key can read the words: counsel, and whoever counsel shared the key with. Date, "
    "author, recipients, basis and description stand in the privilege log, in the clear."
)
LABEL = NOT_A_PROMISE


def kinds_of(notices: Sequence[NoticeRow]) -> dict[str, str]:
    """The kinds of notices by their id, as `about` needs them."""
    return {str(row.id): row.kind for row in notices}


def about(row: AdviceRow, kinds: Mapping[str, str]) -> str:
    """What it is about: "on the notice individual letter"; "on the incident" where it names nothing narrower."""
    return subject_words(row.subject, kinds) or "on the incident"


def advice_cells(row: AdviceRow, names: Mapping[str, str], kinds: Mapping[str, str], zone: ZoneInfo) -> list[Text]:
    """EVENT, DATE, BY, TO, ABOUT, DESCRIPTION."""
    corrected = f" (version {row.version})" if row.version > 1 else ""
    return [
        Text(f"#{row.position}"),
        Text(f"{row.given_at.astimezone(zone):%Y-%m-%d}"),
        Text(names.get(row.by, row.by).partition(",")[0]),
        Text(", ".join(row.recipients)),
        Text(about(row, kinds).removeprefix("on ").removeprefix("the ")),
        Text(row.description + corrected),
    ]


def advice_head(row: AdviceRow, names: Mapping[str, str], kinds: Mapping[str, str], zone: ZoneInfo) -> tuple[str, ...]:
    """What stands in the clear about one piece of advice."""
    version = f" · version {row.version}" if row.version > 1 else ""
    when = f"{row.given_at.astimezone(zone):%a %Y-%m-%d %H:%M %Z}"
    return (
        f"#{row.position} · {when} · {names.get(row.by, row.by)}{version}",
        f"To {', '.join(row.recipients)}, {about(row, kinds)}. {row.description}.",
        f"Basis: {BASES.get(row.basis, row.basis)}.",
    )


def log_lines(rows: Sequence[PrivilegeRow], until: int) -> tuple[str, ...]:
    """The privilege log to read on a screen."""
    if not rows:
        return (f"Nothing is withheld as privileged up to #{until}.", "", LABEL)
    lines = [f"Complete up to #{until}. Described without revealing it: Fed. R. Civ. P. 26(b)(5)(A).", LABEL, ""]
    for row in rows:
        lines += [
            f"#{row.position} {row.date} · {row.author_name}",
            f"   to {', '.join(row.recipients) or 'nobody named'}: {row.description}",
            f"   {row.ground}",
        ]
    return tuple(lines)


def named(rows: Sequence[AdviceRow], position: int) -> UUID | None:
    """The advice that was recorded with that event number."""
    return next((row.id for row in rows if row.position == position), None)
