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


SPANISH: Final = MappingProxyType(
    {
        "name": "nombre",
        "ssn": "número de Seguro Social",
        "drivers_license": "número de licencia de conducir",
        "state_id": "número de tarjeta de identificación estatal",
        "tax_id": "número de identificación fiscal",
        "passport": "número de pasaporte",
        "military_id": "número de identificación militar",
        "other_government_id": "número de identificación del gobierno",
        "financial_account": "número de cuenta bancaria u otra cuenta financiera",
        "payment_card": "número de tarjeta de pago",
        "payment_card_with_code": "número de tarjeta de pago con su código de seguridad",
        "financial_account_with_code": "número de cuenta financiera con el código que la abre",
        "online_credentials": "nombre de usuario o correo electrónico con la contraseña o la respuesta de seguridad",
        "email_credentials_issued_by_us": "usuario y contraseña de la cuenta de correo electrónico que le dimos",
        "password": "contraseña",
        "date_of_birth": "fecha de nacimiento",
        "address": "dirección postal",
        "email": "dirección de correo electrónico",
        "phone": "número de teléfono",
        "medical_information": "información médica, como visitas, tratamientos y notas sobre la salud",
        "photos": "fotografías",
        "health_insurance": "información del seguro de salud",
        "biometric": "datos biométricos, como una huella digital o un escaneo de la cara",
        "genetic": "datos genéticos",
        "license_plate_reader": "datos de lectores de placas de vehículos",
        "precise_location": "ubicación precisa",
        "mothers_maiden_name": "apellido de soltera de la madre",
        "digital_signature": "firma digital",
        "employment": "datos de empleo",
    }
)
"""The same in Spanish."""


def phrases(elements: Iterable[str], language: str = "en") -> tuple[str, ...]:
    """The phrases for the elements, in their order; `other` gives none."""
    known = SPANISH if language == "es" else PHRASES
    return tuple(known[element] for element in elements if element != "other")
