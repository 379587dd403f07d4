"""How many fewer people there could be, because rows wait that may be one person. Pure.

While a pair waits, the law's thresholds must not rest on a guess in either direction: each count is a range, whose
lower end takes every group of rows that hang together by pairs for one person.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

import msgspec

from incident.events import Counted

K = TypeVar("K", bound=Hashable)


class Doubles(msgspec.Struct, frozen=True):
    """How many fewer accepted people there could be: in all, by USPS code, and of those who cannot be reached.

    `insufficient_contact` counts the living, `next_of_kin_insufficient_contact` the deceased.
    """

    total: int = 0
    by_state: dict[str, int] = {}
    insufficient_contact: int = 0
    next_of_kin_insufficient_contact: int = 0


NO_DOUBLES = Doubles()


def doubles_of(pairs: Iterable[tuple[K, K]], standing: Mapping[K, Counted]) -> Doubles:
    """From the pairs that wait, and what each accepted row counts as; rows in quarantine hold a group together."""
    total, by_state, unreachable = 0, Counter[str](), Counter[bool]()
    for rows in _groups(pairs):
        people = [standing[row] for row in rows if row in standing]
        if len(people) < 2:
            continue
        total += len(people) - 1
        for state, count in Counter(person.state for person in people).items():
            # All of a State's rows may turn out to be a person who lives in another.
            by_state[state] += count - (count == len(people))
        for (deceased, contact), count in Counter((person.deceased, person.contact) for person in people).items():
            if contact == "insufficient":
                # One whom nobody can reach may turn out to be one whose address is known.
                unreachable[deceased] += count - (count == len(people))
    return Doubles(total, dict(+by_state), unreachable[False], unreachable[True])


def _groups(pairs: Iterable[tuple[K, K]]) -> Iterable[list[K]]:
    """The rows that hang together by pairs."""
    group: dict[K, K] = {}

    def root(row: K) -> K:
        while group.setdefault(row, row) != row:
            group[row] = group[group[row]]
            row = group[row]
        return row

    for one, other in pairs:
        group[root(one)] = root(other)
    members: dict[K, list[K]] = {}
    for row in list(group):
        members.setdefault(root(row), []).append(row)
    return members.values()
