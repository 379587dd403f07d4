"""What a drafter fills in, what the forms of regulators ask, and how faults are told."""

from datetime import date

import msgspec
import pytest

from jurisdictions.assess import assess
from jurisdictions.vocabulary import DATA_ELEMENTS
from notices.catalog import KINDS, FieldType, kind_named
from notices.cautions import cautions
from notices.data_types import PHRASES, phrases
from notices.defaults import default_fields
from notices.drafting import build_context, organization_from_contact, requirements_for
from notices.environment import TEMPLATES
from notices.errors import NoticeError
from notices.reference import agencies, stale_warnings
from notices.service import compose
from notices.variants import letter_variants
from notices.worksheet import CALIFORNIA_FORM, HHS_FORM, Mark, california_worksheet, form, hhs_worksheet
from tests.notices.elements_case import check, facts, requirements, rulebook
from tests.notices.golden import check_golden
from tests.notices.samples import FIELDS, ORGANIZATION, SERVICES, SITUATIONS, context


def faults(kind, of=None, **fields):
    with pytest.raises(NoticeError) as refused:
        context(kind, of, **fields)
    return refused.value.faults


@pytest.mark.parametrize("kind", KINDS)
def test_every_template_of_a_kind_exists_and_every_field_has_a_label_and_help(kind):
    entry = kind_named(kind)
    assert all((TEMPLATES / name).is_file() for name in entry.templates)
    assert all(field.label and field.help and field.max_length > 0 for field in entry.fields)
    assert len({field.name for field in entry.fields}) == len(entry.fields)
    choices = [field for field in entry.fields if field.type in (FieldType.CHOICE, FieldType.CHOICES)]
    assert all(field.options for field in choices)


def test_an_unknown_kind_is_refused():
    with pytest.raises(NoticeError, match="telegram"):
        kind_named("telegram")


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"what_happened": ""}, "what_happened: What happened is required"),
        ({"what_happened": "x" * 4001}, "what_happened: 4,001 characters; at most 4,000"),
        ({"what_happened": "On [date] someone came."}, "what_happened: still holds the placeholder '[date]'"),
        ({"what_happened": "TODO"}, "what_happened: still holds the placeholder 'TODO'"),
        ({"what_happened": "bell\x07"}, "what_happened: holds a control character"),
        ({"notice_date": "11/20/2026"}, "notice_date: '11/20/2026' is not a date of the form YYYY-MM-DD"),
        (
            {"what_happened": "Call \U00013000"},
            "what_happened: the fonts cannot print U+13000 EGYPTIAN HIEROGLYPH A001 (\U00013000)",
        ),
        ({"telephone": "1"}, "telephone: individual_letter has no such field"),
        ({**SERVICES, "services_months": "a year"}, "services_months: 'a year' is not a whole number"),
        ({**SERVICES, "services_months": "²"}, "services_months: '²' is not a whole number"),
        ({"services_provider": "Guard"}, "services_months: needed where protection services are offered"),
    ],
)
def test_a_fault_names_its_field(fields, fault):
    assert fault in faults("individual_letter", **fields)


def test_a_name_of_the_organization_that_the_fonts_lack_is_told():
    odd = msgspec.structs.replace(
        ORGANIZATION,
        name="\U00013000 Clinic",
        address=msgspec.structs.replace(ORGANIZATION.address, city="\U00013001"),
    )
    with pytest.raises(NoticeError) as refused:
        context("individual_letter", organization=odd)
    assert [fault.split(":")[0] for fault in refused.value.faults] == ["organization.name", "organization.address.city"]


def test_all_faults_are_told_at_once():
    assert len(faults("individual_letter", what_happened="", notice_date="soon", telephone="1")) == 3


def test_a_choice_outside_the_options_is_refused():
    assert faults("hhs_report", breach_types="Bad luck") == ("breach_types: 'Bad luck' is not one of the options",)
    assert faults("hhs_report", media_required="perhaps") == ("media_required: 'perhaps' is neither yes nor no",)


def test_every_data_element_but_other_has_a_phrase():
    assert set(PHRASES) | {"other"} == set(DATA_ELEMENTS)
    assert phrases(["name", "other", "ssn"]) == ("name", "Social Security number")


