"""The burden-of-proof file says what the record shows, and never more."""

from datetime import date

import msgspec
import pytest

from incident.errors import InvalidInput
from incident.events import FactorFinding
from incident.evidence.burden import BurdenOfProof, DutyProof, as_paper, burden_of_proof, read_record
from incident.evidence.paper import to_html, to_text
from incident.incident import FACTORS
from tests.incident.evidence.life import FACTS, Life


def made(life: Life, incident_id=None) -> BurdenOfProof:
    entries = [entry for _, entry in life.case.log.read()]
    return burden_of_proof(read_record(life.dana.queries, entries, incident_id or life.incident_id, life.clock.now()))


def duty(file: BurdenOfProof, name: str) -> DutyProof:
    return next(each for each in (*file.duties, *file.other_laws) if each.id == name)


def test_each_duty_shows_its_approvals_sendings_and_filings_by_number(life: Life):
    file = made(life)
    letters = duty(file, "us.hipaa.individuals")
    assert (letters.status, letters.given) == ("met", date(2026, 11, 23))
    assert any("Notice approved" in line for line in letters.shown_by)
    assert any("Sample signed: 3 of 3 letters read, no fault found" in line for line in letters.shown_by)
    assert any("Sent on 2026-11-23: 3 by first class mail" in line for line in letters.shown_by)
    report = duty(file, "us.hipaa.hhs")
    assert any("Filed on 2026-11-24 by portal, tracking T-1" in line for line in report.shown_by)
    assert report.gaps == ()
    for line in (*letters.shown_by, *report.shown_by):
        assert line.startswith("#")


def test_people_who_got_no_letter_are_a_gap(life: Life):
    letters = duty(made(life), "us.hipaa.individuals")
    assert any(gap.startswith("1 person got no letter (no address: 1)") for gap in letters.gaps)
    assert any("4 rows" in gap for gap in letters.gaps)
    assert made(life).shows == "incomplete"
    assert "us.hipaa.individuals" in made(life).in_words


def test_a_date_without_a_sending_behind_it_is_a_gap(life: Life):
    incident, _ = life.dana.incidents.open("Another one", {**FACTS, "affected.total": 3})
    life.dana.incidents.record_facts(incident, {"given.us.hipaa.individuals": "2026-12-01"})
    (gap,) = duty(made(life, incident), "us.hipaa.individuals").gaps
    assert "no sending or filing in this record shows it" in gap


def test_a_late_notice_was_made_and_was_late(life: Life):
    life.clock.advance(life.clock.now().replace(year=2027, month=6) - life.clock.now())
    incident, _ = life.dana.incidents.open("Another one", {**FACTS, "affected.total": 3})
    life.dana.incidents.record_facts(incident, {"given.us.hipaa.individuals": "2027-05-01"})
    letters = duty(made(life, incident), "us.hipaa.individuals")
    assert letters.late
    assert letters.due == date(2027, 1, 19)


def test_nothing_done_yet_is_said_plainly(life: Life):
    file = made(life, life.other_id)
    assert file.shows == "incomplete"
    assert "no date on which it was done is recorded" in duty(file, "us.hipaa.individuals").gaps[0]
    assert file.risk_assessment == ("No assessment of the four factors of 45 CFR 164.402(2) is recorded.",)


def test_no_breach_is_shown_by_its_risk_assessment(life: Life):
    facts = {name: value for name, value in FACTS.items() if name != "incident.risk_assessment"}
    incident, _ = life.dana.incidents.open("Fax to another clinic", {**facts, "affected.total": 1})
    findings = [FactorFinding(factor=name, rating=1, reason="returned unread") for name, _ in FACTORS]
    life.dana.incidents.assess_risk(incident, findings, "low_probability")
    life.dana.incidents.decide(incident, "do_not_notify", "returned unread the same hour")
    file = made(life, incident)
    assert file.shows == "no_breach"
    assert sum("1 of 4. returned unread" in line for line in file.risk_assessment) == 4
    assert any("do not notify" in line for line in file.decisions)
    assert any(line.startswith("us.hipaa.individuals: ") for line in file.not_required)


def test_what_is_privileged_is_not_in_it(life: Life):
    entries = [entry for _, entry in life.case.log.read()]
    topics = {entry.event.TOPIC: position for position, entry in life.case.log.read()}
    withheld = [topics["incident.risk_assessed"], topics["incident.decision_made"], topics["notice.approved"]]
    record = read_record(life.dana.queries, entries, life.incident_id, life.clock.now(), withheld)
    whole = to_text(as_paper(burden_of_proof(record)))
    assert "mail was read" not in whole
    assert "treatment notes" not in whole
    assert f"#{withheld[0]}: an assessment is recorded and withheld." in whole


def test_an_incident_that_cannot_be_counted_yet_says_what_is_missing(life: Life):
    incident, _ = life.dana.incidents.open("Odd e-mail", {})
    with pytest.raises(InvalidInput, match=r"incident\.discovered_at"):
        made(life, incident)


def test_the_paper_says_it_in_text_and_in_html(life: Life):
    file = made(life)
    paper = as_paper(msgspec.structs.replace(file, title="<script>&"))
    for form, shown in ((to_text, "<script>&"), (to_html, "&lt;script&gt;&amp;")):
        text = form(paper)
        assert shown in text
        for words in (
            "45 CFR 164.414(b)",
            "164.530(j)(2)",
            "NOT SHOWN: 1 person got no letter",
            "keep until 2032-11-24",
        ):
            assert words in text
    assert "<script>" not in to_html(paper)
    assert max(map(len, to_text(paper).splitlines())) <= 100
