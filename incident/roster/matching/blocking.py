"""Which rows are worth comparing: those that share a key, of several keys, so that an error in one field loses nothing.

Comparing each row with each would be half a million million pairs for a million rows. Each key brings together rows
that agree on two or three things; rows of one person that differ in a field or two still meet under another key. The
pairs are sifted at once by their numbers: only those that could reach the threshold at best are weighed by their texts.

The approach: sorted blocks and windows (Hernandez and Stolfo, "The merge/purge problem", SIGMOD 1995) on several keys.
"""

from collections.abc import Iterator

import msgspec
import numpy as np
import numpy.typing as npt

from incident.roster.matching.profile import FIELDS, SIZE
from incident.roster.matching.weights import (
    AWAY,
    BIRTH,
    CONTACT,
    FAMILY,
    GIVEN,
    HOUSEHOLD,
    MIDDLE,
    PLACE,
    REVIEW_FROM,
    SUFFIX,
)

Numbers = npt.NDArray[np.uint32]
Wide = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float32]

LAYOUT = np.dtype([("row", "<u8"), *((field, "<u4") for field in FIELDS[1:-2]), (FIELDS[-2], "u1"), (FIELDS[-1], "u1")])
assert LAYOUT.itemsize == SIZE

_BELOW_KEY = np.uint64(32)
"""Bits of a number that is sorted by which stand below the key: how alike the names are, and the place of the row."""
WINDOW = 60
"""How many rows of its block a row is compared with, at most."""
MOST_PAIRS = 40_000_000
"""Pairs that are sifted for one list, at most: some seconds."""
_CHUNK = 1 << 19
NAMES = {"given": GIVEN, "family": FAMILY}
_STEPS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5)


class Cut(msgspec.Struct, frozen=True):
    """What was not compared: `rows` stand in blocks of more than `window` rows that share `key`."""

    key: str
    rows: int
    window: int


class Columns:
    """The numbers of all rows as columns, and how much agreeing on each value weighs."""

    def __init__(self, fixed: bytearray) -> None:
        table = np.frombuffer(fixed, LAYOUT)
        self.count = len(table)
        self.row = table["row"].astype(np.int64)
        self.text = table["text"]
        # Contiguous columns are gathered from several times faster than a table of records.
        self._columns = {name: np.ascontiguousarray(table[name]) for name in FIELDS[2:]}
        self.rarity = {
            name: self._rarity(self._columns[name]) for name in ("given", "family", "born", "phone", "email", "account")
        }

    def __getitem__(self, name: str) -> Numbers:
        return self._columns[name]

    def _rarity(self, column: Numbers) -> Weights:
        """Bits by which agreeing on the value tells two rows from two of any: log2 of one in how many rows has it."""
        values, order = _sorted(column.astype(np.uint64) << np.uint64(32), np.arange(self.count))
        begins = np.concatenate(([0], np.flatnonzero(values[1:] != values[:-1]) + 1))
        sizes = np.diff(np.concatenate((begins, [self.count])))
        bits = np.empty(self.count, np.float32)
        bits[order] = np.repeat(np.log2(self.count / sizes).astype(np.float32), sizes)
        return bits


def _mixed(*columns: npt.NDArray[np.generic]) -> Wide:
    key = np.zeros(len(columns[0]), np.uint64)
    for place, column in enumerate(columns):
        key ^= (column.astype(np.uint64) + np.uint64(place + 1)) * np.uint64(_STEPS[place])
        key ^= key >> np.uint64(29)
    return key * np.uint64(_STEPS[3])


def _sorted(values: Wide, places: Places) -> tuple[Wide, Places]:
    """The values in order, and the place of each; equal ones in the order of their places.

    The lowest bits of the values, as many as it takes to number the places, are not looked at: a number that holds
    both is sorted ten times faster than places are by their values.
    """
    bits = np.uint64(int(places[-1]).bit_length() if len(places) else 0)
    both = np.sort(values >> bits << bits | places.astype(np.uint64))
    return both >> bits << bits, (both & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)


KEYS = 13
"""How many keys there are."""


