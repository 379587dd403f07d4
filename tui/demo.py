"""The main job without hands: a sample incident from discovery to letters and filings.

It takes the same path as the screens: the same services, two people, an approval before anything leaves. Time is a
fixed clock that steps through the days of the sample, so that two runs tell the same story.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from incident.errors import InvalidInput
from incident.events import FactorFinding
from incident.facts import contract_json
from incident.roster.record import Status as RowStatus
from incident.system import FixedClock
from jurisdictions.obligations import Assessment, Status
from notices.desk import DocumentDesk
from samples.library import Sample, SampleNotice, load_sample, sample_names
from tui.compose import Workspace, create_workspace, open_workspace
from tui.logins import Person

TODAY = date(2026, 11, 22)
"""The day on which the samples are taken up in a demo, whatever the real date."""

MANIFEST = "manifest.json"
Say = Callable[[str], None]


class DemoFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file that the demo left; `path` below the output folder, `size` in bytes."""

    path: str
    size: int
    sha256: str


class DemoIncident(msgspec.Struct, frozen=True, kw_only=True, rename={"rows_in": "in"}):
    """What became of one sample: people in = accepted + quarantined + merged; letters + excluded = accepted."""

    sample: str
    organization: str
    reference: str
    title: str
    events: int
    rows_in: int
    accepted: int
    quarantined: int
    merged: int
    letters: int
    excluded: int
    duties: dict[str, str]
    files: tuple[DemoFile, ...]


