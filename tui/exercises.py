"""Exercises in words: what the players were told, the clock, and the reveal of law, past and players. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from rich.text import Text

from incident.exercise.replay import Comparison, Delivered
from incident.exercise.scenario import Scenario
from jurisdictions.facts import question_for
from tui.board import short_recipient
from tui.presenters import day, moment
from tui.questions import shown

SLOWEST, FASTEST = 1.0, 86_400.0
"""Virtual seconds to a real one: real time, and a day a second."""

REVEALED = "The record of the past incident was revealed to the players."
"""What the log keeps, so that whoever reads it knows from when on the players knew."""


def faster(speed: float) -> float:
    """Twice as fast, up to a day a second."""
    return min(speed * 2, FASTEST)


def slower(speed: float) -> float:
    """Half as fast, down to real time."""
    return max(speed / 2, SLOWEST)


def speed_words(speed: float) -> str:
    """Real time; 1 minute = 1 d 5 h."""
    if speed == 1:
        return "real time"
    return f"1 minute = {_span(timedelta(seconds=speed * 60))}"


def _span(length: timedelta) -> str:
    minutes = round(length.total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [f"{days} d"] if days else []
    parts += [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes and not days else []
    return " ".join(parts) or "0 min"


def clock_words(*, running: bool, speed: float) -> str:
    """The clock as the watermark tells it."""
    return f"clock runs, {speed_words(speed)}" if running else "CLOCK PAUSED"


def exercise_summary(delivered: Sequence[Delivered], *, running: bool, speed: float, ended: bool) -> Text:
    """The line on top of the injects."""
    if ended:
        return Text("The exercise has come to its end. R reveals what really happened.", style="bold")
    state = "Running" if running else "Paused: space lets time pass"
    count = len(delivered)
    return Text.assemble((state, "bold"), f" · {speed_words(speed)} · {count} inject{'' if count == 1 else 's'} so far")


def inject_cells(each: Delivered, zone: ZoneInfo) -> Sequence[Text]:
    """#, WHEN, TITLE."""
    return Text(f"{each.number:>2}"), Text(moment(each.inject.at, zone)), Text(each.inject.title)


def inject_panel(each: Delivered, zone: ZoneInfo) -> tuple[str | Text, ...]:
    """An inject in full, with what it lets the players record."""
    lines: list[str | Text] = [
        Text(each.inject.title, style="bold"),
        Text(moment(each.inject.at, zone), style="dim"),
        each.inject.text.strip(),
    ]
    if each.inject.facts:
        lines += ["", Text("It tells (x records it in the incident)", style="bold")]
        for path, value in each.inject.facts.items():
            lines.append(f"· {question_for(path)}  {shown(path, value, zone)}")
    return tuple(lines)


# --- The reveal


def comparison_cells(row: Comparison) -> Sequence[Text]:
    """TO WHOM, LAW, THEN, YOU."""
    real, players = _against(row.real.on if row.real else None, row), _against(row.players, row)
    return (
        Text(short_recipient(row.obligation_id, row.recipient)),
        Text(day(row.due) if row.due is not None else "no date"),
        Text(real, style="bold" if "late" in real else ""),
        Text(players, style="bold" if "late" in players else ""),
    )


def _against(done: date | None, row: Comparison) -> str:
    """2014-01-31, 41 d late; not done."""
    if done is None:
        return "not done"
    if row.due is None:
        return f"{done}"
    late = (done - row.due).days
    return f"{done}, {late} d late" if late > 0 else f"{done}, in time"


def comparison_panel(row: Comparison) -> tuple[str | Text, ...]:
    """One duty in full."""
    due = day(row.due) if row.due is not None else "no date on these facts"
    return (
        Text(row.recipient, style="bold"),
        f"The law: {due} ({row.obligation_id})",
        f"Then: {row.real.text}" if row.real is not None else "Then: nothing is on record.",
        f"You: {day(row.players)}" if row.players is not None else "You: not done.",
    )


def sources_lines(scenario: Scenario) -> tuple[str | Text, ...]:
    """What the exercise was made of."""
    return (
        Text(scenario.title, style="bold"),
        " ".join(scenario.summary.split()),
        "",
        Text("Sources", style="bold"),
        *(f"· {source}" for source in scenario.sources),
    )
