"""Where the words of a document are those of a person on a list: what is published must hold no roster value."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import Final

import msgspec

from incident.roster.person import Person

_WORD: Final = re.compile(r"\w+")
_NUMBER: Final = re.compile(r"\+?\d[\d().\s-]{5,}\d")
_LONGEST: Final = 12
"""Words that a value may have to be looked for; longer ones are cut."""
_LEAST_DIGITS: Final = 7
_LEAST_ID: Final = 4


class Occurrence(msgspec.Struct, frozen=True):
    """A value of the person of a row stands in a text; the value itself is not told, so that this may be shown."""

    row: int
    what: str


class Words:
    """A text to look in, by its runs of words. `ours` are the organization's own words, in which nobody is found."""

    def __init__(self, text: str, ours: Collection[str] = ()) -> None:
        self._runs = _runs(_words(text)) - set().union(*(_runs(_words(each)) for each in ours))
        self._plain = _plain(text)
        self._numbers = _numbers(text) - set().union(*(_numbers(each) for each in ours))
        self._ours = tuple(_plain(each) for each in ours)

    def find(self, row: int, code: str, person: Person) -> Iterator[Occurrence]:
        """What of a person stands in it: name, street, email, telephone, patient id, the code of the letter.

        A name of a single word and a street without a number are not looked for: they are too often words of others.
        """
        if any(self._runs_in(name, least=2) for name in _names(person)):
            yield Occurrence(row, "name")
        if any(self._runs_in(line, least=2) and any(map(str.isdigit, line)) for line in _streets(person)):
            yield Occurrence(row, "street")
        if person.email and self._stands(_plain(person.email)):
            yield Occurrence(row, "email")
        if person.phone and _digits(person.phone) in self._numbers:
            yield Occurrence(row, "telephone")
        if len(person.patient_id) >= _LEAST_ID and self._runs_in(person.patient_id, least=1):
            yield Occurrence(row, "patient id")
        if self._stands(_plain(code)):
            yield Occurrence(row, "reference")

    def _runs_in(self, value: str, *, least: int) -> bool:
        words = _words(value)[:_LONGEST]
        return len(words) >= least and words in self._runs

    def _stands(self, value: str) -> bool:
        return value in self._plain and not any(value in each for each in self._ours)


def _names(person: Person) -> Iterator[str]:
    given, family = person.given_name, person.family_name
    names = (person.name, person.full_name, person.guardian_name, person.next_of_kin.name, person.representative.name)
    yield from names
    if given and family:
        yield from (f"{given} {family}", f"{family} {given}")


def _streets(person: Person) -> Iterator[str]:
    kept = (person.address, person.confidential_address, person.next_of_kin.address, person.representative.address)
    for address in kept:
        yield from address.lines


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(_plain(text)))


def _runs(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    return {
        words[start : start + length]
        for start in range(len(words))
        for length in range(1, min(_LONGEST, len(words) - start) + 1)
    }


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))[-10:]


def _numbers(text: str) -> set[str]:
    found = (_digits(each) for each in _NUMBER.findall(text))
    return {each for each in found if len(each) >= _LEAST_DIGITS}
