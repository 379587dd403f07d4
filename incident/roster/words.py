"""The words a person can be found by: each word of the name, the e-mail address, and number and street."""

from collections.abc import Sequence
from functools import lru_cache

from incident.roster.names import fold
from incident.roster.person import Address, Person

_DIRECTIONS = frozenset({"n", "s", "e", "w", "north", "south", "east", "west", "ne", "nw", "se", "sw"})


Folded = tuple[str, tuple[str, ...], str]
"""What people are compared and found by, each folded: the name, the lines of the address, its town and State."""


@lru_cache(maxsize=1 << 16)
def folded_town(city: str, state: str, zip5: str, country: str) -> str:
    """What follows the lines of an address, for comparing."""
    return fold(f"{city} {state} {zip5} {country}")


def folded_address(address: Address) -> tuple[tuple[str, ...], str]:
    """The lines of an address and what follows them, for comparing."""
    town = folded_town(address.city, address.state, address.zip[:5], address.country)
    return tuple(map(fold, address.lines)), town


def folded(person: Person) -> Folded:
    """A person's name and address for comparing."""
    return fold(person.name), *folded_address(person.address)


def name_words(name: str) -> list[str]:
    """What is indexed for a folded name. Initials are left out: one letter finds too many and tells too much."""
    return [f"n:{word}" for word in name.split() if len(word) > 1 or not word.isascii()]


def other_words(lines: Sequence[str], town: str, email: str) -> list[str]:
    """What is indexed for a folded address and an e-mail address; the first letter tells which of the two."""
    words = []
    if lines:
        first = lines[0].split(maxsplit=4)
        # What stands behind a short first line may belong to the street.
        street = _street(first if len(first) > 3 else " ".join((*lines, town)).split(maxsplit=4))
        if street:
            words.append(f"a:{street}")
    if email:
        words.append(f"e:{email.casefold()}")
    return words


def words_of(person: Person) -> set[str]:
    """What is indexed for a person."""
    name, lines, town = folded(person)
    return {*name_words(name), *other_words(lines, town, person.email)}


def words_sought(text: str) -> set[str]:
    """What a search asks for, all of which must match: an e-mail address, number and street, else words of a name."""
    sought: set[str] = set()
    rest = []
    for part in text.split():
        if "@" in part.strip("@"):
            sought.update(other_words((), "", part))
        else:
            rest.append(part)
    words = fold(" ".join(rest)).split()
    # Words before a house number are a name; the number and what follows are the street.
    number = next((place for place, word in enumerate(words) if word[0].isdigit()), len(words))
    return sought.union(name_words(" ".join(words[:number])), other_words(words[number:], "", ""))


def _street(words: list[str]) -> str:
    """House number and first word of the street, directions left out: '1420 w addison st' gives '1420 addison'."""
    if words and words[0][0].isdigit():
        for word in words[1:4]:
            if word not in _DIRECTIONS:
                return f"{words[0]} {word}"
    return ""
