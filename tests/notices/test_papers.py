"""Every other document: complete, plain where people read it, nothing invented, nothing forbidden."""

from datetime import date, timedelta
from hashlib import sha256

import pytest

from incident.incident import FACTORS
from incident.notice import METHODS
from notices.catalog import KINDS, kind_named
from notices.defaults import default_fields
from notices.drafting import requirements_for
from notices.elements import check_text
from notices.engines import engine
from notices.errors import NoticeError
from notices.papers import PAPERS, memos
from notices.production import produce_report
from notices.service import compose
from tests.notices.elements_case import facts, rulebook
from tests.notices.golden import check_golden
from tests.notices.samples import ORGANIZATION, SERVICES, SITUATIONS, SSN_FACTS, context

DATED = [kind for kind in PAPERS if "notice_date" in {field.name for field in kind_named(kind).fields}]


def situation(kind, **changes):
    return facts(**{**SITUATIONS.get(kind, {}), **changes})


def report(kind, document, of):
    asked = [each for each in requirements_for(kind, of, rulebook()) if each.id in document.required or each.forbidden]
    return check_text(document.text, asked, of)


def documents(kind, of=None, **fields):
    return {each.name: each for each in compose(kind, context(kind, of, **fields)).documents}


def faults(kind, of=None, **fields):
    with pytest.raises(NoticeError) as refused:
        context(kind, of, **fields)
    return refused.value.faults


@pytest.mark.parametrize("kind", PAPERS)
def test_each_document_says_what_the_law_asks_of_it_and_lacks_nothing(kind):
    of = situation(kind)
    for document in compose(kind, context(kind, of)).documents:
        assert report(kind, document, of).problems == (), document.name
        assert set(document.required) <= document.said, document.name
        assert document.missing == (), document.name


@pytest.mark.parametrize("kind", PAPERS)
def test_what_people_read_or_hear_is_at_grade_eight_or_below(kind):
    of = situation(kind)
    spoken = [each for each in compose(kind, context(kind, of)).documents if each.to_people]
    for document in spoken:
        measured = report(kind, document, of).readability
        assert measured.grade is not None
        assert measured.grade <= 8, f"{document.name}: {measured}"
        assert measured.sentences_over_25_words == 0, document.name


@pytest.mark.parametrize("kind", PAPERS)
def test_documents_as_agreed(kind):
    for document in compose(kind, context(kind)).documents:
        if kind != "email_notice" or document.name == "email.il.adult.en":
            check_golden(f"{kind}.{document.name}.txt", document.text)


@pytest.mark.parametrize("kind", PAPERS)
def test_an_exercise_says_so_on_every_document(kind):
    for document in compose(kind, context(kind, exercise=True)).documents:
        assert "EXERCISE." in document.text, document.name
        assert "EXERCISE." in document.html


@pytest.mark.parametrize("kind", DATED)
def test_a_day_that_is_not_given_is_a_gap_that_bars_the_document(kind):
    dated = [each for each in compose(kind, context(kind, notice_date="")).documents if each.missing]
    assert dated
    assert all("«" in each.text for each in dated)


@pytest.mark.parametrize("kind", PAPERS)
def test_the_number_of_illinois_residents_is_in_nothing_that_people_read(kind):
    of = situation(kind)
    for document in compose(kind, context(kind, of)).documents:
        if document.to_people:
            assert "1,143" not in document.text
            words = document.text + "\nThis concerns 1,143 Illinois residents.\n"
            asked = requirements_for(kind, of, rulebook())
            assert [each.id for each in check_text(words, asked, of).forbidden] == ["il.resident_count"], document.name


def test_every_kind_serves_duties_of_the_law_or_goes_beside_what_does():
    records = {
        "email_notice",
        "telephone_script",
        "call_center_faq",
        "law_enforcement_hold",
        "risk_assessment_memo",
        "no_notice_memo",
    }
    assert {kind for kind in PAPERS if not kind_named(kind).obligations} == records


def test_what_names_people_is_told_so_that_packs_leave_it_out():
    named = {"individual_letter", "email_notice", "cdph_report"}
    assert {kind for kind, entry in KINDS.items() if entry.names_people} == named


# ---- substitute and media notice


