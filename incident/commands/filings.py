"""Commands on filings: reports to regulators, which leave only under an approval that still covers them."""

from datetime import date
from uuid import UUID

from incident import filing as filings
from incident.commands.approvals import Approvals
from incident.commands.desk import Desk, Receipt
from incident.events import FilingSubmitted


class FilingCommands:
    """What can be done to a filing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._approvals = Approvals(desk)

    def prepare(self, notice_id: UUID, obligation_id: str, recipient: str) -> tuple[UUID, Receipt]:
        """Make a report to a regulator ready from a notice document."""
        incident = self._approvals.incident_of(self._desk.notice(notice_id))
        filing_id = self._desk.ids.new()
        events = filings.decide_prepare(incident.id, notice_id, obligation_id, recipient)
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
        receipt: bytes | None = None,
    ) -> Receipt:
        """Record that the report was filed; clocks that wait on it start."""
        self._desk.require(FilingSubmitted.TOPIC)
        state = self._desk.filing(filing_id)
        assert state.notice_id is not None
        notice = self._desk.notice(state.notice_id)
        incident = self._approvals.incident_of(notice)
        events = filings.decide_submit(
            state,
            on=on,
            today=self._desk.today(incident),
            channel=channel,
            tracking=tracking,
            count=count,
            receipt_sha256=self._desk.blobs.put(receipt) if receipt is not None else None,
            problems=self._approvals.problems(notice, content_sha256),
        )
        entries = self._desk.entries(filing_id, state.version, events)
        return self._approvals.record_performed(incident, (state.obligation_id,), on, f"filing {filing_id}", entries)

    def file_addendum(
        self, filing_id: UUID, *, on: date, tracking: str | None = None, count: int | None = None
    ) -> Receipt:
        """Record an addendum to a filed report."""
        state = self._desk.filing(filing_id)
        assert state.incident_id is not None
        today = self._desk.today(self._desk.incident(state.incident_id))
        events = filings.decide_addendum(state, on=on, today=today, tracking=tracking, count=count)
        return self._desk.record(filing_id, state.version, events)
