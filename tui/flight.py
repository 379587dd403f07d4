"""A preflight in words and in rows of a list that opens and closes. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import msgspec
from rich.text import Text

from notices.outliers import Outlier, OutlierGroup, Preflight


class FlightRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the list. `members` are rows that it opens to; `outlier` is the letter that it is about."""

    key: str
    cells: tuple[Text, Text, Text]
    words: str
    members: int = 0
    outlier: Outlier | None = None


def head_words(found: Preflight) -> Text:
    """1,231 rows = 1,228 letters + 3 excluded."""
    return Text(f"{found.rows:,} rows = {found.letters:,} letters + {found.excluded:,} excluded", style="bold")


def sheet_words(found: Preflight) -> str:
    """What stands out, in one line."""
    count = len(found.sheet)
    if not count:
        return "No letter would be printed."
    return f"Outlier sheet of {count}: o saves them as one PDF; Enter opens a group, then a letter."


def rows(found: Preflight, opened: Collection[str]) -> Iterator[FlightRow]:
    """The list: what gets no letter, what stands out, and how the letters divide; groups in `opened` with members."""
    for number, left in enumerate(found.left_out):
        key = f"left {number}"
        yield _group(key, "✗", f"No letter: {left.reason}", (left.count, len(left.rows)), opened)
        if key in opened:
            for code, why in left.rows:
                words = f"{code}: {why or left.reason}"
                yield FlightRow(
                    key=f"{key} {code}", cells=(Text(""), Text(""), Text(f"    {code}  {why}")), words=words
                )
    for group in found.outliers:
        key = f"group {group.kind}"
        yield _group(key, "!", group.title, (group.count, len(group.members)), opened)
        if key in opened:
            yield from _letters(key, group)
    for title, counts in (
        ("Texts", found.variants), ("Languages", found.languages), ("States", found.states), ("Paper", found.paper),
    ):  # fmt: skip
        key = f"count {title}"
        told = ", ".join(f"{name} {count:,}" for name, count in counts.items())
        yield _group(key, "·", f"{title}: {told}", (len(counts), len(counts)), opened)
        if key in opened:
            for name, count in counts.items():
                cells = Text(""), Text(f"{count:,}"), Text(f"    {name}")
                yield FlightRow(key=f"{key} {name}", cells=cells, words=f"{name}: {count:,} letters")


def _group(key: str, mark: str, words: str, size: tuple[int, int], opened: Collection[str]) -> FlightRow:
    count, members = size
    arrow = "▾" if key in opened else "▸"
    style = "bold" if mark == "✗" else ""
    told = f"{words}." + (f" The first {members:,} of {count:,} are kept." if members < count else "")
    return FlightRow(
        key=key,
        cells=(Text(mark, style="bold"), Text(f"{count:,}"), Text(f"{arrow} {words}", style=style)),
        words=told,
        members=members,
    )


def _letters(key: str, group: OutlierGroup) -> Iterator[FlightRow]:
    for each in group.members:
        person = each.letter.recipient
        name = " / ".join(person.name_lines)
        block = ", ".join((*person.name_lines, *person.address_lines))
        why = f" · {each.why}" if each.why else ""
        yield FlightRow(
            key=f"{key} {each.code}",
            cells=(Text(""), Text(""), Text(f"    {each.code}  {name}{why}")),
            words=f"{each.code} · {each.letter.variant.key}{why}\n{block}\n{person.salutation}:",
            outlier=each,
        )


def lines(found: Preflight) -> Sequence[str]:
    """All of it as text: groups with their members, for the command line."""
    told = [head_words(found).plain, ""]
    every = {f"left {number}" for number in range(len(found.left_out))}
    every |= {f"group {group.kind}" for group in found.outliers}
    for row in rows(found, every):
        mark, count, words = (cell.plain for cell in row.cells)
        told.append(f"{mark:<2}{count:>7}  {words.replace('▾ ', '').replace('▸ ', '')}".rstrip())
    return [*told, "", f"Outlier sheet of {len(found.sheet)}; --sheet FILE.pdf writes it."]
