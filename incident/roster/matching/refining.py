"""A second look at pairs that could be one person, by how alike their names really are.

Names recur: each two different names are compared once, in one call for all of them.
"""

from collections.abc import Callable

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from incident.roster.matching.blocking import NAMES, Columns, Places, Weights, best, name_weight
from incident.roster.matching.nicknames import forms_of_one
from incident.roster.matching.profile import Texts
from incident.roster.matching.weights import NEARLY, REVIEW_FROM

TextsOf = Callable[[int], Texts]


MOST_COMPARED = 1_000_000
"""Pairs of one list whose texts are compared, at most: half a minute."""


def refined(c: Columns, pairs: Places, prior: float, texts_of: TextsOf) -> tuple[Places, int]:
    """The pairs that could still be one person, and how many such pairs were left out as the least likely of too many.

    A list of many people of one birth date and like names has more of them than anybody could look through.
    """
    if not len(pairs):
        return pairs, 0
    i, j = pairs[:, 0], pairs[:, 1]
    given = _weight(c, (i, j), "given", texts_of)
    family = _weight(c, (i, j), "family", texts_of)
    most = best(c, (i, j), prior, given, family)
    hopeful = most >= REVIEW_FROM
    kept: Places = pairs[hopeful]
    if len(kept) <= MOST_COMPARED:
        return kept, 0
    likeliest = np.sort(np.argsort(-most[hopeful], kind="stable")[:MOST_COMPARED])
    return kept[likeliest], len(kept) - MOST_COMPARED


def _weight(c: Columns, pairs: tuple[Places, Places], name: str, texts_of: TextsOf) -> Weights:
    """The most that the names can weigh, by all that `scoring` looks at."""
    (i, j), levels = pairs, NAMES[name]
    rows = np.concatenate((i, j))
    _, first, number = np.unique(c[name][rows], return_index=True, return_inverse=True)
    words = [str(getattr(texts_of(int(row)), name)) for row in rows[first]]
    one, other = np.minimum(number[: len(i)], number[len(i) :]), np.maximum(number[: len(i)], number[len(i) :])
    different, back = np.unique(one * len(words) + other, return_inverse=True)
    left = [words[place] for place in (different // len(words)).tolist()]
    right = [words[place] for place in (different % len(words)).tolist()]
    alike = process.cpdist(left, right, scorer=JaroWinkler.similarity, score_cutoff=NEARLY, workers=2)
    slips = process.cpdist(left, right, scorer=DamerauLevenshtein.distance, score_cutoff=2, workers=2)
    special = np.fromiter(
        (
            forms_of_one(a, b) or len(a) == 1 or len(b) == 1 or " " in a or " " in b
            for a, b in zip(left, right, strict=True)
        ),
        np.bool_,
        len(left),
    )
    at_best: Weights = np.where((alike >= NEARLY) | (slips <= 2) | special, levels.close, levels.other)
    return name_weight(c, i, j, name, at_best[back])