class DemoManifest(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the demo did and left."""

    taken_up_on: date
    rulebook: str
    incidents: tuple[DemoIncident, ...]


def run_demo(out: Path, say: Say, engine_name: str) -> DemoManifest:
    """Run every sample; leave its documents and `manifest.json` in `out`.

    Raises:
        InvalidInput: `out` holds other files already.
    """
    strange = {path.name for path in out.iterdir()} - {MANIFEST, *sample_names()} if out.exists() else set()
    if strange:
        raise InvalidInput(f"--out: {out} holds {', '.join(sorted(strange))}, which no demo made")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    incidents = []
    rulebook = ""
    for name in sample_names():
        with tempfile.TemporaryDirectory(prefix="breach-demo-") as folder:
            run = _Run(load_sample(name, TODAY), Path(folder) / "case", out, say, engine_name)
            incidents.append(run.from_discovery_to_filings())
            rulebook = run.lead.service.queries.rulebook.hash
    manifest = DemoManifest(taken_up_on=TODAY, rulebook=rulebook, incidents=tuple(incidents))
    (out / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    return manifest


class _Run:
    """One sample, step by step."""

    def __init__(self, sample: Sample, case: Path, out: Path, say: Say, engine_name: str) -> None:
        self.sample = sample
        self.out = out
        self.say = say
        self.engine_name = engine_name
        self.zone = ZoneInfo(sample.organization_facts["organization.time_zone"])
        self.clock = FixedClock(self._taken_up())
        people = [
            Person(user=each.user, name=each.name, role=each.role, passphrase=each.passphrase)
            for each in sorted(sample.users, key=lambda each: each.role != "incident_lead")
        ]
        self.lead = create_workspace(
            case,
            name=sample.organization,
            facts=sample.organization_facts,
            contact=sample.contact,
            people=people,
            clock=self.clock,
        )
        counsel = next(person for person in people if person.role == "counsel")
        self.counsel = open_workspace(case, counsel.user, counsel.passphrase, clock=self.clock)

    def from_discovery_to_filings(self) -> DemoIncident:
        sample = self.sample
        self.say(f"{sample.organization}: {sample.title}")
        with self.lead, self.counsel:
            incident_id = self._record_incident()
            report = self._import_people(incident_id)
            letters = excluded = 0
            for notice in sorted(sample.notices, key=lambda each: each.sent_on):
                documents, left_out = self._send(incident_id, notice)
                if notice.kind == "individual_letter":
                    letters, excluded = documents, left_out
            board = self._board(incident_id)
            self._leave_record(incident_id)
            problems = self.lead.verify()
            events = self.lead.service.queries.position
            self.say(f"  log: {events} events, " + ("verified" if not problems else "; ".join(problems)))
            if problems:
                raise InvalidInput(*problems)
            return DemoIncident(
                sample=sample.name,
                organization=sample.organization,
                reference=self.lead.service.queries.incident(incident_id).reference,
                title=sample.title,
                events=events,
                rows_in=report["rows_in"],
                accepted=report["accepted"],
                quarantined=report["quarantined"],
                merged=report["merged"],
                letters=letters,
                excluded=excluded,
                duties={duty.id: str(duty.status) for duty in board.obligations},
                files=self._files(),
            )

    def _record_incident(self) -> UUID:
        service, sample = self.lead.service, self.sample
        discovered = datetime.fromisoformat(sample.facts["incident.discovered_at"])
        self._step(discovered + timedelta(minutes=20))
        incident_id, receipt = service.incidents.open(sample.title, sample.facts, occurred_at=discovered)
        self.say(f"  #{receipt.position} incident {service.queries.incident(incident_id).reference} opened")
        for action in sorted(sample.actions, key=lambda each: each.at):
            self._step(action.at + timedelta(minutes=5))
            service.incidents.log_action(incident_id, action.text, occurred_at=action.at)
        self._step(self.clock.now() + timedelta(hours=2))
        findings = [FactorFinding(factor=f.factor, rating=f.rating, reason=f.reason) for f in sample.factors]
        service.incidents.assess_risk(incident_id, findings, sample.outcome)
        receipt = service.incidents.decide(incident_id, "notify", sample.decision_reason)
        self.say(f"  #{receipt.position} four-factor assessment: {sample.outcome}; decision: notify")
        return incident_id

    def _import_people(self, incident_id: UUID) -> dict[str, int]:
        self._step(self.clock.now() + timedelta(hours=1))
        report, receipt = self.lead.service.rosters.import_file(incident_id, self.sample.roster_path)
        self.say(
            f"  #{receipt.position} people: {report.rows_in:,} in = {report.accepted:,} accepted + "
            f"{report.quarantined:,} quarantined + {report.merged:,} merged; "
            f"{report.minors} minors, {report.deceased} deceased, {report.insufficient_contact} unreachable"
        )
        for line in receipt.changes:
            self.say(f"      {line}")
        self._decide_quarantine(incident_id)
        return {name: getattr(report, name) for name in ("rows_in", "accepted", "quarantined", "merged")}

    def _decide_quarantine(self, incident_id: UUID) -> None:
        """The counts are ranges until somebody has looked at every row set aside and at every two that are alike."""
        service = self.lead.service
        for roster in service.queries.rosters(incident_id):
            for held in service.rosters.rows(roster.id, status=RowStatus.QUARANTINED):
                receipt = service.rosters.resolve_quarantine(
                    roster.id, held.row, accept=False, because="no patient or client record matches this row"
                )
                self.say(f"  #{receipt.position} row {held.row} of the list excluded")
            if waiting := service.duplicates.waiting(roster.id):
                receipt = service.duplicates.keep_apart(
                    roster.id, [pair.rows for pair in waiting], "the client records are two people's"
                )
                self.say(f"  #{receipt.position} {len(waiting)} pairs of rows that are alike kept apart")

    def _send(self, incident_id: UUID, notice: SampleNotice) -> tuple[int, int]:
        """Draft, review, approve, render, and record as sent or filed."""
        desk, reviewer = self._desk(self.lead), self._desk(self.counsel)
        self._step(self._at(notice.sent_on - timedelta(days=1), 10))
        fields = {**desk.defaults(incident_id, notice.kind), **notice.fields}
        notice_id, _ = desk.draft(incident_id, notice.kind, fields)
        self.lead.service.notices.submit(notice_id)
        self._step(self._at(notice.sent_on - timedelta(days=1), 15))
        self.counsel.service.refresh()
        approval = reviewer.approve(notice_id)
        self.lead.service.refresh()
        self._step(self._at(notice.sent_on, 9))
        manifest, _ = desk.render(notice_id, self.engine_name)
        self._sign_sample(desk, notice_id, notice)
        desk.export(notice_id, self.out / self.sample.name / notice.kind)
        self._step(self._at(notice.sent_on, 15))
        if notice.obligation:
            filing_id, _ = self.lead.service.filings.prepare(notice_id, notice.obligation, notice.recipient)
            total = self.lead.service.queries.facts(incident_id)["affected.total"].value
            receipt = desk.submit_filing(
                filing_id, on=notice.sent_on, channel=notice.channel, tracking=notice.tracking, count=total
            )
        else:
            receipt = desk.record_dispatch(notice_id, notice.sent_on, notice.method)
        left_out = manifest.rows - manifest.documents
        self.say(
            f"  #{receipt.position} {notice.kind}: approved as #{approval.position}, "
            f"{manifest.rows:,} rows = {manifest.documents:,} documents + {left_out:,} excluded, sent {notice.sent_on}"
        )
        for line in receipt.changes:
            self.say(f"      {line}")
        return manifest.documents, left_out

    def _sign_sample(self, desk: DocumentDesk, notice_id: UUID, notice: SampleNotice) -> None:
        """Letters to people leave only when somebody read some that nobody chose."""
        if notice.kind == "individual_letter":
            drawn = desk.sample(notice_id)
            receipt = desk.sign_sample(notice_id, drawn.manifest_sha256)
            self.say(f"  #{receipt.position} sample read and signed: {drawn.why}")

    def _board(self, incident_id: UUID) -> Assessment:
        board = self.lead.service.queries.board(incident_id, self.clock.now()).assessment
        assert board is not None
        for duty in board.obligations:
            if duty.status is not Status.NOT_REQUIRED:
                due = f", due {duty.due}" if duty.due else ""
                given = f", given {duty.given}" if duty.given else ""
                self.say(f"      {duty.status:<11} {duty.id}{due}{given}")
        return board

    def _leave_record(self, incident_id: UUID) -> None:
        """The facts in the contract's form, so that anybody can recompute the board, and the chronology."""
        folder = self.out / self.sample.name
        sheet = self.lead.service.queries.fact_sheet(incident_id)
        facts = contract_json(sheet)
        (folder / "facts.json").write_bytes(msgspec.json.format(msgspec.json.encode(facts), indent=1))
        lines = [
            f"#{row.position:<5} {row.recorded_at:%Y-%m-%d %H:%M} UTC  {row.by:<10} {row.text}"
            for row in self.lead.service.queries.timeline(incident_id)
        ]
        (folder / "chronology.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _files(self) -> tuple[DemoFile, ...]:
        return tuple(
            DemoFile(
                path=path.relative_to(self.out).as_posix(),
                size=path.stat().st_size,
                sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            )
            for path in sorted((self.out / self.sample.name).rglob("*"))
            if path.is_file()
        )

    def _desk(self, workspace: Workspace) -> DocumentDesk:
        return DocumentDesk(workspace.service)

    def _taken_up(self) -> datetime:
        first = datetime.fromisoformat(self.sample.facts["incident.discovered_at"])
        return first + timedelta(minutes=10)

    def _at(self, day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour), self.zone)

    def _step(self, moment: datetime) -> None:
        """The clock only goes on."""
        self.clock.set(max(moment.astimezone(UTC), self.clock.now()))
