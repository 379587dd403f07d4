"""The sample incidents: lawful dates, facts that leave hardly a question open, notices without a fault, plain words."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from incident.access.names import check_user
from incident.access.ways import check_passphrase
from incident.commands.case import ROLES
from incident.incident import FACTORS, OUTCOMES, suggested_outcome
from incident.roster.importer import check_roster
from incident.roster.report import RosterReport
from jurisdictions.assess import assess
from jurisdictions.content import ContentRequirement, content_requirements
from jurisdictions.facts import BreachFacts, check_fact, parse_facts
from jurisdictions.obligations import Assessment, Status
from jurisdictions.rulebook import Rulebook, load_rulebook
from notices.catalog import kind_named
from notices.context import LetterContext
from notices.drafting import build_context, letter_requirements, organization_from_contact
from notices.elements import check_text
from notices.elements.prose import Prose
from notices.elements.readability import readability
from notices.service import Composed, compose
from samples.library import Sample, SampleError, SampleNotice, load_sample, sample_names

# A Sunday, the first day of a year, a leap day, the days around both clock changes, and days of every weekday.
DAYS = [date(2026, 11, 22), date(2027, 1, 1), date(2028, 2, 29), date(2027, 3, 14), date(2026, 11, 1)]
DAYS += [date(2027, 5, 3) + timedelta(days=number) for number in range(7)]
NAMES = ("chicago", "los_angeles")
PLAIN_GRADE = 8.0
SHORT = 20
"""Words; the grade of a single short line says nothing."""


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook()


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=DAYS, ids=str)
def today(request: pytest.FixtureRequest) -> date:
    return request.param


def _nested(values: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for path, value in values.items():
        *sections, last = path.split(".")
        node = facts
        for section in sections:
            node = node.setdefault(section, {})
        node[last] = value
    return facts


def first_facts(sample: Sample) -> BreachFacts:
    """What is known before the list of people is in, with the outcome of the risk assessment."""
    return parse_facts(
        _nested({**sample.organization_facts, **sample.facts, "incident.risk_assessment": sample.outcome})
    )


@cache
def counted(path: Path, on: date) -> RosterReport:
    return check_roster(path, on=on, workers=0)


def counted_facts(sample: Sample, today: date, given: dict[str, date]) -> BreachFacts:
    """The same once the list is in, and after some notices were given."""
    report = counted(sample.roster_path, today)
    counts: dict[str, Any] = {f"affected.by_state.{code}": count for code, count in report.by_state.items() if code}
    counts["affected.total"] = report.accepted
    counts["affected.insufficient_contact"] = report.insufficient_contact
    counts["affected.next_of_kin_insufficient_contact"] = report.next_of_kin_insufficient_contact
    facts = _nested({**sample.organization_facts, **sample.facts, **counts, "incident.risk_assessment": sample.outcome})
    return parse_facts({**facts, "given": {duty: day.isoformat() for duty, day in given.items()}})


def assessed(facts: BreachFacts, rulebook: Rulebook, on: date) -> Assessment:
    return assess(facts, rulebook, as_of=datetime.combine(on, time(18), UTC))


def notice(sample: Sample, kind: str) -> SampleNotice:
    return next(each for each in sample.notices if each.kind == kind)


def demanded(kind: str, facts: BreachFacts, rulebook: Rulebook) -> tuple[ContentRequirement, ...]:
    if kind == "ca_ag_submission":
        return content_requirements(facts, rulebook, for_ids=["ca.civ1798_82.individuals"])
    return letter_requirements(facts, rulebook)


def composed(sample: Sample, each: SampleNotice, facts: BreachFacts, rulebook: Rulebook) -> Composed:
    context = build_context(
        each.kind,
        facts=facts,
        organization=organization_from_contact(sample.organization, sample.contact),
        fields=each.fields,
        requirements=demanded(each.kind, facts, rulebook),
    )
    return compose(each.kind, context)


def test_both_samples_are_offered() -> None:
    assert set(NAMES) <= set(sample_names())


def test_a_sample_that_is_not_there_is_named() -> None:
    with pytest.raises(SampleError, match="no sample 'atlantis'; there are chicago, los_angeles"):
        load_sample("atlantis", DAYS[0])


def test_a_sample_can_be_used_as_it_is(name: str, today: date) -> None:
    sample = load_sample(name, today)
    assert sample.name == name
    assert sample.roster_path.is_file()
    for path, value in (sample.organization_facts | sample.facts).items():
        assert check_fact(path, value) == (), path
    assert [user.role for user in sample.users] == ["incident_lead", "counsel"]
    for user in sample.users:
        assert user.role in ROLES
        assert check_user(user.user) == user.user
        check_passphrase(user.passphrase)
    assert [factor.factor for factor in sample.factors] == [factor for factor, _ in FACTORS]
    assert all(factor.rating in range(1, 5) and factor.reason for factor in sample.factors)
    assert sample.outcome in dict(OUTCOMES)
    assert sample.outcome == suggested_outcome(sample.factors)
    organization = organization_from_contact(sample.organization, sample.contact)
    assert all(getattr(organization, field) for field in organization.__struct_fields__)


def test_no_date_is_left_relative(name: str, today: date) -> None:
    sample = load_sample(name, today)
    assert "@D" not in repr(sample)


def test_the_days_follow_each_other(name: str, today: date) -> None:
    sample = load_sample(name, today)
    zone = ZoneInfo(sample.organization_facts["organization.time_zone"])
    discovered = datetime.fromisoformat(sample.facts["incident.discovered_at"])
    moments = [action.at for action in sample.actions]
    assert 8 <= len(moments) <= 12
    assert moments == sorted(moments)
    assert moments[0] == discovered
    assert all(moment.astimezone(zone).date() < today for moment in moments)
    assert date.fromisoformat(sample.facts["incident.occurred_to"]) <= discovered.astimezone(zone).date()
    determined = datetime.fromisoformat(sample.facts["discovery.determined_at"])
    assert determined in moments
    for each in sample.notices:
        assert each.sent_on > today
        assert each.sent_on.weekday() < 5
        # The sample that goes to a regulator bears the date of the letters.
        dated = notice(sample, "individual_letter") if each.kind == "ca_ag_submission" else each
        written = {
            each.fields[field] for field in ("notice_date", "notice_start", "attested_on") if field in each.fields
        }
        assert written == {dated.sent_on.isoformat()}


def test_before_people_are_counted_hardly_a_question_is_open(name: str, today: date, rulebook: Rulebook) -> None:
    board = assessed(first_facts(load_sample(name, today)), rulebook, today)
    open_questions = {each.id for each in board.obligations if each.status is Status.NEEDS_FACT}
    assert open_questions <= {"us.hipaa.substitute"}
    assert not [each.id for each in board.obligations if each.status is Status.OVERDUE]


def test_every_notice_is_sent_in_time(name: str, today: date, rulebook: Rulebook) -> None:
    sample = load_sample(name, today)
    given: dict[str, date] = {}
    for each in sorted(sample.notices, key=lambda one: one.sent_on):
        facts = counted_facts(sample, today, given)
        board = assessed(facts, rulebook, each.sent_on)
        served = [duty for duty in board.obligations if duty.id in kind_named(each.kind).obligations]
        owed = [duty for duty in served if duty.status not in (Status.NOT_REQUIRED, Status.WAITS)]
        assert owed, f"{each.kind} serves no duty of this incident"
        if each.obligation:
            assert each.obligation in [duty.id for duty in owed]
        for duty in owed:
            assert duty.due is None or each.sent_on <= duty.due, duty.id
            assert duty.safest is None or each.sent_on <= duty.safest, duty.id
            given[duty.id] = each.sent_on
    board = assessed(counted_facts(sample, today, given), rulebook, max(given.values()))
    # A duty without a number of days stays "as soon as possible" on the board, and cannot be missed by a day.
    assert {each.status for each in board.obligations if each.id in given} <= {Status.MET, Status.ASAP}
    assert not [each.id for each in board.obligations if each.status in (Status.NEEDS_FACT, Status.OVERDUE)]


def test_the_duties_are_those_the_story_is_about(rulebook: Rulebook) -> None:
    today = DAYS[0]
    raised = {}
    for name in NAMES:
        board = assessed(counted_facts(load_sample(name, today), today, {}), rulebook, today)
        raised[name] = {each.id for each in board.obligations if each.status is not Status.NOT_REQUIRED}
    assert {
        "us.hipaa.individuals", "us.hipaa.hhs", "us.hipaa.media:IL", "us.hipaa.substitute",
        "il.pipa.hipaa_attorney_general", "ca.civ1798_82.individuals",
    } <= raised["chicago"]  # fmt: skip
    assert not raised["chicago"] & {"ca.civ1798_82.attorney_general", "us.hipaa.media:IN", "il.pipa.attorney_general"}
    assert {
        "ca.civ1798_82.individuals", "ca.civ1798_82.attorney_general", "il.pipa.individuals",
    } <= raised["los_angeles"]  # fmt: skip
    assert not [each for each in raised["los_angeles"] if each.startswith(("us.hipaa", "ca.hsc1280_15"))]
    assert "il.pipa.attorney_general" not in raised["los_angeles"]


@pytest.mark.parametrize("today", [DAYS[0], DAYS[5]], ids=str)
def test_every_notice_is_complete_and_plain(name: str, today: date, rulebook: Rulebook) -> None:
    sample = load_sample(name, today)
    given: dict[str, date] = {}
    for each in sorted(sample.notices, key=lambda one: one.sent_on):
        facts = counted_facts(sample, today, given)
        for document in composed(sample, each, facts, rulebook).documents:
            assert document.missing == (), each.kind
            assert set(document.required) <= document.said, document.name
            if not document.required:
                continue
            requirements = [one for one in content_requirements(facts, rulebook) if one.id in document.required]
            report = check_text(document.text, requirements, facts)
            assert [one.id for one in report.elements if one.required and not one.found] == [], document.name
            assert report.forbidden == (), document.name
            assert report.readability.grade is not None
            assert report.readability.grade <= PLAIN_GRADE, document.name
            assert report.readability.sentences_over_25_words == 0, document.name
        given |= {duty: each.sent_on for duty in kind_named(each.kind).obligations if duty in _owed(facts, rulebook)}


def _owed(facts: BreachFacts, rulebook: Rulebook) -> set[str]:
    board = assess(facts, rulebook, as_of=facts.incident.discovered_at)
    return {each.id for each in board.obligations if each.status is not Status.NOT_REQUIRED}


def test_the_sample_letter_is_the_letter_that_was_sent() -> None:
    sample = load_sample("los_angeles", DAYS[0])
    letter, submission = notice(sample, "individual_letter"), notice(sample, "ca_ag_submission")
    assert letter.fields.items() <= submission.fields.items()


def test_services_last_a_year_and_can_still_be_enrolled_in(rulebook: Rulebook) -> None:
    sample = load_sample("los_angeles", DAYS[0])
    letter = notice(sample, "individual_letter")
    context = build_context(
        "individual_letter",
        facts=first_facts(sample),
        organization=organization_from_contact(sample.organization, sample.contact),
        fields=letter.fields,
        requirements=letter_requirements(first_facts(sample), rulebook),
    )
    assert isinstance(context, LetterContext)
    services = context.incident.services
    assert services is not None
    assert services.months >= 12
    assert services.enroll_by is not None
    assert services.enroll_by >= letter.sent_on + timedelta(days=90)


_LEGALESE = re.compile(
    r"\b(?:pursuant|hereby|herein|thereof|aforementioned|notwithstanding|utili[sz]e|in order to|prior to|shall)\b", re.I
)


def test_the_words_are_plain(name: str) -> None:
    sample = load_sample(name, DAYS[0])
    texts = [action.text for action in sample.actions]
    texts += [factor.reason for factor in sample.factors]
    texts += [sample.decision_reason]
    texts += [
        value
        for each in sample.notices
        for field, value in each.fields.items()
        # What is chosen among the options of a form is in the regulator's words.
        if not next(one for one in kind_named(each.kind).fields if one.name == field).options
    ]
    for text in texts:
        grade = readability(Prose(text)).grade
        assert grade is None or grade <= PLAIN_GRADE or len(text.split()) < SHORT, (grade, text)
        assert "—" not in text
        assert not _LEGALESE.search(text), text


def test_nothing_real_can_be_reached(name: str) -> None:
    sample = load_sample(name, DAYS[0])
    text = repr(sample)
    assert set(re.findall(r"(?<![\w-])\d{3}-\d{3}-\d{4}", text)) <= {
        sample.contact["phone"], sample.contact["toll_free"], "877-322-8228",
    }  # fmt: skip
    assert all("-555-01" in sample.contact[key] for key in ("phone", "toll_free"))
    hosts = set(re.findall(r"[\w.-]+\.(?:com|org|net)\b", text))
    assert all(host.endswith((".example.com", ".example.org")) for host in hosts - {"www.annualcreditreport.com"})