def test_an_organization_without_an_address_is_refused_part_by_part():
    with pytest.raises(NoticeError) as refused:
        organization_from_contact("Lakeshore", {"city": "Chicago", "state": "IL"})
    assert refused.value.faults == (
        "organization.contact.street: needed for every notice",
        "organization.contact.zip: needed for every notice",
    )
    known = {"street": "1 Oak", "city": "Chicago", "state": "IL", "zip": "60610", "phone": "312-555-0142"}
    assert organization_from_contact("Lakeshore", known).address.lines == ("1 Oak", "Chicago, IL 60610")


def test_variants_are_one_per_place_audience_and_language():
    variants = letter_variants(requirements(facts()))
    assert len({variant.key for variant in variants}) == len(variants) == 12
    by_key = {variant.key: variant for variant in variants}
    assert not any(element.startswith(("il.", "ca.")) for element in by_key["us.adult.en"].elements)
    assert "il.resident_count" not in by_key["il.adult.en"].elements


def test_contacts_are_dated_and_old_ones_warn():
    known = agencies()
    used = (*known.bureau, known.ftc)
    assert [agency.name for agency in known.bureau] == ["Equifax", "Experian", "TransUnion"]
    assert all(agency.source and agency.toll_free and agency.address for agency in used)
    assert stale_warnings(used, date(2026, 12, 1)) == ()
    assert stale_warnings(used, date(2027, 5, 21)) == ()
    assert len(stale_warnings(used, date(2027, 5, 22))) == 4


def test_what_no_check_can_find_is_told():
    of = facts(affected={"total": 9, "by_state": {"IL": 5, "CA": 2, "TX": None, "WA": 1}})
    today = date(2026, 12, 1)
    (unmodelled,) = cautions("individual_letter", of, rulebook(), today)
    assert "the law of Texas, Washington is not modelled" in unmodelled
    assert cautions("individual_letter", facts(), rulebook(), today) == ()
    assert len(cautions("individual_letter", facts(), rulebook(), date(2027, 7, 1))) == 4
    assert "counsel must confirm where to send it" in cautions("il_ag_notice", facts(), rulebook(), today)[0]
    assert "not verified" in cautions("hhs_report", facts(), rulebook(), today)[0]


def test_the_hhs_form_keeps_the_order_of_the_portal_and_marks_what_is_not_verified():
    blank = form(HHS_FORM)
    assert [screen.title[:1] for screen in blank.screen] == ["1", "2", "3", "4", "5"]
    fields = [field for screen in blank.screen for field in screen.field]
    assert blank.options("breach_types") == (
        "Hacking/IT Incident", "Improper Disposal", "Loss", "Theft", "Unauthorized Access/Disclosure",
    )  # fmt: skip
    assert {field.mark for field in fields} == set(Mark)
    sheet = compose("hhs_report", context("hhs_report")).text
    left_out = [field for field in fields if field.name.startswith("associate_")]
    assert left_out, "a covered entity that files for itself names no associate"
    assert "Business Associate: name" not in sheet
    unverified = sum(field.mark is Mark.UNVERIFIED for field in fields if field not in left_out)
    assert sheet.count("[not verified]") > unverified


@pytest.mark.parametrize(
    ("number", "choice"),
    [(499, "Fewer Than 500 Individuals"), (500, "500 or More Individuals"), (501, "500 or More Individuals")],
)
def test_the_portal_asks_five_hundred_or_more(number, choice):
    sheet = hhs_worksheet(context("hhs_report", facts(affected={"total": number})))
    entry = next(each for screen in sheet.screens for each in screen.entries if each.name == "affecting")
    assert entry.values == (choice,)
    assert [option.text for option in entry.options if option.chosen] == [choice]


@pytest.mark.parametrize("total", [None, {"min": 1000, "max": 1300}])
def test_a_number_that_is_not_known_is_missing_and_never_zero(total):
    of = facts(affected={"total": total})
    sheet = hhs_worksheet(context("hhs_report", of))
    assert {"Breach affecting", "Approximate number of individuals affected by the breach"} <= set(sheet.missing)
    text = compose("hhs_report", context("hhs_report", of)).text
    assert "NOT READY: 2 compulsory fields are still empty." in text
    assert ("1,000 to 1,300" in text) == (total is not None)


def test_the_longest_description_fits_and_one_character_more_does_not():
    context("hhs_report", description="x" * 4000)
    assert faults("hhs_report", description="x" * 4001) == ("description: 4,001 characters; at most 4,000",)


