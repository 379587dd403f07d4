"""The patients of the Chicago sample, as a practice-management system exports them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from samples.invent import Invented, Inventor, Row, repeated, table
from samples.words import CHICAGO, ELSEWHERE, ILLINOIS, INDIANA, LOS_ANGELES, WISCONSIN, Place

HEADINGS: Final = (
    "Acct No", "Pt Last", "Pt First", "Pt MI", "Sfx", "DOB", "Addr 1", "Addr 2", "City", "St", "Zip", "Cell Phone",
    "Email", "OK to Email", "Pref Provider", "Last Visit", "Preferred Language", "Parent/Guardian", "Deceased",
    "Deceased Date", "Next of Kin", "NOK Address", "NOK City", "NOK State", "NOK Zip", "Alt Address", "Alt City",
    "Alt State", "Alt Zip",
)  # fmt: skip

_DRAWN_ON: Final = date(2026, 9, 1)
_MILITARY: Final = Place("APO", "AE", "09012", "312")


def chicago() -> bytes:
    """The list, as a spreadsheet program saved it."""
    inventor = Inventor("chicago", grown_by=_DRAWN_ON)
    at_home = inventor.people((*CHICAGO, *CHICAGO, *ILLINOIS), 948)
    inventor.long_names(at_home)
    away = [
        *inventor.people(INDIANA, 61),
        *inventor.people(WISCONSIN, 59),
        *inventor.people(LOS_ANGELES, 41),
        *(who for state, count in _FEW.items() for who in inventor.people(ELSEWHERE[state], count)),
        replace(inventor.person(_MILITARY), street="PSC 4412 Box 17", unit=""),
    ]
    plain = [_row(inventor, who) for who in (*at_home, *away)]
    children = [_child(inventor, parent) for parent in inventor.dice.sample(at_home, 50)]
    for row in children[:3]:
        row["Parent/Guardian"] = ""
    local = plain[: len(at_home)]
    chosen = iter(inventor.dice.sample(local, 40))
    for number in range(8):
        _deceased(inventor, next(chosen), kin=number < 5)
    for written in _NOWHERE:
        next(chosen).update({"Addr 1": written, "Addr 2": "", "Email": "", "OK to Email": ""})
    for _ in range(2):
        row = next(chosen)
        row |= {"Addr 1": "", "Addr 2": "", "OK to Email": "Y", "Email": row["Email"] or "by.email@example.org"}
    for number in range(7):
        _confidential(inventor, next(chosen), complete=number > 0)
    for written in ("7/4/61", "11/30/58", "", ""):
        next(chosen)["DOB"] = written
    for written in ("27395", "31048"):
        next(chosen)["DOB"] = written
    used = {row["Acct No"] for row in local if row["Deceased"] or row["Alt Address"] or not row["Addr 1"][:1].isdigit()}
    again = [row for row in local if row["Acct No"] not in used and "/" in row["DOB"] and len(row["DOB"]) > 8]
    rows = [*plain, *children, *repeated(inventor.dice, again, 20, _entered_again)]
    inventor.dice.shuffle(rows)
    for number, row in enumerate(rows, start=40_117):
        row["Acct No"] = row["Acct No"] or str(number)
    unusable = [dict(row) | changes for row, changes in zip(inventor.dice.sample(local, 9), _UNUSABLE, strict=True)]
    for number, row in enumerate(unusable, start=90_001):
        row["Acct No"] = str(number)
        rows.insert(inventor.dice.randrange(len(rows)), row)
    return table(rows, HEADINGS, excel=True)


_FEW: Final = {"MI": 6, "TX": 4, "FL": 4, "NY": 3, "NJ": 4, "MA": 3, "CT": 2, "PR": 1}

_NOWHERE: Final = (
    "", "", "", "", "UNKNOWN", "UNKNOWN", "RETURN TO SENDER", "RETURNED MAIL", "Moved, no forwarding", "No address",
    "Bad address", "Homeless", "Undeliverable as addressed",
)  # fmt: skip

_UNUSABLE: Final[Sequence[Row]] = (
    {"Pt Last": "", "Pt First": "", "Pt MI": "", "Sfx": ""},
    {"Pt Last": "PATIENT", "Pt First": "TEST", "Pt MI": "", "Sfx": ""},
    {"Pt Last": "-----", "Pt First": "", "Pt MI": "", "Sfx": ""},
    {"DOB": "05/14/2062"},
    {"DOB": "08/02/2071"},
    {"City": "", "St": "", "Zip": ""},
    {"St": "??", "Zip": "0"},
    {"Deceased": "maybe"},
    {"Deceased": "Y", "Deceased Date": "01/17/1911"},
)
"""What makes a row unusable: no person, no possible date, no State, no telling whether the person is alive."""


def _row(inventor: Inventor, who: Invented) -> Row:
    dice = inventor.dice
    loud = inventor.one_in(25)
    return {
        "Acct No": str(dice.randrange(10_000, 40_000)),
        "Pt Last": who.family.upper() if loud else who.family,
        "Pt First": who.given.upper() if loud else who.given,
        "Pt MI": who.middle,
        "Sfx": who.suffix,
        "DOB": _written(inventor, who.born),
        "Addr 1": who.street,
        "Addr 2": who.unit,
        "City": who.place.city,
        "St": who.place.state,
        "Zip": _zip(inventor, who.place),
        "Cell Phone": who.phone,
        "Email": "" if inventor.one_in(5) else who.email,
        "OK to Email": dice.choice(("Y", "N", "N", "")),
        "Pref Provider": dice.choice(("RN-1", "RN-2", "MD", "EST")),
        "Last Visit": f"{dice.randrange(1, 13):02}/{dice.randrange(1, 29):02}/{dice.randrange(2021, 2026)}",
        "Preferred Language": who.language,
        "Parent/Guardian": "",
        "Deceased": "",
        "Alt Address": "",
    }


def _written(inventor: Inventor, day: date) -> str:
    """The date in one of the forms that such an export mixes."""
    match inventor.dice.randrange(20):
        case 0:
            return day.isoformat()
        case 1:
            return f"{day.isoformat()} 00:00:00"
        case 2 | 3:
            return f"{day.month}/{day.day}/{day.year}"
        case 4:
            return f"{day.month:02}-{day.day:02}-{day.year}"
        case _:
            return f"{day.month:02}/{day.day:02}/{day.year}"


def _zip(inventor: Inventor, place: Place) -> str:
    """The ZIP code as a spreadsheet leaves it: without leading zeros, now and then with the four digits behind it."""
    if place.zip.startswith("0") and place is not _MILITARY:
        return place.zip.lstrip("0")
    if inventor.one_in(15):
        return f"{place.zip}{inventor.dice.choice(('-', ''))}{inventor.dice.randrange(1000, 9999)}"
    return place.zip


def _child(inventor: Inventor, parent: Invented) -> Row:
    """A minor who lives with a patient."""
    child = inventor.person(parent.place)
    family = parent.family
    born = inventor.birthday(4, 15)
    return _row(
        inventor,
        replace(child, family=family, suffix="", street=parent.street, unit=parent.unit, born=born),
    ) | {"Parent/Guardian": parent.name, "OK to Email": ""}


def _deceased(inventor: Inventor, row: Row, *, kin: bool) -> None:
    dice = inventor.dice
    row |= {"Deceased": "Y", "Deceased Date": f"{dice.randrange(1, 13):02}/{dice.randrange(1, 29):02}/2025"}
    row["OK to Email"] = ""
    if kin:
        relative = inventor.person(dice.choice((*CHICAGO, *ILLINOIS)))
        row |= {
            "Next of Kin": f"{relative.given} {row['Pt Last']}",
            "NOK Address": relative.street,
            "NOK City": relative.place.city,
            "NOK State": relative.place.state,
            "NOK Zip": relative.place.zip,
        }


def _confidential(inventor: Inventor, row: Row, *, complete: bool) -> None:
    """Another address, asked for under 45 CFR 164.522(b); one of them was never written down in full."""
    place = inventor.dice.choice(CHICAGO)
    row["OK to Email"] = ""
    row["Alt Address"] = f"PO Box {inventor.dice.randrange(1000, 9999)}" if complete else "c/o sister, see note"
    if complete:
        row |= {"Alt City": place.city, "Alt State": place.state, "Alt Zip": place.zip}


def _entered_again(row: Row) -> None:
    """The same person, typed in a second time by somebody else."""
    month, day, year = row["DOB"].split("/")
    row |= {
        "Acct No": "",
        "DOB": f"{year}-{int(month):02}-{int(day):02}",
        "Pt Last": row["Pt Last"].upper(),
        "Pt First": row["Pt First"].upper(),
    }
