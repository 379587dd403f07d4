"""What is kept of a row, in memory and for as long as its list is compared, to find the rows that are like it.

A fixed part of numbers, by which millions of pairs are sifted at once, and a text part, by which the few that remain
are weighed. The numbers are CRC-32 of folded fields: a chance agreement only costs a comparison of the texts.
"""

import re
import struct
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


@lru_cache(maxsize=1 << 15)
def _street(words: tuple[str, ...]) -> tuple[str, int, int]:
    """The street without its kind, its CRC, its letters."""
    bare = [word for word in words if word not in _TYPES] or list(words)
    text = " ".join(bare)
    return text, crc32(text.encode()) if text else 0, letters(text)


@lru_cache(maxsize=1 << 12)
def _town(city: str) -> str:
    """The name of a town; a space in it is the commonest slip of all."""
    return fold(city).replace(" ", "")


def parts_of_address(lines: tuple[str, ...]) -> tuple[str, tuple[str, ...], str, str]:
    """House number, words of the street, unit, and what the other lines say, abbreviations made one.

    ('12 North Elm Street, Apt. 3-B',) gives ('12', ('n', 'elm', 'st'), '3b', '').
    """
    number = ""
    street: list[str] = []
    unit: list[str] = []
    rest: list[str] = []
    for place, line in enumerate(lines):
        words = fold(line.replace("#", " unit ") if "#" in line else line).split()
        if not place and words and words[0][0].isdigit():
            number = words.pop(0)
        into = rest if place else street
        for word in words:
            if word in _UNITS and (street or number):
                into = unit
            else:
                into.append(_WORDS.get(word, word))
    return number, tuple(street), "".join(unit), " ".join(rest)


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


def profile(row: int, person: Person, flags: int) -> bytes:
    """The profile of a row: `SIZE` bytes of numbers, then its texts."""
    given_text, middle, family_text, suffix = _split(person)
    given, given_crc, root, given_sound, given_letters, given_initial = _name(given_text)
    family, family_crc, _, family_sound, family_letters, family_initial = _name(family_text)
    address = person.address
    number, words, unit, rest = parts_of_address(address.lines)
    street, street_crc, address_letters = _street(words)
    if rest:
        address_letters |= letters(rest)
    day = person.date_of_birth
    born = f"{day.year:04}{day.month:02}{day.day:02}" if day is not None else ""
    place = address.zip[:5] or _town(address.city)
    phone = "".join(_DIGITS.findall(person.phone))[-10:] if person.phone else ""
    email, account = person.email.casefold(), person.patient_id.casefold()
    middle = fold(middle) if middle else ""
    suffix = _SUFFIXES.get(fold(suffix), "") if suffix else ""
    text = SEPARATOR.join(
        (
            given,
            middle[:LONGEST],
            family,
            suffix,
            born,
            number[:LONGEST],
            street[:LONGEST],
            unit[:LONGEST],
            place[:LONGEST],
            (" ".join((*words, rest)) if rest else " ".join(words))[:LONGEST],
            phone if len(phone) > 6 else "",
            email[:LONGEST],
            account[:LONGEST],
        )
    ).encode()
    numbers = _PACKED.pack(
        row,
        len(text),
        flags,
        int(born, 16) if born else 0,
        given_crc,
        root,
        given_sound,
        given_letters,
        family_crc,
        family_sound,
        family_letters,
        crc32(middle.encode()) if middle else 0,
        crc32(suffix.encode()) if suffix else 0,
        crc32(number.encode()) if number else 0,
        street_crc,
        address_letters,
        crc32(place.encode()) if place else 0,
        crc32(phone.encode()) if len(phone) > 6 else 0,
        crc32(email.encode()) if email else 0,
        crc32(account.encode()) if account else 0,
        given_initial,
        family_initial,
    )
    return numbers + text


def texts(part: bytes | bytearray) -> Texts:
    """The text part again."""
    return Texts(*part.decode().split(SEPARATOR))
