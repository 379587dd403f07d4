"""A row on its way from the file to the vault: first cells, then a checked person or the reason why not."""

from enum import StrEnum

import msgspec

from incident.roster.person import Audience, Person
from incident.roster.reasons import Flag


class Record(msgspec.Struct, array_like=True, gc=False):
    """One record as read: the line of the file it starts on, its cells, and the finding about its form, if any."""

    row: int
    cells: list[str]
    fault: str = ""


class Status(StrEnum):
    """What became of a row."""

    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    MERGED = "merged"
    EXCLUDED = "excluded"
    ERASED = "erased"


class Checked(msgspec.Struct):
    """One row after its checks.

    `findings` are codes of `reasons`; `original` the cells as read, by heading, where anything was repaired or the
    row was set aside. `person` is None where there was not enough to make one. `folded` is the name and the address
    for comparing (`words.Folded`); it is not kept.
    """

    row: int
    status: Status
    person: Person | None
    findings: tuple[str, ...]
    flags: Flag
    audience: Audience | None
    original: dict[str, str]
    folded: tuple[str, tuple[str, ...], str] = ("", (), "")

    @property
    def state(self) -> str:
        """The State of residence by USPS code; empty where it is not known."""
        return self.person.state if self.person else ""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row as the vault gives it back.

    `elements` are the data elements of this row and of those merged into it. `person` is None where the row never made
    one or was erased; `original` holds the cells as read, by heading, where anything was repaired or set aside.
    `revision` counts how often the row was sealed anew since its import.
    """

    row: int
    status: Status
    state: str
    flags: Flag
    audience: Audience | None
    elements: tuple[str, ...]
    merged_into: int | None
    person: Person | None
    findings: tuple[str, ...]
    original: dict[str, str]
    revision: int = 0
