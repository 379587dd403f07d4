"""Contract data elements in the words of a letter."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

PHRASES: Final = MappingProxyType(
    {
        "name": "name",
        "ssn": "Social Security number",
        "drivers_license": "driver's license number",
        "state_id": "State identification card number",
        "tax_id": "taxpayer identification number",
        "passport": "passport number",
        "military_id": "military identification number",
        "other_government_id": "government identification number",
        "financial_account": "bank or other financial account number",
        "payment_card": "payment card number",
        "payment_card_with_code": "payment card number with its security code",
        "financial_account_with_code": "financial account number with the code that opens it",
        "online_credentials": "user name or email address with the password or security answer",
        "email_credentials_issued_by_us": "user name and password of the email account that we issued",
        "password": "password",
        "date_of_birth": "date of birth",
        "address": "postal address",
        "email": "email address",
        "phone": "telephone number",
        "medical_information": "medical information, such as visits, treatments, and notes about health",
        "photos": "photographs",
        "health_insurance": "health insurance information",
        "biometric": "biometric data, such as a fingerprint or face scan",
        "genetic": "genetic data",
        "license_plate_reader": "license plate reader data",
        "precise_location": "precise location",
        "mothers_maiden_name": "mother's maiden name",
        "digital_signature": "digital signature",
        "employment": "employment records",
    }
)
"""Data element -> phrase. `other` is missing on purpose: a drafter has to say in words what it was."""


def phrases(elements: Iterable[str]) -> tuple[str, ...]:
    """The phrases for the elements, in their order; `other` gives none."""
    return tuple(PHRASES[element] for element in elements if element != "other")
