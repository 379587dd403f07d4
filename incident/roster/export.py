"""Addresses in clear text for a mail house: a CSV file and its manifest. The one way that addresses leave the vault.

A spreadsheet takes a cell that begins with = + - @ (or a tab or return) for a formula. Such a cell, and one that begins
with an apostrophe, gets an apostrophe in front; taking one apostrophe off whatever begins with one gives back exactly
what was there. Every cell is quoted (RFC 4180); the file is UTF-8.
"""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import IO
from uuid import UUID

import msgspec

from incident.events import LeftOut
from incident.views.queries import LetterRow

NAME_LINES, ADDRESS_LINES = 2, 6
COLUMNS: tuple[str, ...] = (
    "code",
    *(f"name{number}" for number in range(1, NAME_LINES + 1)),
    *(f"address{number}" for number in range(1, ADDRESS_LINES + 1)),
    "state",
    "language",
    "variant",
)
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "\uff1d", "\uff0b", "\uff0d", "\uff20")

WARNING = (
    "This file holds names and addresses of affected people in clear text: protected health information "
    "(45 CFR 160.103). Send it only to the mail house under contract, encrypted; delete it when the letters are out."
)


def neutral(cell: str) -> str:
    """The cell as no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(_DANGEROUS) else cell


def original(cell: str) -> str:
    """What a neutralized cell was."""
    return cell.removeprefix("'")


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What an export holds: people = exported + sum of left_out. `sha256` is that of the CSV file, in hex."""

    file: str
    sha256: str
    incident: str
    made_at: datetime
    made_by: str
    because: str
    people: int
    exported: int
    left_out: dict[str, int]
    by_variant: dict[str, int]
    columns: tuple[str, ...] = COLUMNS
    encoding: str = "utf-8"
    neutralized: str = (
        "a cell beginning with = + - @ tab, return or an apostrophe has an apostrophe in front; take one off"
    )
    warning: str = WARNING


class Written(msgspec.Struct):
    """What was written for the people of one list: people = exported + sum of left_out."""

    people: int = 0
    exported: int = 0
    left_out: Counter[str] = msgspec.field(default_factory=Counter)
    by_variant: Counter[str] = msgspec.field(default_factory=Counter)

    @property
    def told(self) -> tuple[LeftOut, ...]:
        """Who got no line, as an event has it."""
        return tuple(LeftOut(reason=reason, count=count) for reason, count in sorted(self.left_out.items()))


def write_export(rows: Iterable[LetterRow], file: IO[bytes]) -> tuple[str, dict[UUID, Written]]:
    """Write a line for each of these people, in order; the SHA-256 of the file in hex, and what was written by list.

    A person without a letter gets no line and is counted under the reason.
    """
    sha256 = hashlib.sha256()
    written: dict[UUID, Written] = {}

    def put(cells: Iterable[str]) -> None:
        line = io.StringIO(newline="")
        csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
        content = line.getvalue().encode("utf-8")
        sha256.update(content)
        file.write(content)

    put(COLUMNS)
    for row in rows:
        of_list = written.setdefault(row.roster, Written())
        of_list.people += 1
        if row.excluded is not None:
            of_list.left_out[row.excluded] += 1
            continue
        of_list.exported += 1
        of_list.by_variant[row.audience] += 1
        names, address = _fitted(row.name_lines, NAME_LINES), _fitted(row.address_lines, ADDRESS_LINES)
        put(map(neutral, (row.code, *names, *address, row.state, row.language, row.audience)))
    return sha256.hexdigest(), written


def _fitted(lines: tuple[str, ...], room: int) -> tuple[str, ...]:
    """As many cells as there are columns; what is too long for them shares the last one, so that nothing is lost."""
    if len(lines) > room:
        lines = (*lines[: room - 1], ", ".join(lines[room - 1 :]))
    return (*lines, *("",) * (room - len(lines)))
