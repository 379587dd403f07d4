"""People who do not exist, by the hundred, the same ones at every run; and their lists as CSV."""

import csv
import io
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from samples.words import LONG_NAMES, ORIGINS, ROADS, STREETS, SUFFIXES, UNITS, Place

Row = dict[str, str]

_LETTERS: Final = str.maketrans({"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ß": "ss"})


@dataclass(frozen=True)
class Invented:
    """A person who does not exist. `unit` is the second line of the address."""

    given: str
    family: str
    born: date
    street: str
    place: Place
    phone: str
    email: str
    unit: str = ""
    middle: str = ""
    suffix: str = ""
    language: str = ""

    @property
    def name(self) -> str:
        """The name in the order it is spoken."""
        return f"{self.given} {self.family}"


class Inventor:
    """Invents people, always the same ones for the same list."""

    def __init__(self, seed: str, *, grown_by: date) -> None:
        # Not for secrets: the seed makes the list the same everywhere.
        self.dice = Random(seed)  # noqa: S311
        self._grown_by = grown_by
        self._number = 0

    def one_in(self, chances: int) -> bool:
        """True once in so many times."""
        return self.dice.randrange(chances) == 0

    def person(self, place: Place) -> Invented:
        """A grown person who lives there."""
        dice = self.dice
        self._number += 1
        origin = dice.choices(ORIGINS, weights=[each.weight for each in ORIGINS])[0]
        woman = dice.randrange(100) < 68
        given = dice.choice(origin.women if woman else origin.men)
        female, _, male = dice.choice(origin.families).partition("/")
        family = female if woman or not male else male
        plain = given.isascii() and family.isascii()
        if self.one_in(14):
            family = f"{family}-{dice.choice(ORIGINS[0].families)}" if plain and "-" not in family else family
        return Invented(
            given=given,
            family=family,
            middle=dice.choice("ABCDEFGHJKLMNPRSTW") if plain and self.one_in(3) else "",
            suffix=dice.choice(SUFFIXES) if plain and not woman and self.one_in(12) else "",
            born=self.birthday(19, 84),
            street=self.street(),
            unit=dice.choice(UNITS).format(dice.randrange(1, 2400)) if self.one_in(3) else "",
            place=place,
            phone=f"({place.area}) 555-01{dice.randrange(100):02}",
            email=f"{_mailbox(given, family)}{self._number}@example.{dice.choice(('com', 'org'))}",
            language=origin.language if self.one_in(3) else "",
        )

    def birthday(self, youngest: int, oldest: int) -> date:
        """A day on which somebody of that age may have been born."""
        days = self.dice.randrange(youngest * 366, oldest * 365)
        return self._grown_by - timedelta(days=days)

    def street(self) -> str:
        """House number and an invented street."""
        compass = self.dice.choice(("N ", "S ", "E ", "W ", "", ""))
        return f"{self.dice.randrange(10, 9900)} {compass}{self.dice.choice(STREETS)} {self.dice.choice(ROADS)}"

    def people(self, places: Sequence[Place], number: int) -> list[Invented]:
        """So many people, spread over the places."""
        return [self.person(self.dice.choice(places)) for _ in range(number)]

    def long_names(self, people: list[Invented]) -> None:
        """Give some of them names of unusual length."""
        for place, (given, family) in zip(
            self.dice.sample(range(len(people)), len(LONG_NAMES)), LONG_NAMES, strict=True
        ):
            people[place] = replace(people[place], given=given, family=family, middle="", suffix="")


def _mailbox(given: str, family: str) -> str:
    text = unicodedata.normalize("NFKD", f"{given[:1]}.{family}".translate(_LETTERS).lower())
    letters = "".join(each for each in text if each.isascii() and (each.isalpha() or each == "."))
    return letters.strip(".") or "client"


def table(rows: Sequence[Mapping[str, str]], headings: Sequence[str], *, excel: bool) -> bytes:
    """The rows as CSV in UTF-8; as a spreadsheet program saves it (byte-order mark, CRLF) or bare."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, headings, restval="", lineterminator="\r\n" if excel else "\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig" if excel else "utf-8")


def repeated(dice: Random, rows: Sequence[Row], number: int, vary: Callable[[Row], None]) -> list[Row]:
    """Copies of so many rows, each written a little differently."""
    copies = [dict(row) for row in dice.sample(rows, number)]
    for copy in copies:
        vary(copy)
    return copies
