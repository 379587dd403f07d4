"""A past rendering once more: the recorded words, on the facts of then, compared with the hashes in the log.

Where the files come out the same byte for byte, the record proves itself. Where they do not, it is said what has
changed since: rules, templates, libraries, the engine, or a row of the list. The stored file is the record then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, time
from typing import TYPE_CHECKING, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from incident.errors import CaseUnusable, NotFound, Refusal
from incident.past import PastRecord
from incident.views.queries import LetterRow, Queries
from notices.bulk import addressed_batches
from notices.context import LetterContext, Recipient
from notices.desk import DocumentDesk, Preview
from notices.emails import email_manifest
from notices.engines import engine
from notices.engines.base import PdfEngine
from notices.errors import NoticeError
from notices.manifest import MANIFEST, FileRecord, is_list, read_manifest, segments
from notices.papers.electronic import EmailContext
from notices.printer import Printer
from notices.production import ProductionCancelled, produce_report, recipient_of
from notices.workshop import made_with, templates_sha256

if TYPE_CHECKING:
    from incident.service import Service

_RENDERED = "notice.rendered"
_ROWS = ("row", "into", "out_of")
"""Fields of entries of a list that name a row of it."""


class FileAgain(msgspec.Struct, frozen=True, kw_only=True):
    """One file: its hash in the log, the hash it has when made again (None: it cannot be), and what differs."""

    name: str
    recorded: str
    again: str | None
    why: tuple[str, ...] = ()

    @property
    def identical(self) -> bool:
        """Whether it came out the same, byte for byte."""
        return self.recorded == self.again


class Rerendering(msgspec.Struct, frozen=True, kw_only=True):
    """What came of making a rendering again; `position` is its event number, `of` how many files it has.

    `changed` says what is not as it was then, whether it made a difference or not; `stored` names files of the record
    that cannot be read any more.
    """

    notice: UUID
    position: int
    rendered_at: datetime
    engine: str
    files: tuple[FileAgain, ...]
    of: int
    changed: tuple[str, ...]
    stored: tuple[str, ...]

    @property
    def identical(self) -> bool:
        """Whether every file that was made again is the recorded one, byte for byte."""
        return bool(self.files) and not self.stored and all(file.identical for file in self.files)


class RerenderProgress(msgspec.Struct, frozen=True):
    """How many files were made again, of how many."""

    files: int
    of: int


def rerender(
    service: Service,
    notice_id: UUID,
    *,
    until: Queries | None = None,
    sample: int | None = None,
    progress: Callable[[RerenderProgress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Rerendering:
    """Make the last rendering of a notice again (the last up to `until`), and compare; nothing is kept or recorded.

    `sample` is how many files of letters to make, spread over all; None makes every one. One file is held at a time.

    Raises:
        NotFound: it was not rendered by then.
        ProductionCancelled: `cancelled` said so.
    """
    then = _Then(service, notice_id, until or service.queries)
    stored = then.stored_faults()
    changed, press = then.changed()
    files: list[FileAgain] = []
    wanted = then.wanted(sample)
    for file in then.again(press, wanted, changed):
        files.append(file)
        if cancelled is not None and cancelled():
            raise ProductionCancelled("stopped; nothing was compared")
        if progress is not None:
            progress(RerenderProgress(len(files), len(wanted)))
    return Rerendering(
        notice=notice_id,
        position=then.position,
        rendered_at=then.rendered_at,
        engine=then.event.engine,
        files=tuple(files),
        of=len(then.made),
        changed=tuple(changed),
        stored=stored,
    )


class _Then:
    """A rendering of the past, and the record as it stood."""

    def __init__(self, service: Service, notice_id: UUID, until: Queries) -> None:
        self._service = service
        self._incident = until.notice(notice_id).incident
        rows = [row for row in until.timeline(self._incident) if row.stream == notice_id and row.topic == _RENDERED]
        if not rows:
            raise NotFound(f"notice {str(notice_id)[:8]}: nothing was rendered as of #{until.position}")
        self.rendered_at, self.position = rows[-1].recorded_at, rows[-1].position
        queries = service.as_of(self.position)
        self._state = PastRecord(service.desk.log, queries, self.rendered_at, service.blobs).notice(notice_id)
        assert self._state.rendered is not None
        self.event = self._state.rendered
        self.made = tuple(file for file in self.event.files if not is_list(file.name))
        self._past = PastRecord(service.desk.log, queries, self._moment(queries), service.blobs)

    def _moment(self, queries: Queries) -> datetime:
        """The moment of the rendering; where midnight came between, one of the day that the documents bear."""
        told, zone = self.event.circumstances, queries.facts(self._incident).get("organization.time_zone")
        here = ZoneInfo(zone.value) if zone is not None and zone.value else ZoneInfo("UTC")
        moment = self.rendered_at.astimezone(here)
        if told is None or told.dated is None or told.dated == moment.date() or told.dated > moment.date():
            return moment
        return datetime.combine(told.dated, time(23, 59), here)

    def stored_faults(self) -> tuple[str, ...]:
        """What is wrong with the files of the record themselves."""
        faults = []
        for file in self.event.files:
            try:
                self._service.blobs.get(file.sha256)
            except (NotFound, CaseUnusable) as error:
                faults.append(f"{file.name}: {error}")
        return tuple(faults)

    def changed(self) -> tuple[list[str], PdfEngine | None]:
        """What is not as it was, and the engine of then, where there is one."""
        told, approval, found = self.event.circumstances, self._state.approval, list[str]()
        rulebook = told.rulebook_hash if told is not None else approval.rulebook_hash if approval is not None else ""
        if rulebook and rulebook != self._service.queries.rulebook.hash:
            found.append(f"the rulebook: it was {rulebook[:12]}…")
        if told is None or not told.templates_sha256:
            found.append("what is not known: templates and libraries of then were not recorded yet")
        else:
            if told.templates_sha256 != templates_sha256():
                found.append(f"templates, style sheets or fonts: they were {told.templates_sha256[:12]}…")
            now = made_with()
            found += [f"{was}: now {_like(was, now)}" for was in told.made_with if was not in now]
        name, _, version = self.event.engine.partition(" ")
        try:
            press = engine(name)
        except Refusal as refusal:
            return [*found, f"the engine {self.event.engine}: {refusal}"], None
        if press.version != version:
            found.append(f"the engine {self.event.engine}: now {press.name} {press.version}")
        return found, press

    def wanted(self, sample: int | None) -> tuple[FileRecord, ...]:
        """The files to make again, with the letters in each, as the manifest tells."""
        listed = next((file for file in self.event.files if file.name == MANIFEST), None)
        files: Sequence[FileRecord] = [
            FileRecord(name=file.name, sha256=file.sha256, size=file.size, pages=0) for file in self.made
        ]
        if listed is not None:
            # One that cannot be read is said among the stored faults; without it no letter can be made.
            with suppress(NotFound, CaseUnusable, msgspec.MsgspecError):
                get = self._service.blobs.get
                manifest = read_manifest(get, listed.sha256)
                files = [file for segment in segments(manifest, get) for file in segment.files]
        if sample is None or sample >= len(files):
            return tuple(files)
        last = len(files) - 1
        return tuple(files[round(at * last / max(sample - 1, 1))] for at in range(max(sample, 1)))

    def again(self, press: PdfEngine | None, wanted: Sequence[FileRecord], changed: list[str]) -> Iterator[FileAgain]:
        """Each file made again; what keeps them all from being made is added to `changed`."""
        look = self._look(changed)
        if look is None or press is None:
            yield from (FileAgain(name=file.name, recorded=file.sha256, again=None) for file in wanted)
        elif isinstance(look.context, LetterContext):
            yield from self._letters(look.context, press, wanted)
        else:
            documents = (checked.document for checked in look.documents)
            made = produce_report(look.kind.name, look.content_sha256, documents, press, _sha256)
            if isinstance(look.context, EmailContext) and look.context.letter.notice_date is not None:
                people = self._service.rosters.letters(self._incident, look.context.letter.notice_date)
                made = email_manifest(look.context, made, people, _sha256)
            hashes = {file.name: file.sha256 for file in made.files}
            yield from (FileAgain(name=file.name, recorded=file.sha256, again=hashes.get(file.name)) for file in wanted)

    def _look(self, changed: list[str]) -> Preview | None:
        exercise = self._past.queries.case().exercise_of is not None
        desk = DocumentDesk(cast("Service", self._past), exercise=exercise)  # it reads only
        try:
            look = desk.look(self._incident, self._state.kind, self._state.fields)
        except (NoticeError, Refusal, KeyError) as error:
            changed.append(f"the form: this version cannot write the notice from its words ({error})")
            return None
        if look.content_sha256 != self.event.content_sha256:
            changed.append(
                f"the text: it was {self.event.content_sha256[:12]}…, written now it is {look.content_sha256[:12]}…"
            )
        return look

    def _letters(self, context: LetterContext, press: PdfEngine, wanted: Sequence[FileRecord]) -> Iterator[FileAgain]:
        assert context.notice_date is not None
        printer, languages = Printer(context, press), {variant.language for variant in context.variants}
        since = self._changed_rows()
        people = self._service.rosters.letters(self._incident, context.notice_date)
        for file, rows in _by_file(wanted, people):
            why = tuple(
                f"{letter.code}: {since[letter.code]}" for letter in file.letters if letter.code in since
            ) + tuple(
                f"{letter.code}: not among those who get a letter any more"
                for letter in file.letters
                if letter.code not in {row.code for row in rows} and letter.code not in since
            )
            recipients = [found for row in rows if isinstance(found := recipient_of(row, languages), Recipient)]
            again = None
            try:
                for letters in addressed_batches(context, recipients, max(len(recipients), 1)):
                    if isinstance(letters, list):
                        again = printer.file(letters).sha256
            except NoticeError as error:
                why += error.faults
            yield FileAgain(name=file.name, recorded=file.sha256, again=again, why=() if again == file.sha256 else why)

    def _changed_rows(self) -> dict[str, str]:
        """Reference of a letter -> what was recorded of its row since."""
        reference = self._service.queries.incident(self._incident).reference
        found: dict[str, str] = {}
        for number, roster in enumerate(self._service.queries.rosters(self._incident), start=1):
            for entry in self._past.changes_since(roster.id):
                what = entry.event.TOPIC.partition(".")[2].replace("_", " ")
                words = f"{what} by {entry.by}, {entry.recorded_at:%Y-%m-%d}"
                for row in {getattr(entry.event, name, None) for name in _ROWS} - {None}:
                    found[f"{reference}-{number}-{row:06}"] = words
        return found


def _by_file(wanted: Sequence[FileRecord], people: Iterable[LetterRow]) -> Iterator[tuple[FileRecord, list[LetterRow]]]:
    """The people of each file, both in the order of the lists; one file is held at a time."""
    place = {letter.code: at for at, file in enumerate(wanted) for letter in file.letters}
    at, rows = 0, list[LetterRow]()
    for person in people:
        where = place.get(person.code)
        if where is None:
            continue
        while where > at:
            yield wanted[at], rows
            at, rows = at + 1, []
        rows.append(person)
    while at < len(wanted):
        yield wanted[at], rows
        at, rows = at + 1, []


def _like(was: str, now: Sequence[str]) -> str:
    name = was.partition(" ")[0]
    return next((each for each in now if each.partition(" ")[0] == name), "not used")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
