"""Reports to HHS: what an answer makes compulsory, addenda, several covered entities, and the Part 2 twin."""

import pytest

from jurisdictions.assess import assess
from jurisdictions.facts import CountRange
from notices.catalog import kind_named
from notices.context import Partner, PostalAddress
from notices.defaults import default_fields
from notices.drafting import build_context
from notices.errors import NoticeError
from notices.fields import Fields
from notices.hhs import BECAUSE_OF_ASSOCIATE, FOR_COVERED_ENTITIES, report_context
from notices.service import compose
from notices.worksheet import HHS_FORM, PART2_FORM, Mark, form, hhs_worksheet, is_initial
from tests.notices.samples import HHS_FIELDS, ORGANIZATION, context, facts, rulebook

ADDRESS = PostalAddress(street1="9 Elm Street", city="Peoria", state="IL", zip="61602")
LAKEVIEW = Partner(
    number=1, name="Lakeview Clinic", entity_type="Healthcare Provider", individuals=450, address=ADDRESS
)
HARBOR = Partner(number=2, name="Harbor Dental", entity_type="Healthcare Provider", individuals=350, address=ADDRESS)


def sheet(kind: str = "hhs_report", **words: str):
    return hhs_worksheet(context(kind, **words))


def values(of) -> dict[str, tuple[str, ...]]:
    return {entry.name: entry.values for screen in of.screens for entry in screen.entries}


def for_entities(*entities: Partner, chosen: str = "1\n2", **words: str):
    fields = HHS_FIELDS | {"filer_role": FOR_COVERED_ENTITIES, "report_type": "Initial Breach Report"} | words
    read = Fields(kind_named("hhs_report"), fields | {"covered_entities": chosen})
    made = report_context(read, facts(), ORGANIZATION, entities, part2=False, exercise=False)
    read.refuse_faults()
    return made


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ({"substitute_required": "yes"}, "If yes: number of individuals"),
        ({"media_required": "yes", "media_states": ""}, "If yes: States and territories in which media notice"),
        ({"phi_types": "Other"}, "Other type of protected health information (text)"),
        ({"actions": "Other"}, "Describe other actions taken (text)"),
        ({"report_type": "Addendum to Previous Report"}, "Do you have a valid breach tracking number?"),
        ({"report_type": "Addendum to Previous Report"}, "Breach tracking number of the previous report"),
        ({"filer_role": BECAUSE_OF_ASSOCIATE}, "Business Associate: name"),
        ({"notice_end": ""}, "Individual notice provided: projected or actual end date"),
    ],
)
def test_an_answer_makes_another_field_compulsory(words: dict[str, str], asked: str) -> None:
    missing = sheet(**words).missing
    assert any(label.startswith(asked) for label in missing), missing
    document = compose("hhs_report", context("hhs_report", **words)).documents[0]
    assert any(label.startswith(asked) for label in document.missing), "so nothing is approved"


def test_an_addendum_without_a_number_says_so_and_one_with_a_number_names_it() -> None:
    addendum = {"report_type": "Addendum to Previous Report"}
    without = sheet(**addendum, tracking_known="No")
    assert not [label for label in without.missing if "tracking number of" in label]
    named = sheet(**addendum, tracking_known="Yes", previous_tracking_number="T-00731")
    assert named.missing == ()
    assert named.title.startswith("Addendum to tracking number T-00731: ")
    assert [screen.title for screen in named.screens] == [screen.title for screen in sheet().screens], "in one order"
    assert is_initial(context("hhs_report"))
    assert not is_initial(context("hhs_report", **addendum))


@pytest.mark.parametrize(
    ("kind", "form_name"),
    [("hhs_report", "HHS breach report (45 CFR 164.408)"), ("part2_report", "Part 2 breach report (42 CFR 2.16(b))")],
)
def test_every_page_of_an_addendum_says_of_which_form_it_is(kind: str, form_name: str) -> None:
    words = {"report_type": "Addendum to Previous Report", "tracking_known": "Yes"}
    html = compose(kind, context(kind, **words, previous_tracking_number='T-1"; }')).documents[0].html
    assert f"Addendum to tracking number T-1 : {form_name}" in html


def test_the_business_associate_of_a_covered_entity_is_named_with_its_address() -> None:
    words = {"filer_role": BECAUSE_OF_ASSOCIATE, "partner_name": "Ledger Billing", "partner_street1": "1 Oak Street"}
    with pytest.raises(NoticeError) as refusal:
        context("hhs_report", **words)
    assert [fault.partition(":")[0] for fault in refusal.value.faults] == [
        "partner_city",
        "partner_state",
        "partner_zip",
    ]
    full = sheet(**words, partner_city="Peoria", partner_state="IL", partner_zip="61602")
    assert full.missing == ()
    assert values(full)["associate_name"] == ("Ledger Billing",)
    assert values(full)["entity_name"] == (ORGANIZATION.name,)


