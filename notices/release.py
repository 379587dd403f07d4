"""Letters and documents on their way out: looked at, rendered, a sample read and signed, the files handed out.

Whether they may leave the service decides, from the hash of the text as it stands now and from the sample.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from incident.unfinished import Unfinished
from notices.context import CaliforniaAgContext, DocumentContext, LetterContext
from notices.emails import email_manifest
from notices.engines import DEFAULT, engine
from notices.errors import NoticeError
from notices.journal import CaseJournal
from notices.manifest import MANIFEST, Manifest, encoded, kept_files
from notices.outliers import Outlier, Preflight, lay_out, preflight
from notices.papers.electronic import EmailContext
from notices.production import Keep, ProductionProgress, produce_letters, produce_report
from notices.published import without_people
from notices.sample import Sample, drawn_sample, sample_sheet
from notices.workshop import made_with, templates_sha256

if TYPE_CHECKING:
    from incident.service import Receipt, Service
    from notices.desk import Preview


class Release:
    """What a document desk does with the letters of a notice once their words stand."""

    _service: Service

    def preview(self, notice_id: UUID) -> Preview:
        """A recorded notice as it would leave now."""
        raise NotImplementedError

    def preflight(self, notice_id: UUID, *, progress: Callable[[int], None] | None = None) -> Preflight:
        """What printing the letters would make now, and the rows that a person should look at.

        Raises:
            NoticeError: it is no letter to people, or nobody is there to write to.
        """
        context, incident_id = self._letters_of(notice_id)
        assert context.notice_date is not None
        people = self._service.rosters.letters(incident_id, context.notice_date)
        found = preflight(context, people, engine(DEFAULT), progress=progress)
        if not found.rows:
            raise NoticeError("people: no roster was imported for this incident, so there is nobody to write to")
        return found

    def outlier_sheet(self, notice_id: UUID, letters: Sequence[Outlier]) -> bytes:
        """Letters of a preflight as one PDF, each proved against its row."""
        return lay_out(self._letters_of(notice_id)[0], engine(DEFAULT), letters)

    def _letters_of(self, notice_id: UUID) -> tuple[LetterContext, UUID]:
        state = self._service.desk.notice(notice_id)
        assert state.incident_id is not None
        context = self.preview(notice_id).context
        if not isinstance(context, LetterContext):
            raise NoticeError("preflight is for letters to people; this notice names nobody")
        return context, state.incident_id

    def render(
        self,
        notice_id: UUID,
        engine_name: str = DEFAULT,
        *,
        anew: bool = False,
        progress: Callable[[ProductionProgress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> tuple[Manifest, Receipt]:
        """Make the documents of an approved notice, keep them encrypted, and record their hashes.

        Letters that a run before this has finished are not made again, where nothing that they are made of has changed;
        `anew` forgets that run first.

        Raises:
            NoticeError: it may not leave now (the message says why), or a letter differs from its row.
            EngineError: the engine is missing or failed.
            NotAllowed: it is not for the person at work to release a notice.
        """
        self._service.require("notice.rendered")  # before a document is made and kept
        state = self._service.desk.notice(notice_id)
        assert state.incident_id is not None
        look = self.preview(notice_id)
        problems = self._service.notices.approval_problems(notice_id, look.content_sha256)
        if problems:
            raise NoticeError("nothing may be rendered for release: " + "; ".join(problems))
        press = engine(engine_name)
        keep: Keep = self._service.blobs.put
        if isinstance(look.context, LetterContext):
            assert look.context.notice_date is not None
            people = self._service.rosters.letters(state.incident_id, look.context.notice_date)
            renderings = self._service.renderings
            if anew and renderings.unfinished(notice_id) is not None:
                renderings.drop(notice_id)
            begun = renderings.begin(notice_id, f"{press.name} {press.version}")
            manifest = produce_letters(
                look.context,
                look.content_sha256,
                people,
                press,
                keep,
                journal=CaseJournal(begun, self._service.blobs, renderings.note),
                progress=progress,
                cancelled=cancelled,
            )
        elif isinstance(look.context, EmailContext):
            assert look.context.letter.notice_date is not None
            documents = (checked.document for checked in look.documents)
            manifest = email_manifest(
                look.context,
                produce_report(look.kind.name, look.content_sha256, documents, press, keep),
                self._service.rosters.letters(state.incident_id, look.context.letter.notice_date),
                keep,
                progress=progress,
                cancelled=cancelled,
            )
        else:
            documents = (checked.document for checked in look.documents)
            kept = keep
            if isinstance(look.context, CaliforniaAgContext):
                kept = without_people(keep, self._service, state.incident_id, look.context.organization)
            manifest = produce_report(look.kind.name, look.content_sha256, documents, press, kept)
        told = encoded(manifest)
        receipt = self._service.notices.record_rendering(
            notice_id,
            content_sha256=look.content_sha256,
            engine=manifest.engine,
            rows=manifest.rows,
            documents=manifest.documents,
            excluded=manifest.left_out or {},
            files=[*kept_files(manifest, self._service.blobs.get), (MANIFEST, keep(told), len(told))],
            dated=dated_on(look.context),
            templates_sha256=templates_sha256(),
            made_with=made_with(),
        )
        if self._service.renderings.unfinished(notice_id) is not None:
            self._service.renderings.drop(notice_id)
        return manifest, receipt

    def unfinished(self, notice_id: UUID) -> Unfinished | None:
        """A rendering that was stopped or broke off once it had kept anything; `render` goes on from it."""
        found = self._service.renderings.unfinished(notice_id)
        return found if found is not None and (found.parts or found.loose) else None

    def drop_unfinished(self, notice_id: UUID) -> int:
        """Forget it and take its files away; how many.

        Raises:
            NotFound: no rendering was stopped.
        """
        return self._service.renderings.drop(notice_id)

    def export(self, notice_id: UUID, folder: Path) -> tuple[Path, ...]:
        """Write the rendered files of a notice, decrypted, into a folder; they leave the protection of the case.

        Raises:
            NoticeError: nothing was rendered, a sample of the letters was not signed, or a file of another content is
                there already.
            NotAllowed: the person at work may not record that they left.
        """
        self._service.require("incident.action_logged")
        rendered = self._service.desk.notice(notice_id).rendered
        if rendered is None:
            raise NoticeError("nothing was rendered yet")
        if unread := self._service.notices.sample_problems(notice_id):
            raise NoticeError("nothing may leave: " + "; ".join(unread))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        written = []
        for file in rendered.files:
            path, content = folder / file.name, self._service.blobs.get(file.sha256)
            if path.exists() and path.read_bytes() != content:
                raise NoticeError(f"{path.name}: a file of that name and other content is in the folder already")
            # They name people: nobody else on this machine may read them.
            path.touch(mode=0o600)
            path.write_bytes(content)
            written.append(path)
        return tuple(written)

    def sample(self, notice_id: UUID) -> Sample:
        """The random sample of the letters of the last rendering, to be read.

        Raises:
            NoticeError: there are no letters.
            NotFound, CaseUnusable: a file of the rendering is missing or was altered.
        """
        return drawn_sample(self._service.blobs.get, self._manifest_of(notice_id))

    def sample_sheet(self, notice_id: UUID) -> bytes:
        """The sample as one PDF."""
        sample = self.sample(notice_id)
        return sample_sheet(self._service.blobs.get, sample.manifest_sha256, sample.codes)

    def sign_sample(self, notice_id: UUID, manifest_sha256: str) -> Receipt:
        """Sign that the letters of the sample, as drawn from this manifest, were read and are right."""
        self._service.require("notice.sample_signed")
        return self._service.notices.sign_sample(notice_id, manifest_sha256, self._codes(manifest_sha256))

    def refuse_sample(
        self, notice_id: UUID, manifest_sha256: str, *, reason: str, faulty: Sequence[str] = ()
    ) -> Receipt:
        """Say what is wrong with letters of the sample: nothing of the rendering may leave."""
        self._service.require("notice.sample_refused")
        codes = self._codes(manifest_sha256)
        return self._service.notices.refuse_sample(notice_id, manifest_sha256, codes, reason=reason, faulty=faulty)

    def _codes(self, manifest_sha256: str) -> tuple[str, ...]:
        return drawn_sample(self._service.blobs.get, manifest_sha256).codes

    def _manifest_of(self, notice_id: UUID) -> str:
        rendered = self._service.desk.notice(notice_id).rendered
        listed = [file.sha256 for file in rendered.files if file.name == MANIFEST] if rendered is not None else []
        if not listed:
            raise NoticeError("nothing was rendered yet")
        return listed[-1]


def dated_on(context: DocumentContext) -> date | None:
    """The day that a document bears as the day it is given; None where it bears none."""
    match context:
        case (
            LetterContext(notice_date=day)
            | CaliforniaAgContext(sample=LetterContext(notice_date=day))
            | EmailContext(letter=LetterContext(notice_date=day))
        ):
            return day
        case _:
            return None