def test_hhs_defaults_come_from_the_facts_and_the_assessment():
    of = facts()
    assessment = assess(of, rulebook(), as_of=of.incident.discovered_at)
    found = default_fields("hhs_report", facts=of, organization=ORGANIZATION, assessment=assessment)
    assert found["filer_role"] == "Covered Entity filing for itself"
    assert found["media_required"] == "yes"
    assert found["media_states"] == "IL"
    assert "Demographic: Date of Birth" in found["phi_types"]
    unknown = facts(affected={"total": None})
    assessment = assess(unknown, rulebook(), as_of=of.incident.discovered_at)
    assert "media_required" not in default_fields(
        "hhs_report", facts=unknown, organization=ORGANIZATION, assessment=assessment
    )


def test_the_illinois_notice_gives_the_number_and_stands_on_its_provision():
    text = compose("il_ag_notice", context("il_ag_notice")).text
    assert "815 ILCS 530/50" in text
    assert "Illinois residents affected: 1,143 at the time of this notice" in text
    other = facts(organization__hipaa_role="none")
    notice = compose("il_ag_notice", context("il_ag_notice", other))
    assert "815 ILCS 530/10(e)" in notice.text
    assert check(notice.text, other, ["il.pipa.attorney_general"]).problems == ()


def test_an_unknown_number_of_illinois_residents_is_not_known_and_never_zero():
    other = facts(organization__hipaa_role="none", affected={"total": None, "by_state": {"IL": None}})
    notice = compose("il_ag_notice", context("il_ag_notice", other))
    assert "Illinois residents affected: Not yet known." in notice.text
    assert "il.ag.residents" in check(notice.text, other, ["il.pipa.attorney_general"]).problems[0]


def test_no_address_of_the_illinois_attorney_general_is_printed():
    text = compose("il_ag_notice", context("il_ag_notice")).text
    after = text.split("Office of the Illinois Attorney General", 1)[1]
    assert after.strip().startswith("Notice of a breach")


def test_the_california_submission_has_the_values_and_a_sample_without_a_person():
    submission = context("ca_ag_submission", facts(given={"us.hipaa.individuals": "2026-11-20"}))
    sheet, sample = compose("ca_ag_submission", submission).documents
    assert "November 20, 2026" in sample.text
    assert "11/20/2026" in sheet.text
    assert "61" in sheet.text
    assert "«recipient name»" in sample.text
    assert "Notice of Data Breach" in sample.text
    assert {each.name for each in form(CALIFORNIA_FORM).screen[0].field} >= {"organization_name"}
    assert california_worksheet(submission).missing == ()


def test_whether_notice_was_delayed_is_left_open_where_no_hold_is_recorded():
    sheet = california_worksheet(context("ca_ag_submission"))
    entry = next(e for screen in sheet.screens for e in screen.entries if e.name == "delayed_by_law_enforcement")
    assert entry.values == ()
    held = facts(law_enforcement_holds=[{"kind": "oral", "stated_on": "2026-10-05"}])
    sheet = california_worksheet(context("ca_ag_submission", held))
    entry = next(e for screen in sheet.screens for e in screen.entries if e.name == "delayed_by_law_enforcement")
    assert entry.values == ("Yes",)


@pytest.mark.parametrize("kind", ["hhs_report", "il_ag_notice", "ca_ag_submission"])
def test_reports_as_agreed(kind):
    document = compose(kind, context(kind)).documents[0]
    check_golden(f"{kind}.txt", document.text)
    check_golden(f"{kind}.html", document.html)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_form_starts_with_is_accepted_by_it(kind):
    names = {field.name for field in kind_named(kind).fields}
    of = facts(**SITUATIONS.get(kind, {}))
    found = default_fields(kind, facts=of, organization=ORGANIZATION)
    assert set(found) <= names
    assert set(FIELDS[kind]) <= names
    build_context(
        kind,
        facts=of,
        organization=ORGANIZATION,
        fields=found | FIELDS[kind],
        requirements=requirements_for(kind, of, rulebook()),
    )


def test_a_report_for_a_name_with_signs_that_mean_something_in_a_style_sheet():
    odd = msgspec.structs.replace(ORGANIZATION, name='Bright "Skin" \\ & <Co>')
    for kind in KINDS:
        for document in compose(kind, context(kind, organization=odd)).documents:
            assert 'Bright "Skin" \\ & <Co>' in document.text
            assert "Bright &#34;Skin&#34; \\ &amp; &lt;Co&gt;" in document.html
