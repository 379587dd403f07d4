"""What is kept of a row, in memory and for as long as its list is compared, to find the rows that are like it.

A fixed part of numbers, by which millions of pairs are sifted at once, and a text part, by which the few that remain
are weighed. The numbers are CRC-32 of folded fields: a chance agreement only costs a comparison of the texts.
"""

import re
import struct
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from incident.roster.matching.nicknames import root_of
from incident.roster.names import fold
from incident.roster.person import Person

FIELDS = (
    "row", "text", "flags", "born", "given", "root", "given_sound", "given_letters", "family", "family_sound",
    "family_letters", "middle", "suffix", "number", "street", "address_letters", "place", "phone", "email", "account",
    "given_initial", "family_initial",
)  # fmt: skip
"""The numbers of a row, in order: 0 where the row does not say.

`row` line of the file; `text` length of the text part in bytes; `born` the date as eight decimal digits, four bits
each; `..._sound` the first letter and the next consonants; `..._letters` which of 26 letters occur, a bit each.
"""
_PACKED = struct.Struct("<Q" + "I" * 19 + "BB")
SIZE = _PACKED.size
SEPARATOR = "\x1f"
LONGEST = 100
"""Letters of a field that are compared: cells that have run together must not cost hours."""

QUARANTINED = 1 << 30
"""Beside the bits of `reasons.Flag` in `flags`: the row waits in quarantine."""

_WORDS = {
    "street": "st", "str": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln",
    "boulevard": "blvd", "court": "ct", "place": "pl", "terrace": "ter", "terr": "ter", "circle": "cir", "crcle": "cir",
    "circuit": "cct", "parkway": "pkwy", "highway": "hwy", "square": "sq", "trail": "trl", "crescent": "cres",
    "close": "cl", "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw",
    "southeast": "se", "southwest": "sw", "saint": "st", "mount": "mt", "fort": "ft", "heights": "hts",
    "expressway": "expy", "turnpike": "tpke", "alley": "aly", "way": "way", "first": "1st", "second": "2nd",
    "third": "3rd", "fourth": "4th", "fifth": "5th",
}  # fmt: skip
_TYPES = frozenset({"st", "ave", "rd", "dr", "ln", "blvd", "ct", "pl", "ter", "cir", "cct", "pkwy", "hwy", "sq", "trl"})
_UNITS = frozenset(
    {"apt", "apartment", "unit", "ste", "suite", "no", "rm", "room", "lot", "trlr", "flat", "fl", "floor"}
)
_SUFFIXES = {
    "jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "i": "1", "ii": "2", "iii": "3", "iv": "4", "2nd": "2",
    "3rd": "3",
}  # fmt: skip
_PARTICLES = frozenset(
    {"de", "la", "del", "van", "von", "der", "den", "di", "da", "dos", "el", "al", "bin", "st", "le"}
)
_BITS = {letter: 1 << place for place, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}
_DIGITS = re.compile(r"\d")
_VOWELS = str.maketrans("", "", "aeiouyhw ")
_ALIKE = str.maketrans("ckqxzgjvpbdm", "sssssssffftn")


class Texts(NamedTuple):
    """The text part of a profile: folded fields, empty where the row does not say; `born` eight digits."""

    given: str
    middle: str
    family: str
    suffix: str
    born: str
    number: str
    street: str
    unit: str
    place: str
    address: str
    phone: str
    email: str
    account: str


@lru_cache(maxsize=1 << 15)
def _name(text: str) -> tuple[str, int, int, int, int, int]:
    """A name folded, its CRC, that of the name it is a form of, its sound, its letters, its first letter."""
    folded = fold(text)[:LONGEST]
    if not folded:
        return "", 0, 0, 0, 0, 0
    root = root_of(folded)
    return (
        folded,
        crc32(folded.encode()),
        crc32(root.encode()),
        crc32(sound(root).encode()),
        letters(folded),
        ord(folded[0]) & 0xFF,
    )


def sound(word: str) -> str:
    """The first letter and the next three consonants, letters of like sound being one: 'thomson', 'tomsen' -> 'tnsn'.

    Only for finding rows worth comparing: it decides nothing.
    """
    word = word.replace("ph", "f").replace("th", "t")
    rest = word[1:].translate(_VOWELS).translate(_ALIKE)
    once = "".join(letter for place, letter in enumerate(rest) if not place or rest[place - 1] != letter)
    return word[:1].translate(_ALIKE) + once[:3]


def letters(word: str) -> int:
    """Which of the letters a-z occur, a bit each."""
    bits = 0
    for letter in {*word}:
        bits |= _BITS.get(letter, 0)
    return bits


@lru_cache(maxsize=1 << 12)
def _crc(text: str) -> int:
    """The CRC of what recurs: suffixes, house numbers, places."""
    return crc32(text.encode()) if text else 0


@lru_cache(maxsize=1 << 12)
def _town(city: str) -> str:
    """The name of a town; a space in it is the commonest slip of all."""
    return fold(city).replace(" ", "")


