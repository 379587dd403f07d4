"""The people of the Los Angeles sample: patients, buyers of the web shop and employees, joined from three systems."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from samples.invent import Invented, Inventor, Row, repeated, table
from samples.words import CALIFORNIA, ELSEWHERE, LOS_ANGELES

HEADINGS: Final = (
    "record_id", "relationship", "first_name", "middle_name", "last_name", "name_suffix", "birth_date",
    "mailing_address_1", "mailing_address_2", "mailing_city", "mailing_state", "mailing_zip", "mobile", "email",
    "preferred_language", "guardian_name", "deceased", "data_elements",
)  # fmt: skip

EXPOSED: Final = {
    "patient": "name;date_of_birth;address;phone;email;medical_information;photos",
    "web": "name;address;phone;email",
    "employee": "name;date_of_birth;address;ssn;employment",
}
"""Which data of a person was in the folder that was taken."""

_DRAWN_ON: Final = date(2026, 9, 1)
_AWAY: Final = {
    "NV": 28, "AZ": 25, "WA": 17, "TX": 16, "OR": 13, "NY": 12, "CO": 7, "IL": 6, "HI": 5, "UT": 5, "FL": 5, "GA": 3,
}  # fmt: skip


def los_angeles() -> bytes:
    """The list, as a script wrote it."""
    inventor = Inventor("los angeles", grown_by=_DRAWN_ON)
    near, far = (*LOS_ANGELES, *LOS_ANGELES, *CALIFORNIA), LOS_ANGELES
    patients = inventor.people(near, 560)
    inventor.long_names(patients)
    buyers = inventor.people(near, 388)
    employees = inventor.people(far, 86)
    rows = [
        *(_row(inventor, who, "patient") for who in patients),
        *(_row(inventor, who, "web") for who in buyers),
        *(_row(inventor, who, "employee") for who in employees),
        *(
            _row(inventor, who, "patient" if inventor.one_in(4) else "web")
            for state, count in _AWAY.items()
            for who in inventor.people(ELSEWHERE[state], count)
        ),
        *(_child(inventor, parent) for parent in inventor.dice.sample(patients, 16)),
    ]
    grown = rows[: len(patients)]
    chosen = iter(inventor.dice.sample(grown, 12))
    for _ in range(3):
        next(chosen)["deceased"] = "yes"
    for written in ("", "", "returned mail", "unknown"):
        next(chosen).update({"mailing_address_1": written, "mailing_address_2": ""})
    for written in ("", "2/29/1981"):
        next(chosen)["birth_date"] = written
    # Some employees are patients as well: one person, two records, both kinds of data.
    as_patients = [_row(inventor, who, "patient") for who in inventor.dice.sample(employees, 6)]
    usual = [row for row in grown if not row["deceased"] and row["mailing_address_1"][:1].isdigit()]
    usual = [row for row in usual if row["birth_date"].count("-") == 2]
    rows += [*as_patients, *repeated(inventor.dice, usual, 14, _entered_again)]
    inventor.dice.shuffle(rows)
    unusable = [dict(row) | changes for row, changes in zip(inventor.dice.sample(usual, 7), _UNUSABLE, strict=True)]
    for row in unusable:
        rows.insert(inventor.dice.randrange(len(rows)), row)
    for number, row in enumerate(rows, start=1):
        row["record_id"] = f"{row['relationship'][0].upper()}-{number:05}"
    return table(rows, HEADINGS, excel=False)


_UNUSABLE: Final[Sequence[Row]] = (
    {"first_name": "", "middle_name": "", "last_name": "", "name_suffix": ""},
    {"first_name": "Test", "middle_name": "", "last_name": "Client", "name_suffix": "", "birth_date": "2061-01-01"},
    {"first_name": "???", "middle_name": "", "last_name": "", "name_suffix": ""},
    {"birth_date": "2068-10-03"},
    {"mailing_city": "", "mailing_state": "", "mailing_zip": ""},
    {"mailing_state": "XX", "mailing_zip": "99"},
    {"deceased": "see chart"},
)


def _row(inventor: Inventor, who: Invented, relationship: str) -> Row:
    return {
        "relationship": relationship,
        "first_name": who.given,
        "middle_name": who.middle,
        "last_name": who.family,
        "name_suffix": who.suffix,
        # The web shop asks nobody for a date of birth.
        "birth_date": "" if relationship == "web" else who.born.isoformat(),
        "mailing_address_1": who.street,
        "mailing_address_2": who.unit,
        "mailing_city": who.place.city,
        "mailing_state": who.place.state,
        "mailing_zip": who.place.zip,
        "mobile": who.phone,
        "email": who.email,
        "preferred_language": who.language,
        "guardian_name": "",
        "deceased": "",
        "data_elements": EXPOSED[relationship],
    }


def _child(inventor: Inventor, parent: Invented) -> Row:
    """A minor who lives with a patient, and is one."""
    child = inventor.person(parent.place)
    born = inventor.birthday(9, 15)
    same_house = replace(child, family=parent.family, suffix="", street=parent.street, unit=parent.unit, born=born)
    return _row(inventor, same_house, "patient") | {"guardian_name": parent.name}


def _entered_again(row: Row) -> None:
    """The same person under a second account."""
    row["last_name"] = row["last_name"].upper()
    if row["mailing_address_1"].endswith((" St", " Ave", " Rd", " Dr")):
        row["mailing_address_1"] += "."
