"""The whole life of a case, small: two incidents, people, notices, filings, an erasure."""

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pikepdf

from incident.access.advice import AdviceSeal
from incident.access.ways import Kdf
from incident.casefile import OpenCase, create_case, open_case
from incident.events import FactorFinding
from incident.evidence.pack import Choices, PackReport, export_pack
from incident.incident import FACTORS
from incident.roster.person import Address, Person
from incident.roster.vault import Vault
from incident.service import Service
from incident.system import FixedClock, SystemIds
from jurisdictions.rulebook import load_rulebook

CHEAP = Kdf(iterations=1, lanes=1, memory=64)
PASSPHRASE = "copper otter ladder moon"
NOW = datetime(2026, 11, 22, 22, 24, 7, tzinfo=UTC)
ADVICE_KEY = b"k" * 32
ADVICE = "The indemnity in the vendor contract lapses if Zebulon is told before the letter goes out."
"""What counsel says, and nobody without the advice key may read anywhere."""
TEXT, REPORT = "a" * 64, "b" * 64
CHICAGO = {
    "organization.name": "Lakeshore Aesthetics",
    "organization.state": "IL",
    "organization.time_zone": "America/Chicago",
    "organization.hipaa_role": "covered_entity",
    "organization.entity_type": "healthcare_provider",
    "organization.licenses": [],
    "organization.data_owner": True,
}
FACTS = {
    "incident.discovered_at": "2026-11-20T16:10:00-06:00",
    "incident.data_elements": ["name", "medical_information"],
    "incident.encrypted": False,
    "incident.risk_assessment": "breach",
}
ROSTER = """First Name,Last Name,DOB,Address,City,State,Zip,Email
Ambrosine,Quillfeather,1980-02-03,12 Elm St,Chicago,IL,60614,ambrosine@example.org
Ben,Okafor,1975-07-09,9 Oak Ave,Evanston,IL,60201,
Ben,Okafor,1975-07-09,9 Oak Ave,Evanston,IL,60201,
Cleo,Marsh,2015-01-01,4 Pine Rd,Gary,IN,46402,
,,1990-01-01,7 Low St,Chicago,IL,60614,
Dov,Thistlewood,1961-05-05,31 Vine St,Oakland,CA,94607,dov@example.org
,,1991-01-01,8 Low St,Chicago,IL,60614,
Ines,Zambrano,1955-12-24,77 Lake Dr,Chicago,IL,60611,
"""
ERASED, ACCEPTED, EXCLUDED = 9, 6, 8
"""Lines of the roster."""
NAMES = ("Ambrosine", "Quillfeather", "Okafor", "Thistlewood", "Zambrano", "ambrosine@example.org", "12 Elm St")
"""Names that may stand in clear text nowhere in the folder of the case."""


class Life:
    """An open case with the services of its people."""

    def __init__(self, path: Path, case: OpenCase, clock: FixedClock) -> None:
        self.path = path
        self.case = case
        self.clock = clock
        self.vault = Vault(case.store.vault(), case.keyring)
        self.dana = self.as_user("dana")

    def as_user(self, user: str) -> Service:
        """The case as another person works on it."""
        return Service(
            log=self.case.log, blobs=self.case.blobs, vault=self.vault, clock=self.clock, ids=SystemIds(),
            rulebook=load_rulebook(), user=user, advice=AdviceSeal(ADVICE_KEY if user == "priya" else None),
        )  # fmt: skip

    @property
    def incident_id(self) -> UUID:
        """The incident that the packs are about."""
        return self.dana.queries.incident_by_reference("2026-001").id

    @property
    def other_id(self) -> UUID:
        """Another matter in the same case."""
        return self.dana.queries.incident_by_reference("2026-002").id

    def close(self) -> None:
        self.vault.close()
        self.case.close()

    def __enter__(self) -> "Life":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def opened(path: Path, at: datetime = NOW + timedelta(days=60)) -> Life:
    """The case, open as the incident lead."""
    return Life(path, open_case(path, "dana", PASSPHRASE), FixedClock(at))


def pdf(words: str, pages: int = 1) -> bytes:
    """A PDF that says something."""
    with pikepdf.Pdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=(612, 792))
            page = document.pages[-1]
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
            page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
            page.obj.Contents = document.make_stream(f"BT /F 12 Tf 72 700 Td ({words}) Tj ET".encode())
        content = io.BytesIO()
        document.save(content, deterministic_id=True)
    return content.getvalue()


def make(path: Path) -> None:
    """Live the life."""
    case = create_case(path, user="dana", passphrase=PASSPHRASE, kdf=CHEAP)
    with Life(path, case, FixedClock(NOW)) as life:
        case.add_user("priya", PASSPHRASE, kdf=CHEAP)
        dana = life.dana
        dana.case.open(SystemIds().new(), "Lakeshore Aesthetics", CHICAGO, {"phone": "312-555-0142"})
        dana.case.enroll("dana", "Dana Reyes", "incident_lead")
        dana.case.enroll("priya", "Priya Natarajan", "counsel")
        incident, _ = dana.incidents.open("Phished billing mailbox", FACTS)
        _investigate(life, incident)
        _people(life, incident)
        _letters(life, incident)
        _report(life, incident)


def _step(life: Life, **time: int) -> None:
    life.clock.advance(timedelta(**time))