class _Line(NamedTuple):
    """A line of an address: its words with abbreviations made one, and the unit behind them.

    `street` are the words without the kind of street, with their CRC and letters.
    """

    words: str
    unit: str
    street: str
    crc: int
    letters: int


_NO_LINE = _Line("", "", "", 0, 0)


@lru_cache(maxsize=1 << 15)
def _line(text: str, housed: bool) -> _Line:  # noqa: FBT001 - the key of a cache
    """A folded line. `housed` says whether a house was named before: only in a house is there a unit."""
    words: list[str] = []
    unit: list[str] = []
    into = words
    for word in text.split():
        if word in _UNITS and (words or housed):
            into = unit
        else:
            into.append(_WORDS.get(word, word))
    street = " ".join([word for word in words if word not in _TYPES] or words)
    return _Line(" ".join(words), "".join(unit), street, crc32(street.encode()) if street else 0, letters(street))


class House(NamedTuple):
    """An address taken apart: house number, first line without it, unit, and the words of the other lines."""

    number: str
    line: _Line
    unit: str
    rest: str


def house(lines: tuple[str, ...], folded: tuple[str, ...] | None = None) -> House:
    """An address taken apart, abbreviations made one. `folded` are the lines folded, where the caller has them.

    ('12 North Elm Street, Apt. 3-B',) gives number '12', words 'n elm st', unit '3b'.
    """
    if folded is None or "#" in "".join(lines):
        folded = tuple(fold(line.replace("#", " unit ")) for line in lines)
    if not folded:
        return House("", _NO_LINE, "", "")
    text, number, rest = folded[0], "", ""
    if text[:1].isdigit():
        number, _, text = text.partition(" ")
    first = _line(text, bool(number))
    unit = first.unit
    for text in folded[1:]:
        more = _line(text, bool(number or first.words))
        unit += more.unit
        if more.words:
            rest = f"{rest} {more.words}" if rest else more.words
    return House(number, first, unit, rest)


@lru_cache(maxsize=1 << 16)
def _day(day: date | None) -> tuple[str, int]:
    """A date as eight digits, and as a number of four bits a digit."""
    text = day.isoformat().replace("-", "") if day is not None else ""
    return text, int(text, 16) if text else 0


@lru_cache(maxsize=1 << 12)
def _middle(text: str) -> tuple[str, int]:
    """A middle name folded, and its CRC."""
    folded = fold(text)
    return folded, crc32(folded.encode()) if folded else 0


def _split(person: Person) -> tuple[str, str, str, str]:
    """Given, middle and family name and suffix; a full name is taken apart, particles staying with the family name."""
    if person.given_name or person.family_name:
        return person.given_name, person.middle_name, person.family_name, person.suffix
    words = fold(person.full_name).split()
    suffix = person.suffix
    if len(words) > 2 and words[-1] in _SUFFIXES:
        suffix = suffix or words[-1]
        words.pop()
    if len(words) < 2:
        return "", "", " ".join(words), suffix
    start = len(words) - 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    return words[0], " ".join(words[1:start]), " ".join(words[start:]), suffix


def profile(row: int, person: Person, flags: int, lines: tuple[str, ...] | None = None) -> bytes:
    """The profile of a row: `SIZE` bytes of numbers, then its texts. `lines` are those of the address, folded."""
    given_text, middle_text, family_text, suffix = _split(person)
    given, given_crc, root, given_sound, given_letters, given_initial = _name(given_text)
    family, family_crc, _, family_sound, family_letters, family_initial = _name(family_text)
    middle, middle_crc = _middle(middle_text) if middle_text else ("", 0)
    suffix = _SUFFIXES.get(fold(suffix), "") if suffix else ""
    born, day = _day(person.date_of_birth)
    address = person.address
    number, (words, _, street, street_crc, address_letters), unit, rest = house(address.lines, lines)
    if rest:
        address_letters |= letters(rest)
        words = f"{words} {rest}" if words else rest
    place = address.zip[:5] or _town(address.city)
    phone = "".join(_DIGITS.findall(person.phone))[-10:] if person.phone else ""
    if len(phone) <= 6:
        phone = ""
    email, account = person.email.casefold(), person.patient_id.casefold()
    parts = (given, middle, family, suffix, born, number, street, unit, place, words, phone, email, account)
    text = SEPARATOR.join(parts)
    if len(text) > LONGEST:
        text = SEPARATOR.join([part[:LONGEST] for part in parts])
    encoded = text.encode()
    numbers = _PACKED.pack(
        row,
        len(encoded),
        flags,
        day,
        given_crc,
        root,
        given_sound,
        given_letters,
        family_crc,
        family_sound,
        family_letters,
        middle_crc,
        _crc(suffix),
        _crc(number),
        street_crc,
        address_letters,
        _crc(place),
        crc32(phone.encode()) if phone else 0,
        crc32(email.encode()) if email else 0,
        crc32(account.encode()) if account else 0,
        given_initial,
        family_initial,
    )
    return numbers + encoded


def texts(part: bytes | bytearray) -> Texts:
    """The text part again."""
    return Texts(*part.decode().split(SEPARATOR))
