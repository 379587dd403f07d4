"""Possible duplicates in words: two rows side by side, what differs marked in the letters. Pure; cells are Text."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from rich.table import Table
from rich.text import Text

from incident.roster.across import AcrossWaiting
from incident.roster.duplicates import Waiting
from incident.roster.matching.reasons import WORDS
from incident.roster.person import Address, Contact, Person
from incident.roster.record import Row, Status
from notices.mailed import PersonLetter

DIFFERS = "bold underline"
"""How differing letters look: without colour too."""


def score_words(score: float) -> str:
    """0.97: the probability that both are one person, never quite certain."""
    return f"{score:.2f}" if score < 0.995 else ">.99"


def reason_words(reasons: Sequence[str]) -> str:
    """Same date of birth; given names alike; same address."""
    return "; ".join(WORDS[reason] for reason in reasons)


def name_of(row: Row) -> str:
    """Who stands on a row."""
    return row.person.name if row.person is not None and row.person.name else "(no name)"


def pair_cells(pair: Waiting | AcrossWaiting, rows: tuple[Row, Row]) -> Sequence[Text]:
    """SCORE, ROWS (⇄: of two lists), WHO, WHY."""
    left, right = (name_of(row) for row in rows)
    who = left if left == right else f"{left} / {right}"
    where = (" · " if isinstance(pair, Waiting) else " ⇄ ").join(f"{row.row:,}" for row in rows)
    return (
        Text(f"{score_words(pair.score):>4}"),
        Text(where),
        Text(who),
        Text(reason_words(pair.reasons)),
    )


def marked(one: str, other: str) -> tuple[Text, Text]:
    """Both texts with the letters in which they differ marked."""
    left, right = Text(one), Text(other)
    if one.casefold() != other.casefold():
        same = SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False)
        for what, a, b, c, d in same.get_opcodes():
            if what != "equal":
                left.stylize(DIFFERS, a, b)
                right.stylize(DIFFERS, c, d)
    return left, right


def side_by_side(rows: tuple[Row, Row], lists: tuple[str, str] = ("", "")) -> Table:
    """Two rows field by field, `≠` before each field in which they differ; `lists` are told where there are two."""
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(width=1)
    table.add_column(width=12, style="dim")
    table.add_column(ratio=1)
    table.add_column(ratio=1)
    titles = (Text(_title(row, name), style="bold") for row, name in zip(rows, lists, strict=True))
    table.add_row("", "", *titles)
    for label, one, other in _fields(*rows):
        if one or other:
            left, right = marked(one, other)
            table.add_row("≠" if one.casefold() != other.casefold() else "", label, left or "-", right or "-")
    return table


def letters_of_both(letters: Sequence[PersonLetter]) -> tuple[str, ...]:
    """Which letters were printed for two rows: whoever is made one person may have been sent two already."""
    printed = [each for each in letters if not each.why_none]
    if not printed:
        return ()
    told = []
    for each in printed:
        days = ", ".join(str(sending.on) for sending in (*each.sent, *each.perhaps))
        sure = "sent " if each.sent else "in part sent, this one perhaps, "
        told.append(f"{each.code} for row {each.row:,} ({sure + days if days else 'not recorded as sent'})")
    return (f"Letters are printed already: {'; '.join(told)}. Printed letters stay as they are.",)


def _title(row: Row, name: str) -> str:
    title = f"Row {row.row:,}" + ("" if row.status is Status.ACCEPTED else f" ({row.status})")
    return f"{title} of {name}" if name else title


def _fields(one: Row, other: Row) -> list[tuple[str, str, str]]:
    a, b = _values(one), _values(other)
    return [(label, a[label], b[label]) for label in a]


def _values(row: Row) -> dict[str, str]:
    person = row.person or Person()
    alive = {True: "yes", False: "no", None: ""}[person.deceased]
    return {
        "Name": person.name,
        "Born": person.date_of_birth.isoformat() if person.date_of_birth else "",
        "Address": ", ".join(person.address.lines),
        "City": " ".join(filter(None, (person.address.city, person.address.state, person.address.zip))),
        "Residence": person.state,
        "Account": person.patient_id,
        "E-mail": person.email,
        "Phone": person.phone,
        "Deceased": str(person.date_of_death) if person.date_of_death else alive,
        "Guardian": person.guardian_name,
        "Next of kin": _contact(person.next_of_kin),
        "Represent.": _contact(person.representative),
        "Confid. addr": _address(person.confidential_address),
        "Language": person.language,
        "Asked for": person.format,
        "Data": ", ".join(row.elements),
    }


def _contact(contact: Contact) -> str:
    return ", ".join(filter(None, (contact.name, _address(contact.address))))


def _address(address: Address) -> str:
    return ", ".join(address.block)
