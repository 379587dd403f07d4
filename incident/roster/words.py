"""The words a person can be found by: each word of the name, the e-mail address, and number and street."""

from incident.roster.names import fold
from incident.roster.person import Person

_DIRECTIONS = frozenset({"n", "s", "e", "w", "north", "south", "east", "west", "ne", "nw", "se", "sw"})


def _street(words: list[str]) -> str | None:
    """House number and first word of the street, directions left out: '1420 W Addison St' gives '1420 addison'."""
    for place, word in enumerate(words[:-1]):
        if word[:1].isdigit():
            street = next((other for other in words[place + 1 :] if other not in _DIRECTIONS), None)
            return f"{word} {street}" if street else None
    return None


def words_of(person: Person) -> set[str]:
    """What is indexed for a person, initials left out; the first letter tells the kind (name, e-mail, address)."""
    names = f"{person.name} {person.full_name}" if person.full_name and person.given_name else person.name
    words = {f"n:{word}" for word in fold(names).split() if len(word) > 1 or not word.isascii()}
    if person.email:
        email = person.email.casefold()
        words.add(f"e:{email}")
    lines = person.address.lines
    if lines and lines[0][0].isdigit():
        street = _street(fold(lines[0]).split())
        if street:
            words.add(f"a:{street}")
    return words


def words_sought(text: str) -> set[str]:
    """What a search asks for, all of which must match: an e-mail address, number and street, else words of a name."""
    wanted: set[str] = set()
    rest = []
    for part in text.split():
        if "@" in part.strip("@"):
            wanted.add(f"e:{part.casefold()}")
        else:
            rest.append(part)
    words = fold(" ".join(rest)).split()
    street = _street(words)
    if street:
        # Words before the house number are a name; those after it belong to the street.
        number = next(place for place, word in enumerate(words) if word[:1].isdigit())
        wanted.add(f"a:{street}")
        words = words[:number]
    return wanted | {f"n:{word}" for word in words if len(word) > 1 or not word.isascii()}
