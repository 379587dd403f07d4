"""Every rendering of the letters of an incident and what went out of it, as of the position of some queries.

Whether there is a letter to one person in it, the manifest of the rendering tells (`notices.mailed`).
"""

from datetime import date, datetime
from uuid import UUID

import msgspec

from incident.events import (
    CallLogged,
    Event,
    LettersRemailed,
    NoticeDispatched,
    NoticeRendered,
    RemailPrinted,
    RowLinked,
    RowUnlinked,
)
from incident.sample import MANIFEST
from incident.views.delivery import LETTERS
from incident.views.queries import NoticeRow, Queries, TimelineRow


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """A batch that went out; `remaining` letters had not gone out after it.

    `letters` are runs (first, last) in the order of the manifest, empty where only `count` is known.
    """

    position: int
    on: date
    method: str
    count: int
    remaining: int
    letters: tuple[tuple[int, int], ...] = ()


class Rendering(msgspec.Struct, frozen=True, kw_only=True):
    """Letters that were printed at one time; `again` for newer addresses.

    `manifest_sha256` is empty where there is no manifest.
    """

    notice: NoticeRow
    position: int
    at: datetime
    manifest_sha256: str
    again: bool
    sendings: tuple[Sending, ...] = ()


def renderings_of(queries: Queries, incident_id: UUID) -> tuple[Rendering, ...]:
    """The renderings of letters to individuals, oldest first."""
    notices = {row.id: row for row in queries.notices(incident_id) if row.kind in LETTERS}
    found: list[Rendering] = []
    for position, entry in queries.kept.of(
        incident_id, NoticeRendered, NoticeDispatched, RemailPrinted, LettersRemailed
    ):
        if entry.originator_id not in notices:
            continue
        match entry.event:
            case NoticeRendered(files=files) | RemailPrinted(files=files):
                manifest = next((file.sha256 for file in files if file.name == MANIFEST), "")
                again = isinstance(entry.event, RemailPrinted)
                found.append(
                    Rendering(
                        notice=notices[entry.originator_id], position=position, at=entry.recorded_at,
                        manifest_sha256=manifest, again=again,
                    )
                )  # fmt: skip
            case NoticeDispatched() as event:
                _sent(found, entry.originator_id, again=False, sending=Sending(
                    position=position, on=event.on, method=event.method, count=event.count, remaining=event.remaining,
                    letters=event.letters,
                ))  # fmt: skip
            case LettersRemailed() as event:
                _sent(found, entry.originator_id, again=True, sending=Sending(
                    position=position, on=event.on, method=event.method, count=len(event.people), remaining=0,
                ))  # fmt: skip
    return tuple(found)


def _sent(found: list[Rendering], notice: UUID, *, again: bool, sending: Sending) -> None:
    """Add a batch to the rendering that it is of: the newest of its notice."""
    for place in reversed(range(len(found))):
        if (found[place].notice.id, found[place].again) == (notice, again):
            found[place] = msgspec.structs.replace(found[place], sendings=(*found[place].sendings, sending))
            return


def person_entries(queries: Queries, roster_id: UUID, row: int) -> tuple[TimelineRow, ...]:
    """What the log has of one person: `Queries.person_history`, calls, and rows of other lists that are theirs."""
    history = queries.person_history(roster_id, row)
    incident = queries.roster(roster_id).incident
    others = {
        kept.position
        for kept in queries.kept.of(incident, CallLogged, RowLinked, RowUnlinked)
        if _about(kept.entry.event) == (roster_id, row)
    }
    if not others:
        return history
    told = (line for line in queries.timeline(incident, after=min(others) - 1) if line.position in others)
    return tuple(sorted((*history, *told), key=lambda line: line.position))


def _about(event: Event) -> tuple[UUID | None, int | None] | None:
    """The person of another stream whom an entry is about."""
    match event:
        case CallLogged():
            return event.roster, event.row
        case RowLinked() | RowUnlinked():
            return event.roster, event.other
        case _:
            return None
