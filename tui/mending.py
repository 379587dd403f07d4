"""Putting a quarantined row right: what its form starts with, and the checks of an import on what is typed. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from incident.errors import InvalidInput
from incident.roster.checks import Checker
from incident.roster.mapping import FIELDS
from incident.roster.reasons import line, reason, sets_aside
from incident.roster.record import Checked, Record, Row
from tui.rosters import visible

ALWAYS_ASKED: tuple[str, ...] = (
    "full_name", "given_name", "middle_name", "family_name", "suffix", "address1", "address2", "city", "state", "zip",
    "country", "date_of_birth", "deceased", "date_of_death", "guardian_name", "email", "phone",
)  # fmt: skip
"""What the form of a quarantined row always asks; fields that the file filled come on top."""


def start_values(row: Row, mapping: Mapping[str, str]) -> dict[str, str]:
    """Field -> the cell as it was read, for the form that puts a row right. `mapping` is that of the import."""
    read = {field: row.original.get(heading, "") for field, heading in mapping.items()}
    wanted = [field for field in FIELDS if field in ALWAYS_ASKED or read.get(field)]
    if "full_name" in mapping and "family_name" not in mapping:
        wanted = [field for field in wanted if field not in {"given_name", "middle_name", "family_name", "suffix"}]
    else:
        wanted.remove("full_name")
    return {field: visible(read.get(field, "")) for field in wanted}


def doubtful_field(row: Row, asked: Sequence[str]) -> str | None:
    """The field of the form to begin in: the first one that set the row aside."""
    for code in row.findings:
        if sets_aside((code,)):
            field = reason(code).field
            wanted = ("full_name", "family_name", "given_name") if field == "name" else (field,)
            found = next((each for each in wanted if each in asked), None)
            if found is not None:
                return found
    return None


def mended(values: Mapping[str, str], row: int, on: date) -> Checked:
    """The typed values through the very checks of an import.

    Raises:
        InvalidInput: no person can be made of them, with one `field: message` line per fault.
    """
    given = {field: text.strip() for field, text in values.items() if text.strip()}
    checker = Checker(list(given), {field: field for field in given}, on)
    checked = checker.check(Record(row, list(given.values())))
    if checked.person is None or not checked.person.name.strip():
        raise InvalidInput(*(named(code) for code in checked.findings if sets_aside((code,))))
    return checked


def still_doubtful(checked: Checked) -> tuple[str, ...]:
    """What would set the row aside again, one line each."""
    return tuple(named(code) for code in checked.findings if sets_aside((code,)))


def named(code: str) -> str:
    """A finding in one line, with what could be done."""
    return f"{line(code)} ({reason(code).fix})" if reason(code).fix else line(code)
