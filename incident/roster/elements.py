"""The kinds of data exposed for one person, as a column of the roster names them and as the vault keeps them."""

import re

ELEMENTS: tuple[str, ...] = (
    "name", "ssn", "drivers_license", "state_id", "tax_id", "passport", "military_id", "other_government_id",
    "financial_account", "payment_card", "payment_card_with_code", "financial_account_with_code",
    "online_credentials", "email_credentials_issued_by_us", "date_of_birth", "address", "email", "phone",
    "medical_information", "photos", "health_insurance", "biometric", "genetic", "license_plate_reader",
    "precise_location", "mothers_maiden_name", "digital_signature", "employment", "other", "password",
)  # fmt: skip
"""Data elements of the facts contract; the place of each is its bit in the vault, so only append."""

_BITS = {element: 1 << place for place, element in enumerate(ELEMENTS)}

_ALSO_WRITTEN = {
    "socialsecuritynumber": "ssn", "socialsecurity": "ssn", "ss": "ssn", "driverlicense": "drivers_license",
    "driverslicensenumber": "drivers_license", "dl": "drivers_license", "stateidnumber": "state_id",
    "taxpayerid": "tax_id", "itin": "tax_id", "passportnumber": "passport", "bankaccount": "financial_account",
    "bankaccountnumber": "financial_account", "creditcard": "payment_card", "creditcardnumber": "payment_card",
    "debitcard": "payment_card", "dob": "date_of_birth", "birthdate": "date_of_birth", "emailaddress": "email",
    "phonenumber": "phone", "telephone": "phone", "medical": "medical_information", "diagnosis": "medical_information",
    "treatment": "medical_information", "phi": "medical_information", "medicalrecord": "medical_information",
    "medicalrecords": "medical_information", "insurance": "health_insurance",
    "healthinsuranceinformation": "health_insurance", "photo": "photos", "photographs": "photos",
    "beforeandafterphotos": "photos", "fullname": "name", "mailingaddress": "address", "geneticdata": "genetic",
}  # fmt: skip

_BY_KEY = {**{element.replace("_", ""): element for element in ELEMENTS}, **_ALSO_WRITTEN}


def read_elements(text: str) -> tuple[tuple[str, ...], bool]:
    """The elements a cell lists, parted by `;`, `,` or `|`, in contract order; and whether all of it was understood."""
    found, understood = set(), True
    for part in re.split(r"[;,|]", text):
        key = re.sub(r"[^a-z0-9]", "", part.casefold())
        if key in _BY_KEY:
            found.add(_BY_KEY[key])
        elif key:
            understood = False
    return tuple(element for element in ELEMENTS if element in found), understood


def bits_of(elements: tuple[str, ...]) -> int:
    """The elements as a set of bits."""
    bits = 0
    for element in elements:
        bits |= _BITS[element]
    return bits


def elements_of(bits: int) -> tuple[str, ...]:
    """The elements of a set of bits, in contract order."""
    return tuple(element for element, bit in _BITS.items() if bits & bit)