def test_one_report_names_each_covered_entity_and_the_associate_is_the_organization() -> None:
    made = hhs_worksheet(for_entities(LAKEVIEW, HARBOR))
    found = values(made)
    assert (found["entity_name.1"], found["entity_name.2"]) == (("Lakeview Clinic",), ("Harbor Dental",))
    assert found["associate_name"] == (ORGANIZATION.name,)
    assert found["individuals"] == ("800",)
    assert found["affecting"] == ("500 or More Individuals",)
    labels = [entry.label for entry in made.screens[1].entries if entry.name.startswith("entity_name")]
    assert labels[1].startswith("Covered Entity 2 of 2: name")
    alone = values(hhs_worksheet(for_entities(LAKEVIEW, HARBOR, chosen="2")))
    assert (alone["entity_name"], alone["individuals"]) == (("Harbor Dental",), ("350",))
    assert alone["affecting"] == ("Fewer Than 500 Individuals",)


def test_an_entity_without_a_number_leaves_the_number_missing_and_a_range_is_told() -> None:
    unknown = Partner(number=3, name="Third Eye Care", address=ADDRESS, entity_type="Healthcare Provider")
    made = hhs_worksheet(for_entities(LAKEVIEW, unknown, chosen="1\n3"))
    assert "Approximate number of individuals affected by the breach" in made.missing
    ranged = Partner(number=3, name="Third", address=ADDRESS, individuals=CountRange(min=10, max=20))
    notes = [entry.note for entry in hhs_worksheet(for_entities(LAKEVIEW, ranged, chosen="1\n3")).screens[2].entries]
    assert any(note and "460 to 470" in note for note in notes)


def test_a_number_that_names_no_covered_entity_is_a_fault_and_none_chosen_is_missing() -> None:
    with pytest.raises(NoticeError, match="covered_entities: '7' is not the number"):
        for_entities(LAKEVIEW, chosen="7")
    assert any(label.startswith("Covered Entity: name") for label in hhs_worksheet(for_entities(chosen="")).missing)


def test_the_part_2_form_is_a_report_of_its_own_with_a_number_of_its_own() -> None:
    made = sheet("part2_report")
    assert made.title.startswith("Part 2 breach report (42 CFR 2.16(b))")
    assert values(made)["individuals"] == ("41",), "not the number of all people affected"
    notes = [entry.note for screen in made.screens for entry in screen.entries if entry.name == "individuals"]
    assert "Everybody affected" in str(notes)
    without = hhs_worksheet(context("part2_report", individuals=""))
    assert "Approximate number of individuals affected by the breach" in without.missing, "never silently the same"
    with pytest.raises(TypeError):
        compose("hhs_report", context("part2_report"))
    with pytest.raises(TypeError):
        compose("part2_report", context("hhs_report"))
    assert kind_named("part2_report").obligations == ("us.part2.hhs",)


def test_what_was_read_on_the_twin_is_verified_there_and_nothing_else() -> None:
    twin = {field.name: field.mark for screen in form(PART2_FORM).screen for field in screen.field}
    hipaa = {field.name: field.mark for screen in form(HHS_FORM).screen for field in screen.field}
    assert twin.keys() == hipaa.keys()
    assert {name for name, mark in twin.items() if mark is Mark.VERIFIED} == {
        name for name, mark in hipaa.items() if mark is Mark.TWIN
    }
    assert set(twin.values()) == {Mark.VERIFIED, Mark.UNVERIFIED}


def test_counters_stand_where_the_form_has_a_limit() -> None:
    entries = {entry.name: entry for screen in sheet().screens for entry in screen.entries}
    assert entries["description"].length == f"{len(HHS_FIELDS['description'])} of 4,000 characters"
    assert entries["other_actions"].length is None, "no limit of it is known"


def test_words_of_a_report_are_refused_in_a_notice_of_another_kind() -> None:
    with pytest.raises(NoticeError, match="individuals: hhs_report has no such field"):
        build_context("hhs_report", facts=facts(), organization=ORGANIZATION, fields={"individuals": "3"})


@pytest.mark.parametrize(("role", "said"), [("covered_entity", True), ("business_associate", False), (None, False)])
def test_what_the_organization_does_not_owe_says_nothing_of_those_it_files_for(role, *, said: bool) -> None:
    of = facts(organization__hipaa_role=role)
    assessment = assess(of, rulebook(), as_of=of.incident.discovered_at)
    found = default_fields("hhs_report", facts=of, organization=ORGANIZATION, assessment=assessment)
    assert ("media_required" in found) is said
    assert said or "substitute_required" not in found
