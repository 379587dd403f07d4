"""What stands out among the letters before they are printed: the rows that a person should look at, and why.

A mail merge goes wrong at its edges: the longest name, the child, the dead, the foreign address. These are found while
the rows stream by; how many people there are does not matter, a group keeps its few most extreme.
"""

from __future__ import annotations

import heapq
import io
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final

import msgspec
import pikepdf

from incident.views.queries import LetterRow
from notices.context import Audience, LetterContext, Recipient
from notices.engines.base import BATCHES, PdfEngine
from notices.glyphs import width_in_points
from notices.preflight import ADDRESS_SIZE, WINDOW_LINES, WINDOW_WIDTH, Exclusion, Variants, lines_needed, why_not
from notices.press import Addressed, EnginePress
from notices.printer import Printer
from notices.production import NO_LETTER, recipient_of
from notices.proof import page_texts

KEPT: Final = 200
"""Rows of a group that are kept to be looked at."""
_EXTREMES: Final = 3
"""Of the longest, which everybody has some of."""
_NEARLY: Final = 0.95
_LINE_WIDTH: Final = 6.5 * 72
_MEASURED: Final = 40
"""Letters with a long salutation that are laid out to count their pages."""


class Outlier(msgspec.Struct, frozen=True, kw_only=True):
    """One row that stands out; `score` orders a group, the most extreme first."""

    code: str
    why: str
    score: float
    letter: Addressed


class OutlierGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Rows that stand out for one reason: how many there are, and those that are kept, the most extreme first."""

    kind: str
    title: str
    count: int
    members: tuple[Outlier, ...]


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """Rows without a letter for one reason; of each kept one its reference and what was found in it."""

    reason: str
    count: int
    rows: tuple[tuple[str, str], ...]


class Preflight(msgspec.Struct, frozen=True, kw_only=True):
    """What would be printed now: rows = letters + excluded, how they divide, and what stands out among them."""

    rows: int
    letters: int
    left_out: tuple[LeftOut, ...]
    variants: dict[str, int]
    languages: dict[str, int]
    states: dict[str, int]
    paper: dict[str, int]
    outliers: tuple[OutlierGroup, ...]

    @property
    def excluded(self) -> int:
        """Rows without a letter."""
        return sum(each.count for each in self.left_out)

    @property
    def sheet(self) -> tuple[Outlier, ...]:
        """The letters to lay out together: of each group the most extreme, of each audience one of each text."""
        found: dict[str, Outlier] = {}
        for group in self.outliers:
            firsts: dict[str, Outlier] = {}
            for each in group.members:
                firsts.setdefault(each.letter.variant.key if group.kind in _AUDIENCES else "", each)
            for each in firsts.values():
                found.setdefault(each.code, each)
        return tuple(found.values())


_AUDIENCES: Final = {
    str(Audience.PARENT_OF_MINOR): "Letters to parents of minors",
    str(Audience.NEXT_OF_KIN): "Letters to next of kin of the deceased",
    str(Audience.PERSONAL_REPRESENTATIVE): "Letters to personal representatives",
}
_TITLES: Final = {
    "longest_name": "Longest names",
    "longest_address": "Longest address lines",
    "window": "Address block that all but fills the envelope window",
    "extra_page": "Letters with more pages than their text",
    **_AUDIENCES,
    "confidential": "Confidential addresses (45 CFR 164.522(b))",
    "abroad": "Addresses abroad",
    "large_print": "Letters in large print",
}


class _Group:
    """Keeps the most extreme rows of a group, and counts all."""

    def __init__(self, kept: int) -> None:
        self.count = 0
        self._kept = kept
        self._heap: list[tuple[float, int, Outlier]] = []

    def add(self, outlier: Outlier) -> None:
        self.count += 1
        # Of two alike the first row stays.
        item = (outlier.score, -self.count, outlier)
        if len(self._heap) < self._kept:
            heapq.heappush(self._heap, item)
        else:
            heapq.heappushpop(self._heap, item)

    @property
    def members(self) -> tuple[Outlier, ...]:
        return tuple(outlier for _, _, outlier in sorted(self._heap, key=lambda item: (-item[0], -item[1])))


class _Gathered:
    """The groups as they fill."""

    def __init__(self) -> None:
        self.groups: dict[str, _Group] = {}

    def add(self, kind: str, code: str, letter: Addressed, why: str, score: float = 0.0) -> None:
        kept = _EXTREMES if kind.startswith("longest") else KEPT
        group = self.groups.setdefault(kind, _Group(kept))
        group.add(Outlier(code=code, why=why, score=score, letter=letter))

    def in_order(self) -> tuple[OutlierGroup, ...]:
        order = list(_TITLES)
        found = sorted(self.groups.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))
        return tuple(
            OutlierGroup(
                kind=kind,
                title=_title(kind),
                count=len(group.members) if kind.startswith("longest") else group.count,
                members=group.members,
            )
            for kind, group in found
        )


def preflight(
    context: LetterContext,
    people: Iterable[LetterRow],
    engine: PdfEngine,
    *,
    progress: Callable[[int], None] | None = None,
) -> Preflight:
    """Look at every row as it would be printed with these words. Only letters that may run long are laid out.

    `progress` is told the number of rows that were looked at.
    """
    variants, languages = Variants(context), {variant.language for variant in context.variants}
    gathered, left_out, reasons = _Gathered(), dict[str, _Rows](), Counter[str]()
    by_variant, by_language, by_state, by_paper = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    rows = letters = 0
    for row in people:
        rows += 1
        if progress is not None:
            progress(rows)
        found = recipient_of(row, languages)
        excluded = found if isinstance(found, Exclusion) else why_not(found, variants)
        if excluded is not None:
            reasons[excluded.group] += 1
            left_out.setdefault(excluded.group, _Rows()).add(row.code, excluded)
            continue
        assert isinstance(found, Recipient)
        variant = variants.for_recipient(found)
        assert variant is not None
        letters += 1
        large = context.large_print or found.large_print
        by_variant[f"{variant.key}.large" if large else variant.key] += 1
        by_paper["large print" if large else "US Letter"] += 1
        by_language[variant.language] += 1
        by_state[row.state or "not known"] += 1
        _look_at(row, Addressed(msgspec.structs.replace(found, language=variant.language), variant), gathered)
    _measure(context, engine, gathered)
    return Preflight(
        rows=rows,
        letters=letters,
        left_out=tuple(
            LeftOut(reason=reason, count=count, rows=left_out[reason].kept) for reason, count in reasons.most_common()
        ),
        variants=dict(by_variant.most_common()),
        languages=dict(by_language.most_common()),
        states=dict(by_state.most_common()),
        paper=dict(by_paper.most_common()),
        outliers=gathered.in_order(),
    )


class _Rows:
    """The first rows that were left out for a reason."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, str]] = []

    def add(self, code: str, excluded: Exclusion) -> None:
        if len(self._rows) < KEPT:
            self._rows.append((code, "" if excluded.code == NO_LETTER else excluded.reason))

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        return tuple(self._rows)


