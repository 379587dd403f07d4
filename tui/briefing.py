"""The situation brief and the calendar of deadlines, as the screens and the command line make and write them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from incident.errors import InvalidInput
from incident.evidence.brief import Brief, as_paper
from incident.evidence.paper import to_html, to_text
from incident.files import write_durably
from incident.views.delivery import delivery_of
from incident.views.queries import Queries

if TYPE_CHECKING:
    from notices.reminders import Reminders

NOT_IN_IT = "Not in the calendar, for the law sets no day:"
_DISCOVERED = "incident.discovered_at"


def calendar_of(queries: Queries, incident_id: UUID, now: datetime, zone: ZoneInfo) -> Reminders:
    """The deadlines of an incident as a calendar.

    Raises:
        InvalidInput: nothing can be counted yet; the faults say which fact is needed.
    """
    from notices.reminders import reminders  # noqa: PLC0415 - the calendar library loads when it is needed

    board = queries.board(incident_id, now)
    if board.assessment is None:
        raise InvalidInput(*board.problems)
    discovered = datetime.fromisoformat(queries.facts(incident_id)[_DISCOVERED].value)
    return reminders(
        board.incident,
        board.assessment,
        began_on=discovered.astimezone(zone).date(),
        zone=zone,
        now=now,
        position=queries.position,
        exercise=queries.case().exercise_of is not None,
        watches=delivery_of(queries, incident_id).watches,
    )


def calendar_words(found: Reminders, path: Path) -> tuple[str, ...]:
    """What was written, and what a calendar cannot hold."""
    days = f"{found.dated} date{'' if found.dated == 1 else 's'}"
    lines = [f"{path}: {days}, with alarms at 50, 80 and 95 % of each period"]
    if found.undated:
        lines += [NOT_IN_IT, *(f"  {duty}" for duty in found.undated)]
    return tuple(lines)


def brief_text(brief: Brief) -> str:
    """The page in lines."""
    return to_text(as_paper(brief))


def brief_file(brief: Brief, name: str, engine_name: str | None = None) -> bytes:
    """The page in the form that the ending of a file's name asks for.

    Raises:
        InvalidInput: it is neither .pdf nor .txt nor .json.
    """
    match Path(name).suffix.lower():
        case ".pdf":
            from notices.engines import DEFAULT, engine  # noqa: PLC0415 - an engine loads when it is needed

            return engine(engine_name or DEFAULT).render(to_html(as_paper(brief)))
        case ".txt":
            return brief_text(brief).encode()
        case ".json":
            return msgspec.json.format(msgspec.json.encode(brief), indent=2)
        case _:
            raise InvalidInput("file: the name ends in .pdf, .txt or .json")


def write_new(path: Path, content: bytes) -> Path:
    """Write a file that is not there yet; answers with its whole path.

    Raises:
        InvalidInput: there is something of that name.
        CaseUnusable: it cannot be written.
    """
    path = path.expanduser()
    if path.exists():
        raise InvalidInput(f"file: {path} is there already")
    write_durably(path, content)
    return path.absolute()
