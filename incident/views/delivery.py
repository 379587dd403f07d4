"""What went out and what stands, as of the position of some queries: folded from the entries that are kept whole."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import msgspec

from incident import posting as postings
from incident.events import (
    LettersRemailed,
    NoticeDispatched,
    NoticeRendered,
    PostingBegun,
    PostingEnded,
    RemailPrinted,
)
from incident.posting import Posting, Watch
from incident.views.queries import NoticeRow, Queries

LETTERS = frozenset({"individual_letter"})
_FORMS = {"web_posting": "web", "media": "media"}
"""Ways of sending a substitute notice that leave something standing -> the form of its posting."""


class BatchRow(msgspec.Struct, frozen=True, kw_only=True):
    """One batch that went out. `again` for letters printed anew for newer addresses."""

    position: int
    on: date
    method: str
    count: int
    letters: tuple[tuple[int, int], ...]
    carrier: str
    certificate: str
    proof_name: str
    proof_sha256: str | None
    again: bool = False


class NoticeDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A notice that was rendered: rendered = sent + unsent.

    `remail_waiting` counts letters that were printed anew and did not go out yet.
    """

    notice: NoticeRow
    rendered: int
    sent: int
    unsent: int
    batches: tuple[BatchRow, ...]
    remail_waiting: int
    manifest_sha256: str | None

    @property
    def partly(self) -> bool:
        """Whether some went out and some did not."""
        return bool(self.sent and self.unsent)


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about delivery in one incident. `watches` are the postings and numbers that have to stay."""

    notices: tuple[NoticeDelivery, ...]
    postings: tuple[Posting, ...]
    watches: tuple[Watch, ...]
    warnings: tuple[str, ...]


def delivery_of(queries: Queries, incident_id: UUID) -> Delivery:
    """How delivery stands in an incident."""
    found = postings_of(queries, incident_id)
    notices = tuple(each for row in queries.notices(incident_id) if (each := _notice(queries, row)) is not None)
    return Delivery(
        notices=notices,
        postings=found,
        watches=tuple(watch for each in found for watch in postings.watches(each)),
        warnings=(*_unwatched(notices, found), *postings.warnings(found)),
    )


def _unwatched(notices: Iterable[NoticeDelivery], found: Iterable[Posting]) -> Iterable[str]:
    """Substitute notices that were recorded as posted, and of which nobody said where they stand."""
    forms = {each.begun.form for each in found if each.begun is not None}
    for notice in notices:
        for batch in notice.batches:
            form = _FORMS.get(batch.method)
            if notice.notice.kind == "substitute_notice" and form is not None and form not in forms:
                yield (
                    f"substitute notice of {batch.on} by {batch.method.replace('_', ' ')}: record where it stands, and "
                    "its toll-free number, so that its time is watched (o under Delivery)"
                )


def postings_of(queries: Queries, incident_id: UUID) -> tuple[Posting, ...]:
    """The substitute notices of an incident, oldest first."""
    streams = queries.kept.streams(incident_id, PostingBegun, PostingEnded)
    return tuple(postings.replay(stream, (each.entry for each in kept)) for stream, kept in streams.items())


def delivery_lines(found: Delivery, today: date) -> tuple[str, ...]:
    """What a board and a brief say of delivery: what is sent in part, and until when something has to stay."""
    lines = [
        f"{each.notice.kind.replace('_', ' ')} PARTLY SENT: {each.rendered:,} = {each.sent:,} sent + "
        f"{each.unsent:,} not yet"
        for each in found.notices
        if each.partly
    ]
    lines += [
        f"{each.remail_waiting:,} letters printed anew wait to be mailed"
        for each in found.notices
        if each.remail_waiting
    ]
    lines += [
        f"{'Number' if each.what == 'phone' else 'Posting'} {each.place}: {each.state(today)}"
        for each in _open(found.watches)
    ]
    return (*lines, *(f"! {line}" for line in found.warnings))


def _open(watches: Iterable[Watch]) -> Iterable[Watch]:
    return (each for each in watches if each.ended is None)


def _notice(queries: Queries, row: NoticeRow) -> NoticeDelivery | None:
    rendered: NoticeRendered | None = None
    batches: list[BatchRow] = []
    waiting = 0
    for position, entry in queries.kept.of(
        row.incident, NoticeRendered, NoticeDispatched, RemailPrinted, LettersRemailed
    ):
        if entry.originator_id != row.id:
            continue
        match entry.event:
            case NoticeRendered() as rendered:
                batches = []
            case NoticeDispatched() as event:
                batches.append(_batch(position, event, event.count, event.letters))
            case RemailPrinted(people=people):
                waiting = len(people)
            case LettersRemailed(people=people) as event:
                waiting = 0
                batches.append(_batch(position, event, len(people), (), again=True))
    if rendered is None or row.documents is None:
        return None
    sent = sum(each.count for each in batches if not each.again)
    manifest = next((file.sha256 for file in rendered.files if file.name == "manifest.json"), None)
    return NoticeDelivery(
        notice=row,
        rendered=rendered.documents,
        sent=sent,
        unsent=max(0, rendered.documents - sent),
        batches=tuple(batches),
        remail_waiting=waiting,
        manifest_sha256=manifest,
    )


def _batch(
    position: int,
    event: NoticeDispatched | LettersRemailed,
    count: int,
    letters: tuple[tuple[int, int], ...],
    *,
    again: bool = False,
) -> BatchRow:
    return BatchRow(
        position=position, on=event.on, method=event.method, count=count, letters=letters, carrier=event.carrier,
        certificate=event.certificate, proof_name=event.proof_name, proof_sha256=event.proof_sha256, again=again,
    )  # fmt: skip