def test_a_posting_may_come_down_ninety_days_after_its_first_day():
    posted = date(2026, 11, 20)
    assert posted + timedelta(days=90) == date(2027, 2, 18)
    shown = documents("substitute_notice")
    assert "until February 18, 2027" in shown["web_posting"].text
    assert "February 18, 2027 (90 days after the first day, which is day 0)" in shown["what_to_do"].text
    assert "February 18, 2027" not in shown["print_notice"].text


@pytest.mark.parametrize("number", ["312-555-0142", "1-900-555-0142", "call us"])
def test_the_number_of_a_substitute_notice_has_to_be_toll_free(number):
    (fault,) = faults("substitute_notice", toll_free_line=number)
    assert fault.startswith("toll_free_line: ")
    assert "is not a toll-free number" in fault


def test_a_posting_serves_the_residents_of_every_state_in_play():
    required = documents("substitute_notice", facts(**SSN_FACTS))["web_posting"].required
    assert {"hipaa.contact", "il.ftc_contact", "ca.identity_services", "ca.notice_date"} <= set(required)


def test_there_is_a_release_for_the_media_of_each_state_and_none_gives_a_number():
    shown = documents("media_notice", states="IL\nCA")
    assert set(shown) == {"media.il", "media.ca"}
    assert "To news media that serve California" in shown["media.ca"].text
    assert "It does not replace them." in shown["media.il"].text
    assert faults("media_notice", states="Illinois") == ("states: 'Illinois' is not the USPS code of a State",)


def test_what_goes_on_a_screen_is_kept_as_a_page_and_as_text_too():
    kept = {}
    shown = documents("substitute_notice")

    def keep(content):
        kept[digest := sha256(content).hexdigest()] = content
        return digest

    manifest = produce_report("substitute_notice", "0" * 64, shown.values(), engine("plutoprint"), keep)
    names = [file.name for file in manifest.files]
    assert names[:3] == ["web_posting.pdf", "web_posting.html", "web_posting.txt"]
    assert [name for name in names if name.endswith((".html", ".txt"))] == names[1:3]
    assert (manifest.rows, manifest.documents) == (5, 5)
    text = next(file for file in manifest.files if file.name == "web_posting.txt")
    assert kept[text.sha256].decode() == shown["web_posting"].text


# ---- credentials


@pytest.mark.parametrize(
    ("elements", "fits"),
    [
        (["online_credentials"], True),
        (["email_credentials_issued_by_us", "name", "email"], True),
        (["online_credentials", "ssn"], False),
        (["name", "email"], False),
        (None, False),
    ],
)
def test_the_short_notice_serves_a_duty_only_where_nothing_but_credentials_was_lost(elements, fits):
    assert PAPERS["credentials_notice"].fits(facts(incident__data_elements=elements)) is fits


def test_the_short_notice_on_credentials_is_refused_where_more_was_lost():
    of = situation("credentials_notice", incident__data_elements=["online_credentials", "ssn"])
    (fault,) = faults("credentials_notice", of)
    assert "ssn are lost too" in fault
    (fault,) = faults("credentials_notice", facts(organization__hipaa_role="none"))[:1]
    assert "no user name or email address with a password" in fault


def test_the_notice_on_credentials_never_goes_by_the_account_itself():
    ways = next(field for field in kind_named("credentials_notice").fields if field.name == "way").options
    assert not any(way == "By email" for way in ways)
    assert any("not the account itself" in way for way in ways)
    assert faults("credentials_notice", way="By email") == ("way: 'By email' is not one of the options",)
    text = documents("credentials_notice")["credentials"].text
    assert "http" not in text
    assert "www." not in text.split("For More Information")[1]


@pytest.mark.parametrize(
    ("way", "method"),
    [("By mail", "first_class_mail"), ("By email to an address that is not the account itself", "email")],
)
def test_the_notice_on_credentials_goes_only_by_the_way_it_was_approved_for(way, method):
    told = context("credentials_notice", way=way)
    bars = PAPERS["credentials_notice"].bars_sending
    assert [name for name, _ in METHODS if not bars(told, name)] == [method]


# ---- law enforcement


