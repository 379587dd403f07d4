"""The privilege log: what is withheld, told without being revealed (Fed. R. Civ. P. 26(b)(5)(A)).

Each entry of counsel's advice is withheld, and each comment of counsel on a draft, unless counsel decides otherwise.
That an entry stands here makes nothing privileged; whether it is, is for a court to say.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from incident.advice import BASES, NOT_A_PROMISE
from incident.events import (
    AdviceCorrected,
    AdviceGiven,
    ChangesRequested,
    Entry,
    Event,
    MarkupDecided,
    NoticeDrafted,
    NoticeRejected,
    NoticeRevised,
    ReviewSent,
)
from incident.evidence.paper import Paper, Section
from incident.evidence.table import csv_table
from incident.views.queries import Queries, UserRow

_COMMENT = "attorney-client privilege: counsel's comment on a draft"
_DRAFT = "attorney-client privilege: a draft sent to counsel for legal advice"


class PrivilegeRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line: `author` is a user, `author_name` who that is, `date` the civil day on which it was given."""

    position: int
    stream: UUID
    version: int
    date: date
    author: str
    author_name: str
    recipients: tuple[str, ...]
    description: str
    ground: str


def privilege(event: Event) -> str:
    """Why an event is withheld unless counsel decides otherwise; empty for what is not privileged."""
    match event:
        case AdviceGiven() | AdviceCorrected():
            # A basis that this program does not know is claimed in its own words rather than dropped.
            return f"{BASES.get(event.basis, event.basis)}: advice of counsel"
        case ChangesRequested() | MarkupDecided() | NoticeRejected():
            return _COMMENT
        case ReviewSent():
            return _DRAFT
        case _:
            return ""


def privilege_log(
    queries: Queries, entries: Iterable[tuple[int, Entry]], incident_id: UUID, zone: ZoneInfo
) -> tuple[PrivilegeRow, ...]:
    """The lines of one incident as of the reads; `entries` are those of the whole log.

    Raises:
        NotFound: there is no such incident.
    """
    queries.incident(incident_id)
    ours = {row.position for row in queries.timeline(incident_id)}
    known = [(position, entry) for position, entry in entries if position <= queries.position]
    grounds = {position: privilege(entry.event) for position, entry in known if position in ours}
    named = called(queries.users())
    return privilege_rows(known, {position: ground for position, ground in grounds.items() if ground}, named, zone)


def called(users: Iterable[UserRow]) -> dict[str, str]:
    """What users are called, by user: "Priya Natarajan, counsel"."""
    return {user.user: f"{user.name}, {user.role.replace('_', ' ')}" for user in users}


def privilege_rows(
    entries: Iterable[tuple[int, Entry]], grounds: Mapping[int, str], names: Mapping[str, str], zone: ZoneInfo
) -> tuple[PrivilegeRow, ...]:
    """The lines for the entries that have a ground, in the order of the log.

    `entries` are all of the log, with their positions: who drafted a notice received the comments on it. `names` are
    the users by what they are called.
    """
    drafters: dict[UUID, dict[str, None]] = {}
    kinds: dict[str, str] = {}
    given: dict[UUID, AdviceGiven] = {}
    rows = []
    for position, entry in entries:
        event, stream = entry.event, entry.originator_id
        match event:
            case NoticeDrafted():
                kinds[str(stream)] = event.kind
                drafters[stream] = {entry.by: None}
            case NoticeRevised():
                drafters.setdefault(stream, {})[entry.by] = None
            case AdviceGiven():
                given[stream] = event
        if position not in grounds:
            continue
        recipients: Sequence[str] = ()
        if isinstance(event, AdviceGiven | AdviceCorrected):
            recipients = event.recipients
        elif isinstance(event, ReviewSent):
            recipients = (event.counsel,)
        elif isinstance(event, ChangesRequested | MarkupDecided | NoticeRejected):
            recipients = [names.get(user, user) for user in drafters.get(stream, ())]
        rows.append(
            PrivilegeRow(
                position=position,
                stream=stream,
                version=entry.originator_version,
                date=entry.occurred_at.astimezone(zone).date(),
                author=entry.by,
                author_name=names.get(entry.by, entry.by),
                recipients=tuple(recipients),
                description=_described(event, given.get(stream), kinds),
                ground=grounds[position],
            )
        )
    return tuple(rows)


def subject_words(subject: str, kinds: Mapping[str, str]) -> str:
    """What advice is about: "on the notice individual letter", "on the duty us.hipaa.hhs", "on entry #57", or nothing.

    `kinds` are those of the notices, by their id.
    """
    kind, _, name = subject.partition(":")
    match kind:
        case "notice":
            return f"on the notice {kinds.get(name, name).replace('_', ' ')}"
        case "duty":
            return f"on the duty {name}"
        case "entry":
            return f"on entry #{name}"
        case _:
            return ""


def privilege_csv(rows: Sequence[PrivilegeRow]) -> bytes:
    """The log as a table for a spreadsheet, in which no cell is taken for a formula (UTF-8 with a byte order mark)."""
    return csv_table(PrivilegeRow.__struct_fields__, (_cells(row).values() for row in rows))


def privilege_paper(title: str, rows: Sequence[PrivilegeRow], until: int) -> Paper:
    """The log to read and to print. `until` is the event number up to which it is complete."""
    lines = (
        f"Complete up to entry #{until} of the log. #n is the place of an entry in it.",
        "Described without revealing what was said: Fed. R. Civ. P. 26(b)(5)(A).",
        NOT_A_PROMISE,
    )
    table = tuple(
        (
            f"#{row.position}",
            row.date.isoformat(),
            row.author_name,
            ", ".join(row.recipients),
            row.description,
            row.ground,
        )
        for row in rows
    )
    headings = ("#", "Date", "Author", "Recipients", "Description", "Ground")
    return Paper(title=title, sections=(Section(lines=lines, headings=headings, rows=table),))


def _described(event: Event, given: AdviceGiven | None, kinds: Mapping[str, str]) -> str:
    match event:
        case ChangesRequested() | NoticeRejected():
            return "Comment of counsel on the draft of a notice"
        case ReviewSent():
            return "Draft of a notice, with facts and duties, sent to counsel for review"
        case MarkupDecided():
            return "Counsel's changes to the draft of a notice, in a file for review"
        case AdviceGiven() | AdviceCorrected():
            about = subject_words(given.subject, kinds) if given is not None else ""
            corrects = f"corrects version {event.corrects}" if isinstance(event, AdviceCorrected) else ""
            return ", ".join(part for part in (event.description, about, corrects) if part)
        case _:
            return f"Entry of the kind {event.TOPIC.partition('.')[2].replace('_', ' ')}"


def _cells(row: PrivilegeRow) -> dict[str, str]:
    cells = {name: str(getattr(row, name)) for name in row.__struct_fields__}
    return cells | {"stream": row.stream.hex, "recipients": "; ".join(row.recipients)}
