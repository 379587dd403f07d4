"""The record in words: kinds of data, facts, log entries, the risk assessment. Pure; what people typed is Text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.text import Text

from incident.incident import OUTCOMES
from jurisdictions.facts import question_for
from tui.entry import ELEMENT_KEYS, ELEMENT_WORDS
from tui.presenters import moment
from tui.questions import shown

if TYPE_CHECKING:
    from incident.events import RiskAssessed
    from incident.views.queries import FactRow, TimelineRow

# --- Kinds of data


def element_legend(width: int) -> tuple[Text, ...]:
    """The letters of the kinds of data, in as many columns as fit."""
    entries = [(letter, ELEMENT_WORDS[element]) for letter, element in ELEMENT_KEYS.items()]
    column = max(len(words) for _, words in entries) + 4
    columns = max((width - 2) // column, 1)
    rows = -(-len(entries) // columns)
    lines = []
    for row in range(rows):
        line = Text(no_wrap=True)
        for letter, words in entries[row::rows]:
            line.append(f"{letter} ", style="bold").append(words.ljust(column - 2))
        lines.append(line)
    return tuple(lines)


# --- Facts


def fact_cells(path: str, fact: FactRow | None, zone: ZoneInfo) -> tuple[Text, ...]:
    """FACT, VALUE, EVENT, SOURCE; a fact that was never recorded is dim and unknown."""
    if fact is None:
        return Text(path, style="dim"), Text("unknown", style="dim"), Text(""), Text("")
    value = shown(path, fact.value, zone, fact.source)
    return Text(path), Text(value, style="bold"), Text(f"#{fact.position}"), Text(fact.source or "")


def fact_panel(path: str, fact: FactRow | None, zone: ZoneInfo) -> tuple[str | Text, ...]:
    """The question, and who said what when."""
    try:
        words = question_for(path)
    except KeyError:
        words = path
    lines: list[str | Text] = [Text(words, style="bold"), Text(path, style="dim")]
    if fact is None:
        lines.append("Not recorded: unknown. Enter answers it.")
    else:
        lines.append(f"{shown(path, fact.value, zone, fact.source)}")
        lines.append(
            f"#{fact.position} by {fact.by}, recorded {moment(fact.recorded_at, zone)}"
            + (f", source: {fact.source}" if fact.source else "")
        )
    return tuple(lines)


def supposed_cells(path: str, fact: FactRow | None, supposed: Mapping[str, Any], zone: ZoneInfo) -> tuple[Text, ...]:
    """FACT, NOW, SUPPOSED."""
    now = shown(path, fact.value, zone, fact.source) if fact is not None else "unknown"
    changed = Text(shown(path, supposed[path], zone), style="bold reverse") if path in supposed else Text("")
    return Text(path), Text(now, style="" if fact is not None else "dim"), changed


# --- Log


def entry_cells(row: TimelineRow, zone: ZoneInfo, *, new: bool = False) -> tuple[Text, ...]:
    """#, HAPPENED, RECORDED, BY, WHAT; what was corrected is struck through and says by which event.

    What is `new` to the person at work begins with a dot.
    """
    happened, recorded = row.occurred_at.astimezone(zone), row.recorded_at.astimezone(zone)
    same = happened.replace(second=0, microsecond=0) == recorded.replace(second=0, microsecond=0)
    what = Text()
    if row.corrects is not None:
        what.append("correction: ", style="bold")
    what.append(row.text, style="strike dim" if row.corrected_at_position is not None else "")
    if row.corrected_at_position is not None:
        what = Text.assemble(f"(corrected by #{row.corrected_at_position}) ", what)
    if new:
        what = Text.assemble(("• ", "bold"), what)
    return (
        Text(f"#{row.position}"),
        Text(f"{happened:%Y-%m-%d %H:%M}"),
        Text("=" if same else f"{recorded:%m-%d %H:%M}"),
        Text(row.by),
        what,
    )


def entry_panel(row: TimelineRow, zone: ZoneInfo) -> tuple[str | Text, ...]:
    """The whole entry: words, both times, person, reason, what corrects what."""
    happened, recorded = moment(row.occurred_at, zone), moment(row.recorded_at, zone)
    lines: list[str | Text] = [
        Text(row.text, style="bold"),
        f"#{row.position} happened {happened} · recorded {recorded} by {row.by}",
    ]
    if row.because:
        lines.append(f"because: {row.because}")
    if row.corrects is not None:
        lines.append(f"corrects entry {row.corrects} of this incident")
    if row.corrected_at_position is not None:
        lines.append(f"corrected by #{row.corrected_at_position}")
    return tuple(lines)


# --- Assessment


def factor_cells(number: int, words: str, rating: int | None, reason: str) -> tuple[Text, ...]:
    """FACTOR, RATING, REASON."""
    scale = {1: "1 low", 2: "2", 3: "3", 4: "4 high"}
    return (
        Text(f"{number}. {words}"),
        Text(scale.get(rating or 0, "?"), style="bold" if rating else "dim"),
        Text(reason or "no reason yet", style="" if reason else "dim"),
    )


def assessment_panel(
    factor: str, recorded: RiskAssessed | None, decision: str | None, suggestion: str | None, *, changed: bool
) -> tuple[Text, ...]:
    """The factor in full, what is recorded, what the ratings suggest, what is decided."""
    outcomes = dict(OUTCOMES)
    lines = [Text(factor, style="bold"), Text("")]
    if suggestion is not None:
        lines.append(Text.assemble(("The ratings suggest: ", "bold"), outcomes[suggestion]))
    else:
        lines.append(Text("Rate all four factors: 1 (low) to 4 (high), with a reason each."))
    if changed:
        lines.append(Text("Not recorded yet: Enter records it.", style="bold"))
    if recorded is not None:
        lines.append(Text.assemble(("Recorded: ", "bold"), outcomes[recorded.outcome]))
    else:
        lines.append(Text("Nothing is recorded: a breach is presumed (45 CFR 164.402(2))."))
    words = decision.replace("_", " ") if decision is not None else "not decided (D decides)"
    lines.append(Text.assemble(("Decision: ", "bold"), words))
    return tuple(lines)