def _look_at(row: LetterRow, letter: Addressed, gathered: _Gathered) -> None:
    person = letter.recipient
    block = (*person.name_lines, *person.address_lines)
    longest = max(person.name_lines, key=_width)
    gathered.add("longest_name", row.code, letter, f"{len(longest)} characters", _width(longest))
    widest = max(person.address_lines, key=_width)
    gathered.add("longest_address", row.code, letter, f"{len(widest)} characters", _width(widest))
    lines, room = lines_needed(block), max(map(_width, block)) / WINDOW_WIDTH
    if lines >= WINDOW_LINES or room > _NEARLY:
        why = f"{lines} of {WINDOW_LINES} lines" if lines >= WINDOW_LINES else "a line fills the window's width"
        gathered.add("window", row.code, letter, why, lines + room)
    if person.audience is not Audience.ADULT:
        gathered.add(str(person.audience), row.code, letter, row.basis)
    if "164.522(b)" in row.basis:
        gathered.add("confidential", row.code, letter, row.basis)
    if person.large_print:
        gathered.add("large_print", row.code, letter, "18 points, as they asked")
    if row.abroad:
        gathered.add("abroad", row.code, letter, person.address_lines[-1])
    text = "".join((*person.name_lines, person.salutation))
    if not text.isascii():
        for script in sorted({_script(char) for char in text if not char.isascii() and char.isalpha()}):
            strange = sum(not char.isascii() for char in text)
            gathered.add(f"script {script}", row.code, letter, "", float(strange))
    salutation = width_in_points(f"{person.salutation}:", ADDRESS_SIZE)
    if salutation > _LINE_WIDTH * _NEARLY:
        gathered.add("extra_page", row.code, letter, "", salutation)


def _measure(context: LetterContext, engine: PdfEngine, gathered: _Gathered) -> None:
    """Of the letters that may run over a page, keep those that do."""
    candidates = gathered.groups.pop("extra_page", None)
    if candidates is None:
        return
    press = EnginePress(context, engine, "Preflight")
    usual: dict[str, int] = {}
    for number, each in enumerate(candidates.members):
        variant = each.letter.variant
        if number >= _MEASURED:
            why = "its salutation may take a second line; not laid out"
            gathered.add("extra_page", each.code, each.letter, why, each.score)
            continue
        if variant.key not in usual:
            usual[variant.key] = _pages(press, press.specimen(variant))
        pages = _pages(press, each.letter)
        if pages > usual[variant.key]:
            why = f"{pages} pages, where {variant.key} has {usual[variant.key]}"
            gathered.add("extra_page", each.code, each.letter, why, each.score)


def lay_out(context: LetterContext, engine: PdfEngine, letters: Sequence[Outlier]) -> bytes:
    """These letters as one PDF, exactly as they would be printed, each proved against its row.

    Raises:
        NoticeError: a letter differs from its row; naming it.
    """
    printer = Printer(context, engine)
    runs = [[each.letter] for each in letters]
    if BATCHES in engine.capabilities:  # a file is in one size of print
        runs = [list(run) for _, run in groupby((each.letter for each in letters), _large)]
    if len(runs) == 1:
        return printer.file(runs[0]).pdf
    with pikepdf.new() as together:
        for run in runs:
            with pikepdf.open(io.BytesIO(printer.file(run).pdf)) as part:
                together.pages.extend(part.pages)
        out = io.BytesIO()
        together.save(out, deterministic_id=True)
    return out.getvalue()


def _large(letter: Addressed) -> bool:
    return letter.recipient.large_print


def _pages(press: EnginePress, letter: Addressed) -> int:
    return sum(1 for _ in page_texts(press.file([letter]).pdf))


def _width(line: str) -> float:
    return width_in_points(line, ADDRESS_SIZE)


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    """The script of a letter, by its Unicode name: Greek, Cyrillic, CJK, and Latin with marks."""
    first = unicodedata.name(char, "UNNAMED").split()[0]
    return {"LATIN": "Latin with accents", "CJK": "Chinese or Japanese"}.get(first, first.capitalize())


def _title(kind: str) -> str:
    return _TITLES.get(kind, f"Names in {kind.removeprefix('script ')}")
