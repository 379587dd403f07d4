"""The words a person can be found by: each word of the name, the e-mail address, and number and street."""

from incident.roster.names import fold
from incident.roster.person import Address, Person

_DIRECTIONS = frozenset({"n", "s", "e", "w", "north", "south", "east", "west", "ne", "nw", "se", "sw"})


def folded_address(address: Address) -> str:
    """An address in one line for comparing."""
    return fold(" ".join((*address.lines, address.city, address.state, address.zip[:5], address.country)))


def index_words(name: str, address: str, email: str) -> list[str]:
    """What is indexed for a folded name and address; the first letter tells the kind (name, address, e-mail).

    Initials are left out: one letter finds too many and tells too much.
    """
    words = [f"n:{word}" for word in name.split() if len(word) > 1 or not word.isascii()]
    street = _street(address.split(maxsplit=4)) if address[:1].isdigit() else ""
    if street:
        words.append(f"a:{street}")
    if email:
        words.append(f"e:{email.casefold()}")
    return words


def words_of(person: Person) -> set[str]:
    """What is indexed for a person."""
    return set(index_words(fold(person.name), folded_address(person.address), person.email))


def words_sought(text: str) -> set[str]:
    """What a search asks for, all of which must match: an e-mail address, number and street, else words of a name."""
    sought: set[str] = set()
    rest = []
    for part in text.split():
        if "@" in part.strip("@"):
            sought.update(index_words("", "", part))
        else:
            rest.append(part)
    words = fold(" ".join(rest)).split()
    # Words before a house number are a name; the number and what follows are the street.
    number = next((place for place, word in enumerate(words) if word[0].isdigit()), len(words))
    return sought.union(index_words(" ".join(words[:number]), " ".join(words[number:]), ""))


def _street(words: list[str]) -> str:
    """House number and first word of the street, directions left out: '1420 w addison st' gives '1420 addison'."""
    for word in words[1:4]:
        if word not in _DIRECTIONS:
            return f"{words[0]} {word}"
    return ""
