"""A fictional organization, its incident and its notices, written through the same functions as the program."""

from functools import cache

import msgspec

from notices.context import Audience, LetterContext, Organization, PostalAddress, Recipient
from notices.defaults import default_fields
from notices.drafting import build_context, letter_requirements
from tests.notices.elements_case import facts, rulebook

ORGANIZATION = Organization(
    name="Lakeshore Aesthetics",
    address=PostalAddress(
        street1="1420 North Clybourn Avenue", street2="Suite 300", city="Chicago", state="IL", zip="60610"
    ),
    phone="312-555-0142",
    toll_free="1-800-555-0142",
    email="privacy@lakeshore-aesthetics.example",
    website="www.lakeshore-aesthetics.example",
    privacy_officer="Dana Whitfield, Privacy Officer",
    signatory_name="Dana Whitfield",
    signatory_title="Privacy Officer",
)
SSN_FACTS = {"incident__data_elements": ["name", "ssn", "date_of_birth", "medical_information"]}
LETTER_FIELDS = {
    "what_happened": "Someone who was not allowed to do so signed in to the email account of our billing office. "
    "A staff member had typed a password into a false web page.\n\nEmails and files in that account could be read.",
    "what_we_are_doing": "We closed the account to the intruder on the day we found out. We hired experts to find out "
    "what was seen. We changed all passwords and now ask for a second step at sign-in.",
    "notice_date": "2026-11-20",
}
SERVICES = {
    "services_provider": "Example Identity Guard",
    "services_months": "12",
    "services_how_to_enroll": "To enroll, go to www.example-identity-guard.example or call 1-800-555-0199, "
    "and give the code LAKE-2026.",
    "services_enroll_by": "2027-02-28",
}
HHS_FIELDS = {
    "contact_first_name": "Dana",
    "contact_last_name": "Whitfield",
    "contact_email": "privacy@lakeshore-aesthetics.example",
    "contact_phone": "312-555-0142",
    "breach_types": "Hacking/IT Incident",
    "locations": "Email",
    "description": "An intruder signed in to one email account of the billing office.",
    "safeguards": "Privacy Rule Safeguards (Training, Policies and Procedures, etc.)",
    "notice_start": "2026-11-20",
    "substitute_required": "no",
    "media_required": "yes",
    "media_states": "IL",
    "actions": "Implemented new technical safeguards\nTrained or retrained workforce members",
    "attested_by": "Dana Whitfield",
    "attested_on": "2026-11-20",
}
ILLINOIS_FIELDS = {
    "nature": "Someone who was not allowed to do so signed in to an email account.",
    "steps": "We closed the account, hired experts and changed all passwords.",
    "notice_date": "2026-11-24",
}
CALIFORNIA_FIELDS = {"breach_type": "Unauthorized access to an email account", **LETTER_FIELDS}
FIELDS = {
    "individual_letter": LETTER_FIELDS,
    "hhs_report": HHS_FIELDS,
    "il_ag_notice": ILLINOIS_FIELDS,
    "ca_ag_submission": CALIFORNIA_FIELDS,
}


def context(kind, of=None, organization=ORGANIZATION, exercise=False, **fields):
    of = of or facts()
    words = default_fields(kind, facts=of, organization=organization) | FIELDS[kind] | fields
    return build_context(
        kind,
        facts=of,
        organization=organization,
        fields=words,
        requirements=letter_requirements(of, rulebook()),
        exercise=exercise,
    )


@cache
def letter() -> LetterContext:
    return context("individual_letter", facts(**SSN_FACTS), **SERVICES)


def recipient(row=1, name="Ana Díaz", **changes) -> Recipient:
    known = Recipient(
        row=row,
        name_lines=(name,),
        address_lines=("12 West Oak Street", "Chicago, IL 60614"),
        salutation=f"Dear {name}",
        code=f"K{row:06d}",
        audience=Audience.ADULT,
        state="IL",
    )
    return msgspec.structs.replace(known, **changes)