def _investigate(life: Life, incident: UUID) -> None:
    dana = life.dana
    _step(life, minutes=5)
    dana.incidents.log_action(incident, "Mailbox tokens revoked", occurred_at=NOW - timedelta(hours=1))
    other, _ = dana.incidents.open("Lost laptop of another clinic", FACTS)
    dana.incidents.log_action(other, "Nobody may see this in the pack of the first")
    logged = max(dana.desk.incident(incident).actions)
    dana.incidents.correct_action(incident, logged, "All tokens revoked", "wording")
    dana.incidents.attach_evidence(incident, "sign-in log.txt", b"2026-11-19 sign-in from an unknown address\n" * 20)
    dana.incidents.attach_evidence(incident, "../../ticket: #1.pdf", pdf("Ticket of the IT provider", pages=2))
    findings = [FactorFinding(factor=name, rating=3, reason="mail was read") for name, _ in FACTORS]
    dana.incidents.assess_risk(incident, findings, "breach")
    dana.incidents.decide(incident, "notify", "the mailbox held treatment notes")
    dana.incidents.record_facts(other, {"affected.by_state.IL": 3})


def _people(life: Life, incident: UUID) -> None:
    dana = life.dana
    _step(life, hours=1)
    file = life.path.parent / "export.csv"
    file.write_text(ROSTER, encoding="utf-8")
    dana.rosters.import_file(incident, file)
    file.unlink()
    roster = dana.queries.rosters(incident)[0].id
    found = Person(
        given_name="Elke", family_name="Voss", state="IL",
        address=Address(lines=("7 Low St",), city="Chicago", state="IL", zip="60614"), date_of_birth=date(1990, 1, 1),
    )  # fmt: skip
    dana.rosters.resolve_quarantine(roster, ACCEPTED, accept=True, because="found in the paper file", person=found)
    dana.rosters.resolve_quarantine(roster, EXCLUDED, accept=False, because="a test entry")
    dana.rosters.erase(roster, ERASED, "the person asked for it")


def _letters(life: Life, incident: UUID) -> None:
    dana, priya = life.dana, life.as_user("priya")
    _step(life, days=1)
    letter, _ = dana.notices.draft(incident, "individual_letter", ["us.hipaa.individuals"], {"what": "x"}, "c" * 64)
    dana.notices.submit(letter)
    priya.refresh()
    priya.notices.request_changes(letter, "Say nothing of the vendor: we may have a claim against it")
    advice, _ = priya.advice.give(
        incident, "First words: " + ADVICE, recipients=["Dana Reyes"], subject=f"notice:{letter}"
    )
    priya.advice.correct(advice, ADVICE, basis="both", description="=HYPERLINK of counsel, on the vendor's contract")
    dana.refresh()
    dana.notices.revise(letter, {"what": "Somebody read a mailbox"}, TEXT)
    dana.notices.submit(letter)
    priya.refresh()
    priya.notices.approve(letter, TEXT, [])
    dana.refresh()
    content = [("1-letters.pdf", pdf("Dear Ambrosine Quillfeather", pages=3)), ("manifest.json", b'{"letters": 3}')]
    files = [(name, dana.blobs.put(each), len(each)) for name, each in content]
    dana.notices.record_rendering(
        letter, content_sha256=TEXT, engine="fake 1", rows=4, documents=3, excluded={"no address": 1}, files=files
    )
    dana.notices.sign_sample(letter, files[-1][1], ["2026-001-1-000002", "2026-001-1-000004", "2026-001-1-000005"])
    today = dana.desk.today(dana.desk.incident(incident))
    dana.notices.record_dispatch(letter, TEXT, today, "first_class_mail")


def _report(life: Life, incident: UUID) -> None:
    dana, priya = life.dana, life.as_user("priya")
    _step(life, days=1)
    report, _ = dana.notices.draft(incident, "hhs_report", ["us.hipaa.hhs"], {}, REPORT)
    dana.notices.submit(report)
    priya.refresh()
    priya.notices.approve(report, REPORT, [])
    dana.refresh()
    content = pdf("Report to HHS")
    files = [("worksheet.pdf", dana.blobs.put(content), len(content))]
    dana.notices.record_rendering(
        report, content_sha256=REPORT, engine="fake 1", rows=1, documents=1, excluded={}, files=files
    )
    filing, _ = dana.filings.prepare(report, "us.hipaa.hhs", "U.S. Department of Health and Human Services")
    today = dana.desk.today(dana.desk.incident(incident))
    receipt = b"\x89PNG\r\n\x1a\n receipt"
    dana.filings.submit(filing, REPORT, on=today, channel="portal", tracking="T-1", count=5, receipt=receipt)
    dana.filings.file_addendum(filing, REPORT, on=today, tracking="T-1", count=6)


def export(life: Life, folder: Path, **choices: object) -> PackReport:
    """An evidence pack of the first incident, with a stand-in for the PDF engine."""
    return export_pack(
        life.case,
        load_rulebook(),
        life.incident_id,
        folder,
        at=life.clock.now(),
        choices=Choices(**choices),
        personal=lambda kind: kind == "individual_letter",
        to_pdf=lambda _html: pdf("A paper", pages=2),
        specimens=lambda _notice: [],
    )