def _keys(columns: Columns) -> Iterator[tuple[str, Wide, npt.NDArray[np.bool_]]]:
    """Every key: what it is called, its value for each row, and which rows have it."""
    c = columns
    born = c["born"]
    month, day = (born >> 8) & 0xFF, born & 0xFF
    # Day and month in either order are one key.
    date = (born & np.uint32(0xFFFF0000)) | np.minimum(month, day) << 8 | np.maximum(month, day)
    year = born >> 16
    # Given and family name in either order are one key.
    names = c["given_sound"].astype(np.uint64) + c["family_sound"]
    named = (c["given_sound"] > 0) & (c["family_sound"] > 0)
    yield "date of birth and family name", _mixed(date, c["family_initial"]), (born > 0) & (c["family_initial"] > 0)
    yield "date of birth and given name", _mixed(date, c["given_initial"]), (born > 0) & (c["given_initial"] > 0)
    yield "date of birth and house number", _mixed(date, c["number"]), (born > 0) & (c["number"] > 0)
    yield "name and year of birth", _mixed(names, year), named & (born > 0)
    yield "name and ZIP code or city", _mixed(names, c["place"]), named & (c["place"] > 0)
    housed = (c["street"] > 0) & (c["number"] > 0)
    yield (
        "address and given name",
        _mixed(c["street"], c["number"], c["given_initial"]),
        housed & (c["given_initial"] > 0),
    )
    yield (
        "address and family name",
        _mixed(c["street"], c["number"], c["family_initial"]),
        housed & (c["family_initial"] > 0),
    )
    yield "name and street", _mixed(names, c["street"]), named & (c["street"] > 0)
    yield "name and house number", _mixed(names, c["number"]), named & (c["number"] > 0)
    yield (
        "family name and house number",
        _mixed(c["family_sound"], c["number"], c["place"]),
        ((c["family_sound"] > 0) & (c["number"] > 0)),
    )
    for name, words in (("account", "account number"), ("email", "e-mail address"), ("phone", "telephone number")):
        yield words, _mixed(c[name]), c[name] > 0


