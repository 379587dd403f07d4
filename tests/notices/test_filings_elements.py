"""What notices to the owner of data and reports to regulators must say: found where the text says it, only there."""

import pytest

from notices.elements import check_text
from tests.notices.elements_case import facts, requirements

OWNER = "us.hipaa.covered_entity"
CDPH = "ca.hsc1280_15.cdph"
SAMPLE = "ca.civ1798_82.attorney_general"


def says(text, element, for_id, of=None):
    of = of or facts()
    report = check_text(text, requirements(of, [for_id]), of)
    return next(each for each in report.elements if each.id == element).found


@pytest.mark.parametrize(
    ("element", "for_id", "text"),
    [
        ("ba.individuals", OWNER, "A list that identifies each individual goes with this letter."),
        ("ba.individuals", OWNER, "We will send you the names of the patients as soon as we have identified them."),
        ("cdph.facility", CDPH, "Lakeshore Aesthetics, 1420 North Clybourn Avenue, Chicago, IL 60610"),
        ("cdph.breach_time", CDPH, "Date of the breach: September 30, 2026, 4:10 p.m."),
        ("cdph.breach_time", CDPH, "The disclosure took place on September 30, 2026, time not known."),
        ("cdph.detection_time", CDPH, "The breach was detected on October 3, 2026 at 9:15 a.m."),
        ("cdph.patients", CDPH, "The names of the patients are in the enclosed list."),
        ("cdph.patients", CDPH, "Patient: see the list of patients."),
        (
            "cdph.information",
            CDPH,
            "The information involved was the name, date of birth and medical information. "
            "Each patient can be re-identified from the name.",
        ),
        ("cdph.events", CDPH, "A fax went to the wrong patient."),
        ("cdph.people", CDPH, "The recipient was Robin Example, 312-555-0111."),
        ("cdph.people", CDPH, "The person who took the laptop is not known."),
        ("cdph.patient_notice", CDPH, "The patients will be notified by letter on October 20, 2026."),
        ("ca.ag.sample", SAMPLE, "Notice of Data Breach\n\nDear «recipient name»:\n\nThere was a breach."),
        ("ca.ag.sample", SAMPLE, "NOTICE OF DATA BREACH\n\nDear Valued Customer:\n\nThere was a breach."),
    ],
)
def test_said(element, for_id, text):
    assert says(text, element, for_id)


@pytest.mark.parametrize(
    ("element", "for_id", "text"),
    [
        ("ba.individuals", OWNER, "We keep the identity of our staff secret."),
        ("ba.content", OWNER, "A list of the individuals will follow."),
        ("ba.content", OWNER, "A laptop was stolen."),
        ("cdph.facility", CDPH, "Lakeshore Aesthetics reports a breach."),
        ("cdph.facility", CDPH, "Another Spa, 1420 North Clybourn Avenue, Chicago, IL 60610"),
        ("cdph.breach_time", CDPH, "The breach took place on September 30, 2026."),
        ("cdph.breach_time", CDPH, "It was detected on October 3, 2026 at 9:15 a.m."),
        ("cdph.detection_time", CDPH, "It was detected on October 3, 2026."),
        ("cdph.patients", CDPH, "The names of the patients are not included."),
        ("cdph.information", CDPH, "The information involved was the name, date of birth and medical information."),
        ("cdph.people", CDPH, "A person did it."),
        ("cdph.patient_notice", CDPH, "The patients will be notified."),
        ("ca.ag.sample", SAMPLE, "Notice of Data Breach\n\nDear Ana Díaz:\n\nThere was a breach."),
        ("ca.ag.sample", SAMPLE, "Notice of Data Breach\n\nYour number 123-45-6789 was involved."),
        ("ca.ag.sample", SAMPLE, "A form with dates."),
    ],
)
def test_not_said(element, for_id, text):
    assert not says(text, element, for_id)


def test_what_follows_promptly_may_be_left_for_later_in_a_notice_to_the_owner():
    of = facts()
    text = "A laptop was stolen. What we learn later we will send you promptly."
    report = check_text(text, requirements(of, [OWNER]), of)
    content = next(each for each in report.elements if each.id == "ba.content")
    assert content.found
    assert "Left for later: the kinds of information" in content.why
