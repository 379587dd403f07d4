"""Accountings of disclosures in words and as CSV. Pure."""

import csv
import io
from collections.abc import Iterable

from rich.text import Text

from incident.accounting import NOT_VERIFIED, AccountingLine, Disclosure
from incident.roster.export import neutral

HEADINGS = ("code", "incident", "included", "from", "to", "recipient", "address", "what", "purpose", "why", "needs")


def included_words(disclosure: Disclosure) -> str:
    """Whether it is accounted for."""
    return {True: "accounted for", False: "not accounted for", None: "NOT SETTLED"}[disclosure.included]


def cells(line: AccountingLine) -> tuple[str, ...]:
    """The fields of `HEADINGS`."""
    made = line.disclosure
    return (
        line.code, made.reference, {True: "yes", False: "no", None: "not settled"}[made.included],
        made.day_from.isoformat() if made.day_from else "not known",
        made.day_to.isoformat() if made.day_to else "not known",
        made.recipient, made.address, made.described, made.purpose, made.why, "; ".join(made.needs),
    )  # fmt: skip


def as_csv(lines: Iterable[AccountingLine]) -> str:
    """A table with headings; a cell that a spreadsheet would take for a formula has an apostrophe in front."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for line in lines:
        writer.writerow([neutral(cell) for cell in cells(line)])
    return file.getvalue()


def lines_of(line: AccountingLine) -> tuple[str | Text, ...]:
    """One person in full."""
    made = line.disclosure
    days = f"{made.day_from} to {made.day_to}" if made.day_from != made.day_to else str(made.day_from or "not known")
    return (
        Text(f"{line.code}: {included_words(made)}", style="bold"),
        f"Why: {made.why}",
        *(f"? {need}" for need in made.needs),
        f"Date of the disclosure: {days}",
        f"Received by: {made.recipient}",
        f"Address: {made.address}",
        f"What was disclosed: {made.described}",
        f"Purpose or basis: {made.purpose}",
        "",
        NOT_VERIFIED,
    )