def candidates(columns: Columns, prior: float) -> tuple[Places, tuple[Cut, ...]]:
    """Pairs that could be one person, as an array of (first, second) places in file order; and what was cut.

    `prior` is the weight, in bits, that two rows begin with.
    """
    found: list[Places] = []
    cuts = []
    left = MOST_PAIRS
    for number, (words, key, valid) in enumerate(_keys(columns)):
        share = left // (KEYS - number)
        order, begins, sizes = _blocks(columns, key, valid)
        if not len(order):
            continue
        window = _window(sizes, share)
        left -= _pairs_within(sizes, window)
        too_large = sizes > window + 1
        if too_large.any():
            cuts.append(Cut(words, int(sizes[too_large].sum()), window))
        for one, other in _within(order, begins, sizes, window):
            first, second = _hopeful(columns, one, other) if prior < _NAMES_ALONE else (one, other)
            given, family = (_name_at_best(columns, first, second, name) for name in NAMES)
            kept = best(columns, (first, second), prior, given, family) >= REVIEW_FROM
            if kept.any():
                low, high = np.minimum(first[kept], second[kept]), np.maximum(first[kept], second[kept])
                found.append(low * columns.count + high)
    if not found:
        return np.empty((0, 2), np.int64), tuple(cuts)
    pairs = np.unique(np.concatenate(found))
    return np.stack((pairs // columns.count, pairs % columns.count), axis=1), tuple(cuts)


def _blocks(columns: Columns, key: Wide, valid: npt.NDArray[np.bool_]) -> tuple[Places, Places, Places]:
    """Rows in blocks of one key: places, where each block of two or more begins, and its size.

    Within a block rows of one name stand together, so that a cut loses the least.
    """
    places = np.flatnonzero(valid)
    if not len(places):
        return places, places, places
    alike = (columns["given"] ^ columns["family"] ^ columns["born"])[places].astype(np.uint64) * np.uint64(_STEPS[0])
    sorted_by = key[places] >> _BELOW_KEY << _BELOW_KEY | alike >> (np.uint64(64) - _BELOW_KEY)
    values, order = _sorted(sorted_by, places)
    high = values >> _BELOW_KEY
    edges = np.flatnonzero(high[1:] != high[:-1]) + 1
    begins = np.concatenate(([0], edges))
    sizes = np.diff(np.concatenate((begins, [len(order)])))
    several = sizes > 1
    return order, begins[several], sizes[several]


def _pairs_within(sizes: Places, window: int) -> int:
    """How many pairs blocks of those sizes have within a window."""
    reach = np.minimum(sizes - 1, window)
    return int((reach * sizes - reach * (reach + 1) // 2).sum())


def _window(sizes: Places, share: int) -> int:
    window = WINDOW
    while window > 1 and _pairs_within(sizes, window) > share:
        window = window * 3 // 4
    return window


def _within(order: Places, begins: Places, sizes: Places, window: int) -> Iterator[tuple[Places, Places]]:
    """Every pair of a block within the window, in runs that fit the memory."""
    total = int(sizes.sum())
    starts = np.cumsum(sizes) - sizes
    # Of every row in a block: its place in `order`, and how many of its block follow.
    place = np.arange(total) - np.repeat(starts - begins, sizes)
    following = np.repeat(begins + sizes, sizes) - place - 1
    for distance in range(1, window + 1):
        still = following >= distance
        if not still.any():
            return
        place, following = place[still], following[still]
        for at in range(0, len(place), _CHUNK):
            here = place[at : at + _CHUNK]
            yield order[here], order[here + distance]


_NAMES_ALONE = -(GIVEN.same + FAMILY.same + AWAY * BIRTH.other - REVIEW_FROM)
"""Where two rows begin below this, names alone cannot make them one person against two dates of birth."""


def _hopeful(c: Columns, i: Places, j: Places) -> tuple[Places, Places]:
    """The pairs that share, or could share, more than names: a first look, much cheaper than the second."""
    one, other = c["born"][i], c["born"][j]
    hopeful = (one == 0) | (other == 0) | (_digits(one ^ other) <= 2) | _swapped(one, other)
    for name in ("number", "account", "email", "phone", "address_letters"):
        rest = np.flatnonzero(~hopeful)
        if len(rest):
            a = c[name][i[rest]]
            hopeful[rest] = (a == c[name][j[rest]]) & (a > 0)
    return i[hopeful], j[hopeful]


def best(c: Columns, pairs: tuple[Places, Places], prior: float, given: Weights, family: Weights) -> Weights:
    """The most that each pair could weigh, whatever its texts turn out to be, names apart."""
    i, j = pairs
    # A name in the other's column, or both exchanged.
    crossed = (c["given"][i] == c["family"][j]) | (c["family"][i] == c["given"][j])
    crossed &= (c["given"][i] != c["given"][j]) & (c["family"][i] != c["family"][j])
    given, family = np.where(crossed, GIVEN.close, given), np.where(crossed, FAMILY.close, family)
    one, other = c["born"][i], c["born"][j]
    decade = ((one ^ other) >> 20) & 0xF
    slipped = np.where(decade > 0, BIRTH.close / 3, BIRTH.close)
    born = np.select(
        [(one == 0) | (other == 0), one == other, _swapped(one, other), _slip(one, other)],
        [np.float32(0), np.minimum(c.rarity["born"][i], BIRTH.same), np.float32(BIRTH.close), slipped],
        BIRTH.other,
    )
    same_number = (c["number"][i] == c["number"][j]) & (c["number"][i] > 0)
    same_street = (c["street"][i] == c["street"][j]) & (c["street"][i] > 0)
    known = (c["address_letters"][i] > 0) & (c["address_letters"][j] > 0)
    unlike = np.bitwise_count(c["address_letters"][i] ^ c["address_letters"][j])
    close = same_street | (unlike <= np.where(same_number, 6, 5))
    same_place = (c["place"][i] == c["place"][j]) & (c["place"][i] > 0)
    place = np.where(
        known & close,
        np.where(same_number, PLACE.same, PLACE.close),
        np.where(same_place, np.where(known, 0, PLACE.close / 2), np.where(known, PLACE.other, 0)),
    )
    away = np.where(place >= PLACE.close / 2, 0, AWAY - 1)
    given, family, born = (part + away * np.minimum(part, 0) for part in (given, family, born))
    home = place
    for name in ("phone", "email"):
        home = home + _agreeing(c, i, j, name)
    most: Weights = np.minimum(prior + family + home, HOUSEHOLD) + given + born + _agreeing(c, i, j, "account")
    for name, levels in (("middle", MIDDLE), ("suffix", SUFFIX)):
        one, other = c[name][i], c[name][j]
        most += np.where((one > 0) & (other > 0), np.where(one == other, levels.same, levels.close), 0)
    return most


def _agreeing(c: Columns, i: Places, j: Places, name: str) -> Weights:
    """What agreeing on a number or an address weighs; disagreeing weighs nothing."""
    both = (c[name][i] == c[name][j]) & (c[name][i] > 0)
    weights: Weights = np.where(both, np.minimum(c.rarity[name][i], CONTACT[name]), 0)
    return weights


def _name_at_best(c: Columns, i: Places, j: Places, name: str) -> Weights:
    """The most that a name could weigh, by its letters."""
    initial = (c[f"{name}_initial"][i] == c[f"{name}_initial"][j]) & (
        (np.bitwise_count(c[f"{name}_letters"][i]) <= 1) | (np.bitwise_count(c[f"{name}_letters"][j]) <= 1)
    )
    near = _near(c, i, j, f"{name}_letters") | initial
    if name == "given":
        near |= (c["root"][i] == c["root"][j]) & (c["root"][i] > 0)
    unlike = np.bitwise_count(c[f"{name}_letters"][i] ^ c[f"{name}_letters"][j])
    return name_weight(c, i, j, name, np.where(near, NAMES[name].close, np.where(unlike <= 7, 0, NAMES[name].other)))


def name_weight(c: Columns, i: Places, j: Places, name: str, differing: Weights) -> Weights:
    """The weight of a name in each pair, given what it weighs where the two differ."""
    one, other = c[name][i], c[name][j]
    same = np.minimum(c.rarity[name][i], NAMES[name].same)
    weights: Weights = np.where((one == 0) | (other == 0), 0, np.where(one == other, same, differing))
    return weights


def _near(c: Columns, i: Places, j: Places, letters: str) -> npt.NDArray[np.bool_]:
    """Whether the letters of two words are nearly the same, or those of one are among those of the other."""
    one, other = c[letters][i], c[letters][j]
    both = one & other
    known = (one > 0) & (other > 0)
    within = (both == one) | (both == other)
    near: npt.NDArray[np.bool_] = known & ((np.bitwise_count(one ^ other) <= 4) | within)
    return near


def _digits(unlike: Numbers) -> npt.NDArray[np.uint8]:
    """How many of eight decimal digits differ."""
    some = unlike | unlike >> 1 | unlike >> 2 | unlike >> 3
    count: npt.NDArray[np.uint8] = np.bitwise_count(some & np.uint32(0x11111111))
    return count


def _slip(one: Numbers, other: Numbers) -> npt.NDArray[np.bool_]:
    """Whether dates differ in one digit, or in two neighbours that are exchanged."""
    unlike = one ^ other
    slip: npt.NDArray[np.bool_] = _digits(unlike) == 1
    for shift in range(0, 28, 4):
        a, b = one >> shift & np.uint32(0xFF), other >> shift & np.uint32(0xFF)
        exchanged = (a >> 4 == b & np.uint32(0xF)) & (a & np.uint32(0xF) == b >> 4)
        slip |= exchanged & (unlike & ~np.uint32(0xFF << shift) == 0)
    return slip


def _swapped(one: Numbers, other: Numbers) -> npt.NDArray[np.bool_]:
    """Whether day and month are exchanged."""
    swapped: npt.NDArray[np.bool_] = ((one & np.uint32(0xFF)) == (other >> 8 & np.uint32(0xFF))) & (
        (one >> 8 & np.uint32(0xFF)) == (other & np.uint32(0xFF))
    )
    swapped &= (one >> 16) == (other >> 16)
    return swapped