@pytest.mark.parametrize(
    ("hold", "words"),
    [
        ({"kind": "oral", "until": None}, ["no longer than 30 days", "That is until November 9, 2026"]),
        ({"kind": "oral", "until": "2026-10-20"}, ["That is until October 20, 2026"]),
        ({"kind": "oral", "until": "2027-01-20"}, ["That is until November 9, 2026"]),
        ({"kind": "written", "until": None}, ["does not specify the time", "on November 9, 2026"]),
        ({"kind": "written", "until": "2027-01-20"}, ["until January 20, 2027. We delay them for that time"]),
    ],
)
def test_an_oral_request_delays_thirty_days_at_most_and_a_written_one_as_long_as_it_says(hold, words):
    of = facts(law_enforcement_holds=[{"agency": "FBI", "stated_on": "2026-10-10", **hold}])
    text = documents("law_enforcement_hold", of)["law_enforcement_hold"].text
    assert all(each in text for each in words), text


def test_illinois_is_told_to_want_a_writing_and_a_request_that_is_not_recorded_is_refused():
    assert "word of mouth does not delay it" in documents("law_enforcement_hold")["law_enforcement_hold"].text
    assert faults("law_enforcement_hold", facts()) == (
        "request: no law-enforcement request for delay is recorded in the facts",
    )
    assert faults("law_enforcement_hold", request="2") == ("request: 1 recorded; there is no number 2",)


# ---- memos


def test_the_four_factors_are_those_of_the_record_in_statutory_order():
    assert [name for name, _ in memos.FACTORS] == [name for name, _ in FACTORS]
    risk = [(name, 2, f"Because of {name}.") for name, _ in FACTORS]
    start = default_fields("risk_assessment_memo", facts=facts(), organization=ORGANIZATION, risk=risk)
    assert start["mitigated_rating"] == "2"
    assert start["mitigated_reason"] == "Because of mitigated."


def test_a_risk_memo_without_a_recorded_outcome_is_not_ready():
    (memo,) = compose(
        "risk_assessment_memo", context("risk_assessment_memo", facts(incident__risk_assessment="not_done"))
    ).documents
    assert memo.missing == ("Outcome of the risk assessment",)


def test_no_decision_not_to_notify_against_the_record():
    (fault,) = faults("no_notice_memo", facts(), ground="low_probability")
    assert fault.startswith("ground: the record does not support 'low_probability'; it says 'breach'")
    sealed = facts(incident__encrypted=True, incident__key_compromised=False, incident__risk_assessment=None)
    text = documents("no_notice_memo", sealed, ground="secured")["no_notice_memo"].text
    assert "was not unsecured" in text


# ---- services "if any"


def test_a_drafter_may_state_with_a_reason_that_there_are_no_services():
    of = facts(**SSN_FACTS)
    told = context("individual_letter", of, services_none="Counsel advises that no service fits this data.")
    for variant in told.variants:
        assert "ca.identity_services" not in variant.elements
    asked = context("individual_letter", of)
    assert any("ca.identity_services" in variant.elements for variant in asked.variants)
    (fault,) = faults("email_notice", of, services_none="None.")
    assert fault.startswith("services_none: services are offered above")


# ---- no template says what only the drafter can

EMPTY_WORDS = {
    "what_happened": ("There was a breach. We are sorry.", {"hipaa.description", "ca.description", "cdph.events"}),
    "what_we_are_doing": ("We are sorry for it.", {"hipaa.entity_actions"}),
    "what_you_can_do": ("Thank you for reading this.", {"hipaa.protective_steps"}),
}


@pytest.mark.parametrize(
    "kind", ["individual_letter", "email_notice", "substitute_notice", "media_notice", "cdph_report"]
)
@pytest.mark.parametrize("field", EMPTY_WORDS)
def test_words_that_say_nothing_leave_their_element_missing_whatever_the_template_adds(kind, field):
    words, elements = EMPTY_WORDS[field]
    if field not in {each.name for each in kind_named(kind).fields}:
        return
    of = facts()
    none = dict.fromkeys(SERVICES, "") if "services_months" in {each.name for each in kind_named(kind).fields} else {}
    for document in compose(kind, context(kind, of, **none, **{field: words})).documents:
        asked = elements & set(document.required)
        found = {each.id for each in report(kind, document, of).elements if each.found}
        # The Illinois statement on fraud alerts tells people what to do, and so does its own work for the steps.
        told = {"hipaa.protective_steps"} if "il.fraud_alert_statement" in document.said else set()
        assert not asked & found - told, document.name


def test_a_notice_to_the_owner_says_what_happened_or_lacks_it():
    of = situation("owner_notice")
    (document,) = compose("owner_notice", context("owner_notice", of, what_happened="There was a breach.")).documents
    assert [each.split(":")[0] for each in report("owner_notice", document, of).problems] == ["ba.content"]
