"""The closed vocabularies of the facts: States, data elements, roles, findings."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

USPS: Final[dict[str, str]] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
    "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts",
    "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana",
    "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico",
    "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
    "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
    "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington",
    "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    "AS": "American Samoa", "GU": "Guam", "MP": "Northern Mariana Islands", "PR": "Puerto Rico",
    "VI": "US Virgin Islands",
}  # fmt: skip
"""States, the District of Columbia and the territories that 45 CFR 160.103 counts as a State."""


class HipaaRole(StrEnum):
    """What the organization is under 45 CFR 160.103."""

    COVERED_ENTITY = "covered_entity"
    BUSINESS_ASSOCIATE = "business_associate"
    NONE = "none"


class EntityType(StrEnum):
    """The kinds of covered entity, and everybody else."""

    HEALTHCARE_PROVIDER = "healthcare_provider"
    HEALTH_PLAN = "health_plan"
    HEALTHCARE_CLEARINGHOUSE = "healthcare_clearinghouse"
    OTHER = "other"


class License(StrEnum):
    """California facility licences that bring Health & Safety Code 1280.15 into play."""

    CLINIC = "ca_hsc_1204"
    HEALTH_FACILITY = "ca_hsc_1250"
    HOME_HEALTH_AGENCY = "ca_hsc_1725"
    HOSPICE = "ca_hsc_1745"


class Medium(StrEnum):
    """What carried the data."""

    ELECTRONIC = "electronic"
    PAPER = "paper"
    ORAL = "oral"


class RiskAssessment(StrEnum):
    """The outcome of the assessment of 45 CFR 164.402, exceptions included."""

    NOT_DONE = "not_done"
    BREACH = "breach"
    LOW_PROBABILITY = "low_probability"
    EXCEPTION_WORKFORCE = "exception_workforce"
    EXCEPTION_INADVERTENT = "exception_inadvertent"
    EXCEPTION_NOT_RETAINED = "exception_not_retained"


class HarmAssessment(StrEnum):
    """The outcome of the 2009 harm test, usable for breaches before 2013-09-23."""

    SIGNIFICANT_RISK = "significant_risk"
    NO_SIGNIFICANT_RISK = "no_significant_risk"


class HoldKind(StrEnum):
    """How a law-enforcement official asked for delay."""

    ORAL = "oral"
    WRITTEN = "written"


DATA_ELEMENTS: Final[dict[str, str]] = {
    "name": "names",
    "ssn": "Social Security numbers",
    "drivers_license": "driver's license numbers",
    "state_id": "State identification numbers",
    "tax_id": "tax identification numbers",
    "passport": "passport numbers",
    "military_id": "military identification numbers",
    "other_government_id": "other government identification numbers",
    "financial_account": "financial account numbers",
    "payment_card": "payment card numbers",
    "payment_card_with_code": "payment card numbers with security code",
    "financial_account_with_code": "financial account numbers with access code",
    "online_credentials": "user name or e-mail address with password or security answer",
    "email_credentials_issued_by_us": "credentials of an e-mail account that the organization furnished",
    "date_of_birth": "dates of birth",
    "address": "postal addresses",
    "email": "e-mail addresses",
    "phone": "telephone numbers",
    "password": "passwords of unknown use",
    "medical_information": "medical information",
    "photos": "photographs",
    "health_insurance": "health insurance information",
    "biometric": "biometric data",
    "genetic": "genetic data",
    "license_plate_reader": "license plate reader data",
    "precise_location": "precise location",
    "mothers_maiden_name": "mother's maiden name",
    "digital_signature": "digital signatures",
    "employment": "employment records",
    "other": "other data",
}

ELEMENT_ALIASES: Final[dict[str, str]] = {
    "passport_number": "passport",
    "genetic_data": "genetic",
    "email_address": "email",
}
"""Words accepted for an element and turned into its canonical word when facts are read.

``email`` together with ``password`` counts as ``online_credentials``; either alone does not.
"""
