"""Commands on filings: reports to regulators, which leave only under an approval that still covers them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from incident import filing as filings
from incident.commands.approvals import Approvals
from incident.commands.desk import Desk, Receipt
from incident.events import AddendumFiled, FilingSubmitted, ReceiptRecorded
from incident.filing import Filing
from incident.incident import Incident
from incident.notice import Notice


class FilingCommands:
    """What can be done to a filing. `content_sha256` is the hash of its document as it would be filed now."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._approvals = Approvals(desk)

    def prepare(
        self, notice_id: UUID, obligation_id: str, recipient: str, entities: Sequence[int] = ()
    ) -> tuple[UUID, Receipt]:
        """Make a report to a regulator ready from a notice document, for these covered entities or for ourselves."""
        incident = self._approvals.incident_of(self._desk.notice(notice_id))
        filing_id = self._desk.ids.new()
        events = filings.decide_prepare(incident.id, notice_id, obligation_id, recipient, entities)
        return filing_id, self._desk.record(filing_id, 0, events)

    def submit(
        self,
        filing_id: UUID,
        content_sha256: str,
        *,
        on: date,
        channel: str,
        tracking: str | None = None,
        count: int | None = None,
        estimated: bool | None = None,
        receipt: bytes | None = None,
    ) -> Receipt:
        """Record that the report was filed; clocks that wait on it start.

        `estimated` tells whether `count` was an estimate or a placeholder.
        """
        self._desk.require(FilingSubmitted.TOPIC)
        state, notice, incident = self._ground(filing_id)
        events = filings.decide_submit(
            state,
            on=on,
            today=self._desk.today(incident),
            channel=channel,
            tracking=tracking,
            count=count,
            estimated=estimated,
            receipt_sha256=self._kept(receipt),
            problems=self._approvals.problems(notice, content_sha256),
        )
        entries = self._desk.entries(filing_id, state.version, events)
        if state.entities:
            return self._desk.append(entries)  # the duty of others is met, none of the organization's own
        return self._approvals.record_performed(incident, (state.obligation_id,), on, f"filing {filing_id}", entries)

    def record_receipt(self, filing_id: UUID, tracking: str | None = None, receipt: bytes | None = None) -> Receipt:
        """Record the number or the receipt that the regulator gave after the filing."""
        self._desk.require(ReceiptRecorded.TOPIC)
        state = self._desk.filing(filing_id)
        events = filings.decide_receipt(state, tracking, self._kept(receipt))
        return self._desk.record(filing_id, state.version, events)

    def prepare_addendum(self, filing_id: UUID, notice_id: UUID) -> Receipt:
        """Make an addendum to a filed report ready from a notice document."""
        state = self._desk.filing(filing_id)
        events = filings.decide_prepare_addendum(state, self._desk.notice(notice_id).id)
        return self._desk.record(filing_id, state.version, events)

    def file_addendum(
        self,
        filing_id: UUID,
        content_sha256: str,
        *,
        on: date,
        channel: str | None = None,
        tracking: str | None = None,
        count: int | None = None,
        estimated: bool | None = None,
        receipt: bytes | None = None,
    ) -> Receipt:
        """Record an addendum to a filed report; the date of the report itself stands."""
        self._desk.require(AddendumFiled.TOPIC)
        state, notice, incident = self._ground(filing_id)
        events = filings.decide_addendum(
            state,
            on=on,
            today=self._desk.today(incident),
            channel=channel,
            tracking=tracking,
            count=count,
            estimated=estimated,
            receipt_sha256=self._kept(receipt),
            problems=self._approvals.problems(notice, content_sha256),
        )
        return self._desk.record(filing_id, state.version, events)

    def _ground(self, filing_id: UUID) -> tuple[Filing, Notice, Incident]:
        """The filing, the document that it files next, and the incident it is about."""
        state = self._desk.filing(filing_id)
        assert state.notice_id is not None
        notice = self._desk.notice(state.notice_id)
        return state, notice, self._approvals.incident_of(notice)

    def _kept(self, receipt: bytes | None) -> str | None:
        return self._desk.blobs.put(receipt) if receipt is not None else None
