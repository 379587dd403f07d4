"""Finding the rows of one list that may be one person."""

from __future__ import annotations

import msgspec

from incident.roster.matching.profile import QUARANTINED, SIZE, Texts, texts
from incident.roster.reasons import Flag


class Likeness(msgspec.Struct, frozen=True):
    """Two rows that may be one person: lines of the file, the probability that they are, and why, by code."""

    rows: tuple[int, int]
    score: float
    reasons: tuple[str, ...]


class Suggestions:
    """Gathers the profiles of a list row by row, then compares them.

    Memory: the profiles, some 150 bytes a row; while comparing about twice as much.
    """

    def __init__(self) -> None:
        self._numbers = bytearray()
        self._texts = bytearray()

    def add(self, profile: bytes) -> None:
        """One row, in file order."""
        self._numbers += profile[:SIZE]
        self._texts += profile[SIZE:]

    def find(self) -> tuple[list[Likeness], tuple[str, ...]]:
        """The pairs, likeliest first; and a sentence for each block that was too large to be compared in full."""
        if len(self._numbers) < 2 * SIZE:
            return [], ()
        # Loaded here: most lists that are only looked at have nothing to compare.
        import numpy as np  # noqa: PLC0415

        from incident.roster.matching.blocking import Columns, candidates  # noqa: PLC0415
        from incident.roster.matching.refining import refined  # noqa: PLC0415
        from incident.roster.matching.scoring import Rarity, compare  # noqa: PLC0415
        from incident.roster.matching.weights import REVIEW_FROM, prior, probability  # noqa: PLC0415

        columns = Columns(self._numbers)
        ends = np.cumsum(columns.text, dtype=np.int64)
        begins = ends - columns.text

        def texts_of(place: int) -> Texts:
            return texts(self._texts[begins[place] : ends[place]])

        start = prior(columns.count)
        pairs, cuts = candidates(columns, start)
        pairs, left_out = refined(columns, pairs, start, texts_of)
        rarity = np.stack([columns.rarity[name][pairs[:, 0]] for name in Rarity._fields], axis=1)
        found = []
        for (one, other), rare in zip(pairs.tolist(), rarity.tolist(), strict=True):
            weight, reasons = compare(texts_of(one), texts_of(other), Rarity(*rare), start)
            if weight >= REVIEW_FROM:
                more = _standing(int(columns["flags"][one]), int(columns["flags"][other]))
                rows = int(columns.row[one]), int(columns.row[other])
                found.append(Likeness(rows, probability(weight), (*reasons, *more)))
        found.sort(key=lambda likeness: (-likeness.score, likeness.rows))
        told = tuple(
            f"{cut.rows:,} rows share their {cut.key} with more than {cut.window} others: not all of them were "
            "compared under it, so a pair may be missed"
            for cut in cuts
        )
        if left_out:
            told += (
                f"the {len(pairs):,} likeliest pairs were compared and {left_out:,} others were not: so many people of "
                "this list are alike that a pair may be missed",
            )
        return found, told


def _standing(one: int, other: int) -> list[str]:
    """How two rows differ in what decides about a letter."""
    reasons = [
        code for flag, code in ((Flag.DECEASED, "one_deceased"), (Flag.MINOR, "one_minor")) if (one ^ other) & flag
    ]
    waiting = bool(one & QUARANTINED) + bool(other & QUARANTINED)
    if waiting:
        reasons.append("one_in_quarantine" if waiting == 1 else "both_in_quarantine")
    return reasons
