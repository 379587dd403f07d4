"""An address as cells give it: State and ZIP code brought together, lost zeros restored where the State proves them."""

import re
from functools import lru_cache

import msgspec

from incident.roster.person import Address
from incident.roster.places import (
    FREELY_ASSOCIATED,
    MILITARY,
    STATES,
    is_canadian_postal_code,
    is_united_states,
    postal_state,
    states_of_zip,
)

_ZIP = re.compile(r"(\d{5})(?:-(\d{4}))?\Z")
_ZIP_PLUS_FOUR = re.compile(r"(\d{5})[- ]?(\d{4})?-?\Z")
_SHORT_ZIP = re.compile(r"(\d{3,4})(?:-(\d{4}))?\Z|(\d{3,4})(\d{4})\Z")
_SPREADSHEET_NUMBER = re.compile(r"(\d{3,9})\.0+\Z")
_PO_BOX = re.compile(r"^(?:p\.?\s*o\.?\s*box|post\s+office\s+box|pob|box)\s*#?\s*[\w-]+", re.IGNORECASE)
_MILITARY_OFFICE = re.compile(r"(?:APO|FPO|DPO)\b", re.IGNORECASE)
_PO = frozenset({"PO", "po", "Po", "pO"})
_PLACEHOLDER = re.compile(
    r"^(?:unknown|unk|none|n/?a|no\s+address.*|not\s+(?:given|provided|known)|homeless|bad\s+address.*|do\s+not\s+mail.*"
    r"|return(?:ed)?(?:\s+to\s+sender|\s+mail)?|undeliverable.*|address\s+unknown|moved.*no\s+forward.*|x{2,}|tbd|null|[-.?*#]+"
    r"|same|see\s+notes?|general\s+unknown|0+)$",
    re.IGNORECASE,
)


class Place(msgspec.Struct, frozen=True):
    """Where an address lies: `state` and `zip` as printed, `residence` the State it counts for, and what was found."""

    state: str
    zip: str
    residence: str
    foreign: bool
    findings: tuple[str, ...]


@lru_cache(maxsize=1 << 16)
def locate(state_text: str, zip_text: str, country: str) -> Place:
    """Bring State, ZIP code and country of an address together.

    A lost leading zero is restored only where the restored code lies in the stated State; a missing State is read
    from the ZIP code only where its first digits belong to one State.
    """
    if not is_united_states(country):
        return Place(state_text, zip_text, "", foreign=True, findings=("foreign",))
    if is_canadian_postal_code(zip_text) and postal_state(state_text) is None:
        return Place(state_text, zip_text.upper(), "", foreign=True, findings=("foreign_from_postal_code",))
    findings: list[str] = []
    state = postal_state(state_text) if state_text else None
    zip_code = _zip(zip_text, state, findings)
    served = states_of_zip(zip_code) if zip_code else ()
    if state is None:
        if len(served) == 1:
            state = served[0]
            findings.append("state_unknown_from_zip" if state_text else "state_from_zip")
        else:
            return Place(state_text, zip_code, "", foreign=False, findings=(*findings, "residence_missing"))
    elif served and state not in served:
        if served[0] in MILITARY:
            state = served[0]
            findings.append("military_from_zip")
        else:
            findings.append("zip_mismatch")
    elif state_text.upper() != state:
        findings.append("state_named")
    if state in MILITARY:
        findings.append("military")
    elif state in FREELY_ASSOCIATED:
        findings.append("freely_associated")
    return Place(state, zip_code, state if state in STATES else "", state in FREELY_ASSOCIATED, tuple(findings))


def _zip(text: str, state: str | None, findings: list[str]) -> str:
    """The ZIP code as it is printed; empty where there is none that can be used."""
    text = text.strip(" '\"=")  # Excel's own guards against losing zeros: '02139 and ="02139"
    if not text:
        findings.append("zip_missing")
        return ""
    if match := _SPREADSHEET_NUMBER.match(text):
        findings.append("zip_number")
        text = match[1]
    if not _ZIP.match(text):
        if match := _ZIP_PLUS_FOUR.match(text):
            findings.append("zip_plus_four")
            text = f"{match[1]}-{match[2]}" if match[2] else match[1]
        elif match := _SHORT_ZIP.match(text):
            short, plus_four = match[1] or match[3], match[2] or match[4]
            padded = short.zfill(5)
            if state is None or state not in states_of_zip(padded):
                findings.append("zip_unusable")
                return ""
            findings.append("zip_leading_zero")
            text = f"{padded}-{plus_four}" if plus_four else padded
        else:
            findings.append("zip_unusable")
            return ""
    if not states_of_zip(text):
        findings.append("zip_not_in_use")
        return ""
    return text


def may_be_military_office(city: str) -> bool:
    """Whether the second and third letter are those of APO, FPO and DPO: a quick look before a thorough one."""
    return city[1:3] in _PO


def read_address(
    lines: list[str], city: str, state: str, zip_code: str, country: str
) -> tuple[Address, Place, list[str]]:
    """An address from its cells, where it lies, and what was found about its lines."""
    place = locate(state, zip_code, country)
    findings = list(place.findings)
    kept = tuple(lines)
    if not lines:
        findings.append("address_missing")
    # A line that begins with a house number, as most do, is neither.
    elif not lines[0][0].isdigit() or not lines[0].strip("0"):
        if _PLACEHOLDER.match(lines[0]):
            kept = ()
            findings.append("address_placeholder")
        elif any(map(_PO_BOX.match, kept)):
            findings.append("address_po_box")
    if may_be_military_office(city) and place.state not in MILITARY and _MILITARY_OFFICE.match(city):
        findings = [each for each in findings if each != "residence_missing"]
        findings.append("military_unsaid")
        place = msgspec.structs.replace(place, residence="")
    if not city and kept:
        findings.append("city_missing")
    printed = ""
    if place.foreign and country and not is_united_states(country):
        printed = country
    elif "foreign_from_postal_code" in findings:
        printed = "Canada"
    return Address(kept, city, place.state, place.zip, printed), place, findings
