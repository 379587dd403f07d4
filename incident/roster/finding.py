"""Finding people by beginnings of words, with nothing on disk that would tell more than the index of whole words.

Which words begin so is asked of the names themselves: the words of a list are gathered from its envelopes when they are
first asked for, and kept in memory for as long as the case is open. From there on whole words are looked up as ever.
"""

import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID

from sqlalchemy import select

from incident.errors import InvalidInput
from incident.roster.names import fold
from incident.roster.record import Row
from incident.roster.tables import people
from incident.roster.vault import Vault
from incident.roster.words import folded

ANY = "*"
"""Behind a word: its beginning."""
_PAGE = 500
MOST_WORDS = 2_000
"""Words that one beginning may stand for; a shorter one would find half of the list."""


class Finder:
    """Searches the lists of a vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._words: dict[UUID, list[str]] = {}
        self._lock = threading.Lock()

    def search(self, roster_id: UUID, text: str, *, after_row: int = 0, limit: int = 100) -> tuple[Row, ...]:
        """Rows that match all of the text: whole words as in `Vault.search`; where none do, beginnings of names.

        A word with an asterisk behind it is a beginning from the start. Rows come in file order.

        Raises:
            InvalidInput: too many words begin so.
        """
        if ANY not in text:
            found = self._vault.search(roster_id, text, after_row=after_row, limit=limit)
            if found or "@" in text or any(map(str.isdigit, text)):
                return found
        return self._by_beginnings(roster_id, text, after_row=after_row, limit=limit)

    def _by_beginnings(self, roster_id: UUID, text: str, *, after_row: int, limit: int) -> tuple[Row, ...]:
        beginnings = fold(text.replace(ANY, " ")).split()
        if not beginnings:
            return ()
        known = self._known(roster_id)
        # The one that fewest words begin with; the others only narrow what it finds.
        words = min((_beginning(known, each) for each in beginnings), key=len)
        if len(words) > MOST_WORDS:
            raise InvalidInput(f"name: more than {MOST_WORDS:,} words begin so; type more of it")
        rows: dict[int, Row] = {}
        for word in words:
            found = self._matching(roster_id, word, beginnings, after_row)
            rows |= {row.row: row for row in islice(found, limit)}
        return tuple(rows[number] for number in sorted(rows)[:limit])

    def _matching(self, roster_id: UUID, word: str, beginnings: list[str], after_row: int) -> Iterator[Row]:
        """The rows that hold a whole word and match all beginnings, in file order."""
        while page := self._vault.search(roster_id, word, after_row=after_row, limit=_PAGE):
            yield from (row for row in page if _matches(row, beginnings))
            after_row = page[-1].row
            if len(page) < _PAGE:
                return

    def _known(self, roster_id: UUID) -> list[str]:
        """The words of the names of a list, in order."""
        with self._lock:
            if roster_id not in self._words:
                self._words[roster_id] = sorted(_words(self._vault.iterate(roster_id, status=None)))
            words = self._words[roster_id]
        # Who was corrected since may have a name of new words.
        with self._vault._reading() as connection:
            place = self._vault._place(connection, roster_id)
            changed = select(people.c.id).where(place.holds(people.c.id), people.c.revision > 0)
            rows = [place.row(each) for each in connection.execute(changed).scalars()]
        newer = _words(self._vault.some(roster_id, rows).values())
        return sorted({*words, *newer}) if newer else words


def _words(rows: Iterable[Row]) -> set[str]:
    return {word for row in rows if row.person is not None for word in fold(row.person.name).split()}


def _beginning(words: list[str], beginning: str) -> list[str]:
    """The words that begin so; of too many, one more than may be looked up."""
    start = bisect_left(words, beginning)
    return [word for word in words[start : start + MOST_WORDS + 1] if word.startswith(beginning)]


def _matches(row: Row, beginnings: list[str]) -> bool:
    """Whether a word of the name begins with each of these."""
    if row.person is None:
        return False
    name, *_ = folded(row.person)
    return all(any(word.startswith(each) for word in name.split()) for each in beginnings)
