"""A fictional organization, its incident and its notices, written through the same functions as the program."""

from functools import cache

import msgspec

from notices.context import Audience, LetterContext, Organization, PostalAddress, Recipient
from notices.defaults import default_fields
from notices.drafting import build_context, requirements_for
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
    "notice_end": "2026-11-30",
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
SPANISH_FIELDS = {
    "what_happened_es": "Una persona que no tenía permiso inició sesión en la cuenta de correo de nuestra oficina de "
    "cobros. Un miembro del personal había escrito su contraseña en una página web falsa.",
    "what_we_are_doing_es": "Cerramos la cuenta al intruso el mismo día. Contratamos a expertos para saber qué se vio. "
    "Cambiamos todas las contraseñas.",
}
SPANISH_SERVICES = {
    "services_how_to_enroll_es": "Para inscribirse, visite www.example-identity-guard.example o llame al "
    "1-800-555-0199, y dé el código LAKE-2026."
}
PUBLIC_FIELDS = {
    **LETTER_FIELDS,
    **SERVICES,
    "toll_free_line": "1-800-555-0142",
    "line_hours": "Monday to Friday, 8 a.m. to 6 p.m. Central Time",
}
_WHAT = {name: LETTER_FIELDS[name] for name in ("what_happened", "what_we_are_doing", "notice_date")}
_STEPS = {"what_you_can_do": "Change your password today. Look closely at each bill and at each bank statement."}
OTHER_FIELDS = {
    "email_notice": {**LETTER_FIELDS, **SERVICES},
    "credentials_notice": {
        **_WHAT,
        "data_types": "user name and password",
        "what_you_can_do": "Do not use the old password again. Be careful with emails that ask you to sign in.",
        "way": "By mail",
    },
    "substitute_notice": PUBLIC_FIELDS,
    "media_notice": {**PUBLIC_FIELDS, "states": "IL"},
    "telephone_script": {
        "what_happened": _WHAT["what_happened"],
        "danger": "Somebody has tried to sign in to accounts of other people. They may try yours soon.",
        "toll_free_line": "1-800-555-0142",
        **_STEPS,
    },
    "call_center_faq": {
        **{name: value for name, value in PUBLIC_FIELDS.items() if name != "notice_date"},
        "misuse": "We do not know of any misuse so far.",
        "why_now": "We had to find out whose information was in the account. That took us some weeks.",
    },
    "owner_notice": {**_WHAT, **_STEPS, "owner_name": "Prairie Family Clinic", "owner_address": "9 Elm Street"},
    "cdph_report": {
        "what_happened": _WHAT["what_happened"],
        "extent": "The files hold names with visit notes. Each patient can be identified from the names; nothing had "
        "to be re-identified.",
        "people": "The person who did it is not known. Witness: Lee Example, billing, 312-555-0177.",
        "patient_notice": "The patients will be told by letter on November 20, 2026.",
        "corrective_action": _WHAT["what_we_are_doing"],
        "notice_date": "2026-11-20",
    },
    "consumer_reporting_agencies": {
        "states": "TX",
        "number": "1204",
        "individuals_notified": "2026-11-20",
        "notice_date": "2026-11-20",
    },
    "law_enforcement_hold": {
        "official": "Detective Robin Example",
        "case_number": "26-1177",
        "notice_date": "2026-10-11",
    },
    "risk_assessment_memo": {
        "what_happened": _WHAT["what_happened"],
        **{
            f"{factor}_{part}": value
            for factor in ("nature_and_extent", "unauthorized_person", "acquired_or_viewed", "mitigated")
            for part, value in (("rating", "3"), ("reason", "Names with visit notes; the intruder is not known."))
        },
        "assessed_on": "2026-10-09",
    },
    "no_notice_memo": {
        "what_happened": "A nurse opened the file of the wrong patient, saw the mistake, and closed it at once.",
        "ground": "exception_workforce",
        "reasons": "She acted in good faith and within her duties. She used and told nothing of what she saw.",
        "evidence": "Statement of the nurse of October 5, 2026\nAudit trail of the record",
        "other_law": "Illinois residents: not required. No breach of computerized data.",
        "decided_by": "Dana Whitfield",
        "decided_on": "2026-10-09",
    },
}
SITUATIONS = {
    "credentials_notice": {
        "incident__data_elements": ["online_credentials"],
        "organization__hipaa_role": "none",
    },
    "owner_notice": {"organization__hipaa_role": "business_associate"},
    "law_enforcement_hold": {
        "law_enforcement_holds": [{"agency": "FBI, Chicago", "kind": "oral", "stated_on": "2026-10-10", "until": None}]
    },
    "no_notice_memo": {"incident__risk_assessment": "exception_workforce"},
}
"""What has to be recorded before a notice of that kind can be written."""
FIELDS = {
    **OTHER_FIELDS,
    "individual_letter": LETTER_FIELDS,
    "hhs_report": HHS_FIELDS,
    "part2_report": {**HHS_FIELDS, "individuals": "41"},
    "il_ag_notice": ILLINOIS_FIELDS,
    "ca_ag_submission": CALIFORNIA_FIELDS,
}


def context(kind, of=None, organization=ORGANIZATION, exercise=False, **fields):
    of = of or facts(**SITUATIONS.get(kind, {}))
    words = default_fields(kind, facts=of, organization=organization) | FIELDS[kind] | fields
    return build_context(
        kind,
        facts=of,
        organization=organization,
        fields=words,
        requirements=requirements_for(kind, of, rulebook()),
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
