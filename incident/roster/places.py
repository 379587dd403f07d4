"""States, territories, military and foreign places as an address names them.

ZIP prefixes: the three-digit ZIP Code prefix assignments that the Postal Service publishes (Domestic Mail Manual,
labeling list L002; Publication 28 for State abbreviations, military "states" and territories), written out as ranges.
A prefix that serves more than one State lists each of them: then the ZIP alone does not tell the State.
"""

import re

STATES: dict[str, str] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
    "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan",
    "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina",
    "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania",
    "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas",
    "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin",
    "WY": "Wyoming",
    "PR": "Puerto Rico", "GU": "Guam", "VI": "Virgin Islands", "AS": "American Samoa",
    "MP": "Northern Mariana Islands",
}  # fmt: skip
"""USPS code -> name, of every State in the sense of 45 CFR 160.103: States, DC and the five territories."""

MILITARY: dict[str, str] = {"AA": "Armed Forces Americas", "AE": "Armed Forces Europe", "AP": "Armed Forces Pacific"}
"""Military "states": a mailing address only. They do not tell in which State the person resides."""

FREELY_ASSOCIATED: dict[str, str] = {"FM": "Micronesia", "MH": "Marshall Islands", "PW": "Palau"}
"""Sovereign countries that the Postal Service serves as if domestic; no State in the sense of 45 CFR 160.103."""

POSTAL_CODES: frozenset[str] = frozenset(STATES) | frozenset(MILITARY) | frozenset(FREELY_ASSOCIATED)

_ALSO_WRITTEN: dict[str, str] = {
    "ALA": "AL", "ARIZ": "AZ", "ARK": "AR", "CALIF": "CA", "CAL": "CA", "COLO": "CO", "CONN": "CT", "DEL": "DE",
    "WASHINGTON DC": "DC", "WASH DC": "DC", "D C": "DC", "FLA": "FL", "ILL": "IL", "ILLS": "IL", "IND": "IN",
    "KAN": "KS", "KANS": "KS", "MASS": "MA", "MICH": "MI", "MINN": "MN", "MISS": "MS", "MONT": "MT", "NEBR": "NE",
    "NEB": "NE", "NEV": "NV", "N H": "NH", "N J": "NJ", "N M": "NM", "N MEX": "NM", "N Y": "NY", "N C": "NC",
    "N CAR": "NC", "N D": "ND", "N DAK": "ND", "OKLA": "OK", "ORE": "OR", "OREG": "OR", "PENN": "PA", "PENNA": "PA",
    "R I": "RI", "S C": "SC", "S CAR": "SC", "S D": "SD", "S DAK": "SD", "TENN": "TN", "TEX": "TX", "VIRG": "VA",
    "WASH": "WA", "W VA": "WV", "W V": "WV", "WIS": "WI", "WISC": "WI", "WYO": "WY", "P R": "PR",
    "U S VIRGIN ISLANDS": "VI", "US VIRGIN ISLANDS": "VI", "USVI": "VI", "CNMI": "MP",
    "COMMONWEALTH OF THE NORTHERN MARIANA ISLANDS": "MP", "FEDERATED STATES OF MICRONESIA": "FM",
}  # fmt: skip

_BY_NAME: dict[str, str] = {
    **{code: code for code in POSTAL_CODES},
    **{name.upper(): code for names in (STATES, MILITARY, FREELY_ASSOCIATED) for code, name in names.items()},
    **_ALSO_WRITTEN,
}

_UNITED_STATES = frozenset(
    {
        "",
        "US",
        "USA",
        "U S",
        "U S A",
        "UNITED STATES",
        "UNITED STATES OF AMERICA",
        "AMERICA",
        "UNITED STATES USA",
        "840",
    }
)

_CANADIAN_POSTAL_CODE = re.compile(
    r"^[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]?\d[ABCEGHJ-NPRSTV-Z]\d$", re.IGNORECASE
)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[.,_-]", " ", text).upper().split())


def postal_state(text: str) -> str | None:
    """The USPS code for a State, territory or military code or name as people write it; None where it is none."""
    return _BY_NAME.get(_plain(text))


def is_united_states(country: str) -> bool:
    """Whether a country cell means the United States; an empty cell does."""
    return _plain(country) in _UNITED_STATES


def is_canadian_postal_code(text: str) -> bool:
    """Whether the text has the form A1A 1A1 of Canada Post."""
    return _CANADIAN_POSTAL_CODE.match(text) is not None


_PREFIXES: str = """
005 NY|006-007 PR|008 VI|009 PR|010-027 MA|028-029 RI|030-038 NH|039-049 ME|050-054 VT|055 MA|056-059 VT|060-062 CT
063 CT NY|064-069 CT|070-089 NJ|090-099 AE|100-149 NY|150-196 PA|197-199 DE|200 DC|201 VA|202-205 DC|206-212 MD
214-219 MD|220-246 VA|247-268 WV|270-289 NC|290-299 SC|300-319 GA|320-339 FL|340 AA|341-342 FL|344 FL|346-347 FL|349 FL
350-352 AL|354-369 AL|370-385 TN|386-397 MS|398-399 GA|400-427 KY|430-459 OH|460-479 IN|480-499 MI|500-516 IA|520-528 IA
530-532 WI|534-535 WI|537-549 WI|550-551 MN|553-567 MN|569 DC|570-577 SD|580-588 ND|590-599 MT|600-620 IL|622-629 IL
630-631 MO|633-641 MO|644-658 MO|660-662 KS|664-679 KS|680-681 NE|683-693 NE|700-701 LA|703-708 LA|710-714 LA
716-725 AR|726 AR MO|727-729 AR|730-731 OK|733 TX|734-738 OK|739 OK TX|740-741 OK|743-749 OK|750-799 TX|800-816 CO
820-831 WY|832-833 ID|834 ID WY|835-838 ID|840-847 UT|850-853 AZ|855-857 AZ|859-860 AZ|863-865 AZ|870-871 NM|873-875 NM
877-884 NM|885 TX|889-891 NV|893-895 NV|897-898 NV|900-908 CA|910-928 CA|930-961 CA|962-966 AP|967 HI AS|968 HI
969 GU MP FM MH PW|970-979 OR|980-986 WA|988-994 WA|995-999 AK
"""

# Single ZIP codes that settle a shared prefix.
_EXACT: dict[str, tuple[str, ...]] = {"96799": ("AS",), "06390": ("NY",), "20588": ("MD",), "20598": ("VA",)}


def _expand(table: str) -> dict[str, tuple[str, ...]]:
    by_prefix: dict[str, tuple[str, ...]] = {}
    for entry in re.split(r"[|\n]", table.strip()):
        span, *states = entry.split()
        first, _, last = span.partition("-")
        for prefix in range(int(first), int(last or first) + 1):
            by_prefix[f"{prefix:03}"] = tuple(states)
    return by_prefix


STATES_BY_ZIP3: dict[str, tuple[str, ...]] = _expand(_PREFIXES)
"""Three-digit prefix -> the codes it serves. A prefix that is not in use is missing."""


def states_of_zip(zip_code: str) -> tuple[str, ...]:
    """The codes a five-digit ZIP may belong to; empty for a prefix that is not in use."""
    return _EXACT.get(zip_code[:5]) or STATES_BY_ZIP3.get(zip_code[:3], ())
