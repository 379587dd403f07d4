"""Where a drafter works: from the record of an incident to a checked, approved, rendered notice.

The desk reads the record through its queries, writes the documents, checks their text, and tells the service what
was done. It never decides whether a notice may leave: the service does, from the hash of the text as it stands now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from incident.views.queries import Queries
from jurisdictions.content import ContentRequirement
from jurisdictions.facts import BreachFacts
from jurisdictions.obligations import Assessment, Status
from notices.catalog import KINDS, Kind, kind_named
from notices.cautions import cautions
from notices.context import CaliforniaAgContext, DocumentContext, LetterContext, Organization
from notices.defaults import default_fields
from notices.drafting import build_context, organization_from_contact, requirements_for
from notices.elements import ElementReport, check_text
from notices.errors import NoticeError
from notices.filings import covered_entities, delegated_duties, filed_for, words_of_filings
from notices.house import own_templates
from notices.paper import Document
from notices.papers import PAPERS
from notices.release import Release
from notices.service import compose
from notices.telling import TOLD
from notices.worksheet import is_initial

if TYPE_CHECKING:
    from incident.delivery import Batch
    from incident.service import Receipt, Service

_OWED = (Status.DUE, Status.ASAP, Status.WAITS, Status.OVERDUE, Status.NEEDS_FACT, Status.MET, Status.MET_LATE)


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """One document of a notice with what its text says and lacks."""

    document: Document
    report: ElementReport | None
    problems: tuple[str, ...]


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as it would leave now. `problems` bar its approval; `content_sha256` is what an approval binds to.

    `cautions` are what no check of the text can find: not verified, not modelled, grown old.
    """

    kind: Kind
    fields: dict[str, str]
    documents: tuple[Checked, ...]
    content_sha256: str
    problems: tuple[str, ...]
    cautions: tuple[str, ...]
    context: DocumentContext


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of notice with the duties of this incident that it fulfils."""

    kind: Kind
    obligations: tuple[str, ...]


class DocumentDesk(Release):
    """The notices of one open case."""

    def __init__(self, service: Service, *, exercise: bool = False) -> None:
        self._service = service
        self._exercise = exercise

    def suggestions(self, incident_id: UUID) -> tuple[Suggestion, ...]:
        """Every kind of notice, those that a duty of the incident asks for first."""
        found = [Suggestion(kind=kind, obligations=self._serves(incident_id, kind)) for kind in KINDS.values()]
        return tuple(sorted(found, key=lambda each: not each.obligations))

    def defaults(self, incident_id: UUID, kind: str) -> dict[str, str]:
        """The words a form starts with: from the record, and those that another notice of the incident has already."""
        start = self.start(incident_id, kind)
        return start | self._told_before(incident_id, kind) | words_of_filings(self._service, incident_id, kind)

    def start(self, incident_id: UUID, kind: str) -> dict[str, str]:
        """The default words of a kind on the facts of the record, whatever other notices say."""
        facts, organization, assessment = self._ground(incident_id)
        risk = self._service.desk.incident(incident_id).risk
        factors = [(each.factor, each.rating, each.reason) for each in risk.factors] if risk is not None else []
        return default_fields(kind, facts=facts, organization=organization, assessment=assessment, risk=factors)

    def _told_before(self, incident_id: UUID, kind: str) -> dict[str, str]:
        """What happened, what is being done and the like, in the words of the newest notice that tells it."""
        wanted = {field.name for field in kind_named(kind).fields} & {field.name for field in TOLD}
        found: dict[str, str] = {}
        for row in self._service.queries.notices(incident_id):
            if row.status not in {"withdrawn", "rejected"}:
                words = self._service.desk.notice(row.id).fields
                found |= {name: words[name] for name in wanted if words.get(name)}
        return found

    def look(self, incident_id: UUID, kind: str, fields: Mapping[str, str]) -> Preview:
        """The notice of these words on the facts of now, checked.

        Raises:
            NoticeError: with one `field: message` line per fault.
        """
        facts, requirements, context, today = self._written(incident_id, kind, fields)
        composed = compose(kind, context)
        documents = tuple(_checked(document, requirements, facts) for document in composed.documents)
        return Preview(
            kind=kind_named(kind),
            fields=dict(fields),
            documents=documents,
            content_sha256=composed.content_sha256,
            problems=tuple(dict.fromkeys(problem for document in documents for problem in document.problems)),
            cautions=cautions(kind, facts, self._service.queries.rulebook, today, context),
            context=context,
        )

    def wording(self, incident_id: UUID, kind: str, fields: Mapping[str, str]) -> tuple[str, ...]:
        """What the notice says and has to say, as hashes: the same where a change of facts makes no difference to it.

        Raises:
            NoticeError: it cannot be written.
        """
        _, requirements, context, _ = self._written(incident_id, kind, fields)
        return compose(kind, context).content_sha256, *sorted(f"{each.id} {each.required}" for each in requirements)

    def _written(
        self, incident_id: UUID, kind: str, fields: Mapping[str, str]
    ) -> tuple[BreachFacts, tuple[ContentRequirement, ...], DocumentContext, date]:
        """The facts, what the law wants said on them, what the templates print, and the day."""
        facts, organization, _ = self._ground(incident_id)
        requirements = requirements_for(kind, facts, self._service.queries.rulebook)
        context = build_context(
            kind,
            facts=facts,
            organization=organization,
            fields=fields,
            requirements=requirements,
            exercise=self._exercise,
            house=own_templates(self._service.templates.contents()),
            entities=covered_entities(self._service.queries, incident_id),
        )
        today = self._service.clock.now().astimezone(ZoneInfo(facts.organization.time_zone)).date()
        return facts, requirements, _dated(context, today), today

    def draft(self, incident_id: UUID, kind: str, fields: Mapping[str, str]) -> tuple[UUID, Receipt]:
        """Begin a notice; it serves every duty of the incident that its kind can fulfil."""
        look = self.look(incident_id, kind, fields)
        return self._service.notices.draft(
            incident_id, kind, self._serves(incident_id, look.kind), look.fields, look.content_sha256
        )

    def revise(self, notice_id: UUID, fields: Mapping[str, str]) -> Receipt:
        """Change its words."""
        state = self._service.desk.notice(notice_id)
        assert state.incident_id is not None
        look = self.look(state.incident_id, state.kind, fields)
        return self._service.notices.revise(notice_id, look.fields, look.content_sha256)

    def preview(self, notice_id: UUID) -> Preview:
        """A recorded notice as it would leave now."""
        state = self._service.desk.notice(notice_id)
        assert state.incident_id is not None
        return self.look(state.incident_id, state.kind, state.fields)

    def approve(self, notice_id: UUID) -> Receipt:
        """Approve it, as counsel; refused while an element is missing or forbidden words stand in it."""
        look = self.preview(notice_id)
        return self._service.notices.approve(notice_id, look.content_sha256, look.problems)

    def approval_problems(self, notice_id: UUID) -> tuple[str, ...]:
        """Why it may not leave now; empty where its approval covers it."""
        return self._service.notices.approval_problems(notice_id, self.preview(notice_id).content_sha256)

    def record_dispatch(
        self,
        notice_id: UUID,
        on: date,
        method: str,
        *,
        batch: Batch | None = None,
        proof: tuple[str, bytes] | None = None,
    ) -> Receipt:
        """Record that a batch of the rendered documents went out; without `batch`, all that had not.

        Raises:
            NoticeError: it may not go out by that method.
        """
        look = self.preview(notice_id)
        barred = PAPERS[look.kind.name].bars_sending(look.context, method) if look.kind.name in PAPERS else ""
        if barred:
            raise NoticeError(f"method: {barred}")
        return self._service.notices.record_dispatch(
            notice_id, look.content_sha256, on, method, batch=batch, proof=proof
        )

    def prepare_filing(
        self, notice_id: UUID, obligation_id: str, recipient: str, entity: int | None = None
    ) -> tuple[UUID, Receipt]:
        """Make a report ready from a notice, on behalf of the covered entities that it names.

        Raises:
            NoticeError: it does not name `entity`, the number of the one for which it is meant.
        """
        entities = filed_for(self.preview(notice_id).context)
        if entity is not None and entity not in entities:
            named = ", ".join(map(str, entities)) or "none"
            raise NoticeError(f"covered_entities: the report is for {named}, not for covered entity {entity}")
        return self._service.filings.prepare(notice_id, obligation_id, recipient, entities)

    def submit_filing(
        self,
        filing_id: UUID,
        *,
        on: date,
        channel: str,
        tracking: str | None = None,
        count: int | None = None,
        estimated: bool | None = None,
        receipt: bytes | None = None,
    ) -> Receipt:
        """Record that a report was filed from its approved document."""
        return self._service.filings.submit(
            filing_id,
            self._filed(filing_id).content_sha256,
            on=on,
            channel=channel,
            tracking=tracking,
            count=count,
            estimated=estimated,
            receipt=receipt,
        )

    def file_addendum(
        self,
        filing_id: UUID,
        *,
        on: date,
        channel: str | None = None,
        tracking: str | None = None,
        count: int | None = None,
        estimated: bool | None = None,
        receipt: bytes | None = None,
    ) -> Receipt:
        """Record that an addendum to a filed report was filed from its approved document.

        Raises:
            NoticeError: the document is the initial report, which is filed once.
        """
        look = self._filed(filing_id)
        if is_initial(look.context):
            raise NoticeError("report_type: this document is the initial report; an addendum is drafted and approved")
        return self._service.filings.file_addendum(
            filing_id,
            look.content_sha256,
            on=on,
            channel=channel,
            tracking=tracking,
            count=count,
            estimated=estimated,
            receipt=receipt,
        )

    def _filed(self, filing_id: UUID) -> Preview:
        """The document of a filing as it would be filed now."""
        state = self._service.desk.filing(filing_id)
        assert state.notice_id is not None
        return self.preview(state.notice_id)

    def _ground(self, incident_id: UUID) -> tuple[BreachFacts, Organization, Assessment]:
        queries: Queries = self._service.queries
        board = queries.board(incident_id, self._service.clock.now())
        if board.assessment is None:
            raise NoticeError(*board.problems)
        case = queries.case()
        name = queries.facts(incident_id).get("organization.name")
        organization = organization_from_contact(
            name.value if name is not None and name.value else case.name, case.contact
        )
        return queries.breach_facts(incident_id), organization, board.assessment

    def _serves(self, incident_id: UUID, kind: Kind) -> tuple[str, ...]:
        """The duties of the incident that a notice of this kind fulfils."""
        facts, _, assessment = self._ground(incident_id)
        if kind.name in PAPERS and not PAPERS[kind.name].fits(facts):
            return ()
        return tuple(
            duty.id
            for duty in assessment.obligations
            if duty.status in _OWED and any(_matches(duty.id, pattern) for pattern in kind.obligations)
        ) or delegated_duties(self._service.queries, incident_id, kind)


def _dated(context: DocumentContext, today: date) -> DocumentContext:
    """Letters whose mailing date was not typed bear today's; the date is a merge field, outside what is hashed."""
    match context:
        case LetterContext(notice_date=None):
            return msgspec.structs.replace(context, notice_date=today)
        case CaliforniaAgContext(sample=LetterContext(notice_date=None) as sample):
            sent = context.consumers_notified or today
            return msgspec.structs.replace(context, sample=msgspec.structs.replace(sample, notice_date=sent))
        case _:
            return context


def _checked(document: Document, requirements: tuple[ContentRequirement, ...], facts: BreachFacts) -> Checked:
    problems = [f"{document.name}: {label} is not filled in" for label in document.missing]
    if not document.required and not document.to_people:
        return Checked(document=document, report=None, problems=tuple(problems))
    asked = tuple(each for each in requirements if each.id in document.required or each.forbidden)
    report = check_text(document.text, asked, facts, document.language)
    problems += [f"{document.name}: {problem}" for problem in report.problems]
    return Checked(document=document, report=report, problems=tuple(problems))


def _matches(obligation_id: str, pattern: str) -> bool:
    return fnmatchcase(obligation_id, pattern)
