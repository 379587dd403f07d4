"""The situation brief says what the record says, on one page, and counts what it leaves out."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pypdfium2 as pdfium

from incident.calls import TOPICS, Words
from incident.evidence.brief import as_paper, situation
from incident.evidence.paper import to_html, to_text
from notices.engines import engine
from tests.incident.evidence.life import FACTS, Life

ZONE = ZoneInfo("America/Chicago")


def made(life: Life, incident_id=None):
    queries = life.dana.queries
    incident = queries.incident(incident_id or life.incident_id)
    return situation(queries, incident, now=life.clock.now(), zone=ZONE)


def test_it_says_what_is_known_decided_due_and_done(life: Life):
    brief = made(life)
    board = life.dana.queries.board(life.incident_id, life.clock.now()).assessment
    still_open = [
        duty for duty in board.obligations if duty.status not in ("met", "met_late", "not_required") and not duty.given
    ]
    assert len(brief.due) + brief.more_due == len(still_open)
    assert brief.position == life.dana.queries.position
    assert dict(brief.known)["Risk assessment"] == "breach"
    assert ("Notice individual letter", "sent 2026-11-23") in brief.documents
    assert brief.decision == "notify"


def test_what_is_not_known_is_unknown_and_never_none_or_zero(life: Life):
    incident, _ = life.dana.incidents.open("Another one", {**FACTS})
    brief = made(life, incident)
    assert dict(brief.known)["People affected"] == "unknown"
    assert brief.decision == "not made"
    assert "affected.total" in " ".join(brief.needed) or brief.more_needed


def test_without_the_anchor_facts_it_says_what_is_needed_first(life: Life):
    incident, _ = life.dana.incidents.open("No date yet", {})
    brief = made(life, incident)
    assert any("incident.discovered_at" in problem for problem in brief.problems)
    assert "incident.discovered_at" in to_text(as_paper(brief))


def test_it_is_one_page_however_much_there_is(life: Life):
    incident, _ = life.dana.incidents.open("W" * 400, {**FACTS, "affected.total": 12_000})
    life.dana.incidents.record_facts(
        incident, {f"affected.by_state.{state}": 100 for state in ("IL", "CA", "TX", "NY", "WI", "IN", "MI", "OH")}
    )
    for number in range(12):
        life.dana.incidents.log_action(incident, f"{number} " + "and so on " * 60)
    today = life.clock.now().astimezone(ZONE).date()
    for number in range(6):
        life.dana.delivery.begin_posting(
            incident, form="web", place=f"https://{number}.example/{'path/' * 40}", on=today, laws=["hipaa"],
            phone="888-555-0142", phone_on=today,
        )  # fmt: skip
        life.dana.calls.log(incident, Words(asked="x"), topic=tuple(TOPICS)[number], follow_up=today)
    brief = made(life, incident)
    assert brief.delivery[-1] == "and 8 more"
    assert brief.calls.startswith("6, of them 6 today")
    with pdfium.PdfDocument(engine().render(to_html(as_paper(brief)))) as document:
        assert len(document) == 1


def test_days_left_are_told_and_so_is_lateness(life: Life):
    today = {"incident.discovered_at": life.clock.now().isoformat(), "affected.total": 3}
    incident, _ = life.dana.incidents.open("Another one", {**FACTS, **today})
    (early,) = [row for row in made(life, incident).due if "us.hipaa.individuals" in row[1]]
    assert early[0].endswith("days)")
    life.clock.advance(timedelta(days=400))
    (late,) = [row for row in made(life, incident).due if "us.hipaa.individuals" in row[1]]
    assert late[0].endswith("days late)")
    assert late[2].startswith("overdue")
