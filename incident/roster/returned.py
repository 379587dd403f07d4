"""Files of returned mail: reference codes as they are printed on the letters, or names with ZIP codes.

in = matched + ambiguous + unknown + already: every line goes one of four ways, and none is lost.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec

from incident.errors import InvalidInput
from incident.roster.contact import read_endorsement
from incident.roster.dates import read_date
from incident.roster.mapping import guess_mapping
from incident.roster.names import fold
from incident.roster.person import Address, Person
from incident.roster.postal import read_address
from incident.roster.reading import Reader, inspect
from incident.roster.record import Row

_CODE = re.compile(r"(?P<reference>\S+)-(?P<list>\d+)-(?P<row>\d{6,})\Z", re.ASCII)
_DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")
_HEADINGS = {
    "code": ("code", "reference", "ref", "referencecode", "referencenumber", "lettercode", "letterreference"),
    "reason": ("reason", "reasoncode", "endorsement", "returnreason", "returnreasoncode", "uspsreason", "nixie"),
    "on": ("date", "on", "returned", "returnedon", "returndate", "datereturned", "processed", "datereceived"),
    "new_address": ("newaddress", "newaddress1", "newstreet", "forwardingaddress", "forwardingaddress1", "forwardto"),
    "new_address2": ("newaddress2", "forwardingaddress2"),
    "new_city": ("newcity", "forwardingcity"),
    "new_state": ("newstate", "forwardingstate"),
    "new_zip": ("newzip", "newzipcode", "forwardingzip", "forwardingzipcode"),
}
_NEW = ("new_address", "new_address2", "new_city", "new_state", "new_zip")


class Way(msgspec.Struct, frozen=True):
    """What became of one line of the file: matched, ambiguous, unknown or already; `line` is counted from 1.

    `rows` are the rows that it may be about, as (number of the list, row); one where it matched. `why` says what a
    person should know. Nothing of it names anybody.
    """

    line: int
    way: str
    rows: tuple[tuple[int, int], ...] = ()
    why: str = ""


class ReturnedReport(msgspec.Struct, frozen=True, kw_only=True, rename={"lines_in": "in"}):
    """lines_in = matched + ambiguous + unknown + already. `forwarded` matched lines gave a newer address, now known."""

    lines_in: int
    matched: int
    ambiguous: int
    unknown: int
    already: int
    forwarded: int
    lines: tuple[Way, ...]


class Returned(msgspec.Struct, frozen=True):
    """One line as read. `code` is empty where the line names somebody instead; `fault` says why it cannot be used."""

    line: int
    code: str = ""
    name: str = ""
    zip: str = ""
    reason: str = ""
    on: date | None = None
    forwarding: Address | None = None
    fault: str = ""
    note: str = ""


def read_returned(path: Path) -> Iterator[Returned]:
    """The lines of a file of returned mail, in order. A file of codes alone needs no headings.

    Raises:
        InvalidInput: it is no table, or no column holds codes, or names with ZIP codes.
    """
    source = inspect(path)
    place = {heading: index for index, heading in enumerate(source.headings)}
    columns = {
        meaning: place[heading]
        for meaning, known in _HEADINGS.items()
        for heading in source.headings
        if re.sub(r"[^a-z0-9]", "", heading.casefold()) in known
    }
    first = next((index for index, heading in enumerate(source.headings) if _tidy(heading)), None)
    if "code" not in columns and first is not None:
        columns["code"] = first
        yield _read(1, source.headings, columns, {})
    people = {field: place[heading] for field, heading in guess_mapping(source.headings).items()}
    named = {"full_name", "family_name"} & people.keys() and "zip" in people
    if "code" not in columns and not named:
        raise InvalidInput(
            f"{path.name}: no column holds the reference code of the letters (code, reference), or the name and the "
            f"ZIP code; the headings are: {', '.join(filter(None, source.headings))}"
        )
    for record in Reader(source):
        yield _read(record.row, record.cells, columns, people if named else {})


def _tidy(text: str) -> re.Match[str] | None:
    return _CODE.match(text.translate(_DASHES).strip().replace(" ", ""))


def parse_code(text: str, reference: str) -> tuple[int, int] | None:
    """The number of the list and the row that a code names; None for none, or one of another incident."""
    found = _tidy(text)
    if found is None or found["reference"].casefold() != reference.casefold():
        return None
    return int(found["list"]), int(found["row"])


def _read(line: int, cells: Sequence[str], columns: Mapping[str, int], people: Mapping[str, int]) -> Returned:
    def cell(index: int | None) -> str:
        return cells[index].strip() if index is not None and index < len(cells) else ""

    code = cell(columns.get("code"))
    name = cell(people.get("full_name")) or " ".join(
        filter(None, (cell(people.get("given_name")), cell(people.get("family_name"))))
    )
    said = cell(columns.get("on"))
    on, _ = read_date(said) if said else (None, "")
    fault = f"date: {said!r} is not a date that is read (2026-11-22, 11/22/2026)" if said and on is None else ""
    endorsement = cell(columns.get("reason"))
    reason = read_endorsement(endorsement)
    note = "reason: not an endorsement that is known; taken as returned without one" if reason is None else ""
    street, street2, city, state, zip_code = (cell(columns.get(each)) for each in _NEW)
    forwarding = None
    if street or street2 or city or zip_code:
        forwarding, _, _ = read_address([each for each in (street, street2) if each], city, state, zip_code, "")
    return Returned(line, code, name, cell(people.get("zip"))[:5], reason or "", on, forwarding, fault, note)


def same_person(person: Person, returned: Returned) -> bool:
    """Whether a line names this person: the same name, and a ZIP code of theirs."""
    zips = {address.zip[:5] for address in (person.address, person.confidential_address) if address.zip}
    return fold(person.name) == fold(returned.name) and returned.zip in zips


def goes_to_home_address(row: Row) -> bool:
    """Whether the letter about a person went to the home address, which a forwarding address then replaces."""
    person = row.person
    return (
        person is not None
        and row.audience in {"adult", "parent_of_minor"}
        and not person.confidential_address.given
        and person.address.sufficient
    )


def report(ways: Sequence[Way], forwarded: int) -> ReturnedReport:
    """The tally of the ways that the lines went."""
    counts = Counter(way.way for way in ways)
    return ReturnedReport(
        lines_in=len(ways),
        matched=counts["matched"],
        ambiguous=counts["ambiguous"],
        unknown=counts["unknown"],
        already=counts["already"],
        forwarded=forwarded,
        lines=tuple(ways),
    )
