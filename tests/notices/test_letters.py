"""Letters to individuals: complete, plain, the same for everybody, bound to their content."""

import msgspec
import pytest

from jurisdictions.content import content_requirements
from notices.context import Audience
from notices.drafting import letter_requirements
from notices.elements import check_text
from notices.layout import ELEMENT_IDS, LETTER, letter_layout, said_by
from notices.letters import render_body, render_letter
from notices.service import compose
from tests.notices.elements_case import EVERY, facts, rulebook
from tests.notices.golden import check_golden
from tests.notices.samples import ORGANIZATION, SERVICES, SSN_FACTS, context, letter, recipient

HELD = {"law_enforcement_holds": [{"kind": "written", "stated_on": "2026-10-05", "until": "2026-10-20"}]}
CREDENTIALS = {"incident__data_elements": ["online_credentials"], "organization__hipaa_role": "none"}
SITUATIONS = {
    "health data": {},
    "social security numbers": SSN_FACTS,
    "law enforcement hold": HELD,
    "not under HIPAA": {"organization__hipaa_role": "none"},
    "credentials only": CREDENTIALS,
    "day of the breach unknown": {"incident__occurred_from": None, "incident__occurred_to": None},
    "one day": {"incident__occurred_to": "2026-09-30"},
}


def composed(situation):
    of = facts(**SITUATIONS[situation])
    extra = {} if of.incident.data_elements != ("online_credentials",) else {"data_types": "user name and password"}
    return of, compose("individual_letter", context("individual_letter", of, **SERVICES, **extra))


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_variant_says_every_element_that_its_law_asks_for(situation):
    of, notice = composed(situation)
    for document in notice.documents:
        assert document.required
        assert set(document.required) <= document.said
        asked = [each for each in letter_requirements(of, rulebook()) if each.id in document.required or each.forbidden]
        report = check_text(document.text, asked, of)
        assert report.problems == (), f"{document.name}: {report.problems}"
        assert {each.id for each in report.elements} == set(document.required)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_letters_read_at_grade_eight_or_below_without_long_sentences(situation):
    of, notice = composed(situation)
    for document in notice.documents:
        measured = check_text(document.text, (), of).readability
        assert measured.grade is not None
        assert measured.grade <= 8, f"{document.name}: {measured}"
        assert measured.sentences_over_25_words == 0


def test_the_layout_holds_exactly_the_elements_of_the_three_laws():
    of = facts(**HELD, **SSN_FACTS)
    law = {
        each.id
        for each in content_requirements(of, rulebook(), for_ids=[*EVERY, "us.ftc_hbnr.individuals"])
        if not each.forbidden
    }
    assert law == ELEMENT_IDS


def test_a_letter_prints_only_what_is_required_beside_its_core():
    plain = said_by(letter_layout(()))
    assert "hipaa.description" in plain
    assert not plain & {
        "il.ftc_contact",
        "ca.identity_services",
        "ca.law_enforcement_delay",
        "il.credentials_direction",
    }
    assert said_by(letter_layout(["il.ftc_contact"])) == plain | {"il.ftc_contact"}
    assert "ca.identity_services" in said_by(letter_layout((), with_services=True))
    assert [part.heading for part in letter_layout(())] == [part.heading for part in LETTER]


def test_services_that_the_law_wants_offered_and_nobody_offers_are_reported_as_missing():
    of = facts(**SSN_FACTS)
    documents = compose("individual_letter", context("individual_letter", of)).documents
    document = next(each for each in documents if each.name == "ca.adult.en")
    assert "ca.identity_services" in document.required
    assert "ca.identity_services" not in document.said
    problems = check_text(document.text, letter_requirements(of, rulebook()), of).problems
    assert [problem.split(":")[0] for problem in problems if problem.startswith("ca.")] == ["ca.identity_services"]


def test_illinois_residents_get_the_illinois_content_and_others_do_not():
    texts = {
        document.name: document.text
        for document in compose("individual_letter", context("individual_letter")).documents
    }
    assert "Federal Trade Commission" in texts["il.adult.en"]
    assert "Federal Trade Commission" not in texts["us.adult.en"]
    assert "Federal Trade Commission" not in texts["ca.adult.en"]


def test_no_letter_gives_the_number_of_illinois_residents():
    for document in compose("individual_letter", letter()).documents:
        assert "1,143" not in document.text
        assert "1143" not in document.html


@pytest.mark.parametrize("audience", list(Audience))
def test_the_letter_speaks_of_the_person_by_who_reads_it(audience):
    texts = {document.name: document.text for document in compose("individual_letter", letter()).documents}
    whose = {
        Audience.ADULT: "your information",
        Audience.PARENT_OF_MINOR: "your child's information",
        Audience.NEXT_OF_KIN: "your family member's information",
        Audience.PERSONAL_REPRESENTATIVE: "that person's information",
    }
    assert f"It may have involved {whose[audience]}." in texts[f"il.{audience}.en"]


@pytest.mark.parametrize("name", ["us.adult.en", "il.parent_of_minor.en", "ca.adult.en", "ca.next_of_kin.en"])
def test_letters_as_agreed(name):
    document = next(each for each in compose("individual_letter", letter()).documents if each.name == name)
    check_golden(f"letter.{name}.txt", document.text)
    check_golden(f"letter.{name}.html", document.html)


def test_an_exercise_says_so_on_every_letter():
    for document in compose("individual_letter", context("individual_letter", exercise=True)).documents:
        assert "EXERCISE. THIS IS NOT A REAL NOTICE." in document.text
        assert "EXERCISE. THIS IS NOT A REAL NOTICE." in document.html


def test_the_content_hash_changes_with_any_word_and_not_with_the_mailing_date():
    first = compose("individual_letter", context("individual_letter")).content_sha256
    again = compose("individual_letter", context("individual_letter", notice_date="2026-11-23")).content_sha256
    undated = compose("individual_letter", context("individual_letter", notice_date="")).content_sha256
    assert first == again == undated
    changed = [
        context("individual_letter", what_happened="A laptop was stolen."),
        context("individual_letter", facts(incident__discovered_at="2026-10-04T09:15:00-05:00")),
        context("individual_letter", organization=msgspec.structs.replace(ORGANIZATION, toll_free="1-800-555-0143")),
        context("individual_letter", exercise=True),
        context("individual_letter", **SERVICES),
    ]
    hashes = {compose("individual_letter", each).content_sha256 for each in changed}
    assert len(hashes) == len(changed)
    assert first not in hashes


def test_the_content_hash_does_not_depend_on_who_gets_the_letter():
    variant = letter().variants[0]
    body = render_body(letter(), variant, "html")
    assert recipient().name_lines[0] in render_letter(letter(), recipient(), body, "html")
    assert recipient().name_lines[0] not in body


def test_the_date_of_discovery_is_the_first_day_anybody_knew():
    of = facts(discovery={"workforce_knew_at": "2026-10-02T18:00:00-05:00"})
    assert (
        "We discovered the breach on October 2, 2026."
        in compose("individual_letter", context("individual_letter", of)).text
    )


def test_unknown_days_of_the_breach_are_said_to_be_unknown():
    of = facts(incident__occurred_to=None)
    assert (
        "The breach began on September 30, 2026. We do not yet know when it ended."
        in compose("individual_letter", context("individual_letter", of)).text
    )


def test_a_context_of_another_kind_is_refused():
    with pytest.raises(TypeError, match="hhs_report"):
        compose("hhs_report", letter())
