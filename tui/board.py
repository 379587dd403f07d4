"""The deadline board in words: rows, explanation, gaps, differences. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from rich.text import Text

from incident.views.queries import Board, FactRow
from jurisdictions.facts import question_for
from jurisdictions.obligations import Assessment, NotModelled, Obligation, Reading, Status
from jurisdictions.vocabulary import USPS
from tui.presenters import OPEN, day, left
from tui.questions import shown

Facts = Mapping[str, FactRow]

_SHORT = {
    "us.hipaa.individuals": "All individuals",
    "us.hipaa.hhs": "HHS",
    "us.hipaa.substitute": "Unreachable people",
    "us.hipaa.covered_entity": "The covered entity",
    "us.part2.hhs": "HHS (Part 2)",
    "us.part2.individuals": "All individuals (Part 2)",
    "us.ftc_hbnr.individuals": "All individuals (FTC)",
    "us.ftc_hbnr.ftc": "FTC",
    "il.pipa.individuals": "Illinois residents",
    "il.pipa.attorney_general": "Illinois AG",
    "il.pipa.hipaa_attorney_general": "Illinois AG (after HHS)",
    "il.pipa.data_owner": "Data owner (Illinois)",
    "ca.civ1798_82.individuals": "California residents",
    "ca.civ1798_82.attorney_general": "California AG",
    "ca.civ1798_82.data_owner": "Data owner (California)",
    "ca.hsc1280_15.cdph": "California CDPH",
    "ca.hsc1280_15.patients": "California patients",
}
_LAWS = {
    "us.hipaa": "HIPAA",
    "us.part2": "Part 2",
    "us.ftc_hbnr": "FTC",
    "il.pipa": "PIPA",
    "ca.civ1798_82": "Civ. 1798.82",
    "ca.hsc1280_15": "H&S 1280.15",
}
_WAITS = re.compile(r"waits on ([a-z0-9_.:]+[A-Za-z0-9_])")
_PERIOD = re.compile(r"(\d+) (calendar|business) days")


def short_recipient(obligation_id: str, recipient: str = "") -> str:
    """A duty's recipient in few words; the full name stands in the explanation."""
    if obligation_id in _SHORT:
        return _SHORT[obligation_id]
    stem, _, tail = obligation_id.partition(":")
    if stem.endswith(".media") and tail in USPS:
        return f"Media, {USPS[tail]}" + {"us.hipaa.media": "", "us.part2.media": " (Part 2)"}.get(stem, " (FTC)")
    parts = obligation_id.split(".")
    state = USPS.get(parts[0].upper())
    if state is None or len(parts) < 3:
        return recipient or obligation_id
    if parts[2].startswith("regulator:"):
        who = tail.replace("_", " ")
        return f"{state} AG" if tail == "attorney_general" else f"{state} {who}"
    return {
        "individuals": f"{state} residents",
        "consumer_reporting_agencies": f"Credit bureaus ({state})",
        "data_owner": f"Data owner ({state})",
    }.get(parts[2], recipient or obligation_id)


def law_of(obligation_id: str) -> str:
    """HIPAA, PIPA, FTC …; a State's name for its own law."""
    stem = ".".join(obligation_id.partition(":")[0].split(".")[:2])
    return _LAWS.get(stem, f"{obligation_id[:2].upper()} law")


def people_in(obligation: Obligation, facts: Facts) -> str:
    """The count that a duty turns on, as known: ~60; 1,000 to 1,300; ?; empty where it turns on none."""
    stem, _, tail = obligation.id.partition(":")
    state = tail if tail in USPS else obligation.jurisdiction
    last = stem.rpartition(".")[2]
    if obligation.id.startswith("us.") and not tail:
        path = "affected.total" if last in {"individuals", "hhs", "ftc"} else ""
    elif last in {"individuals", "media", "patients", "attorney_general"} or "regulator" in stem:
        path = f"affected.by_state.{state}"
    else:
        path = ""
    if not path or path not in facts:
        return ""
    fact = facts[path]
    if fact.value is None:
        return "?"
    words = shown(path, fact.value, ZoneInfo("UTC"), fact.source)
    count = words.partition(" (")[0].replace(" to ", "-").replace(",", "")
    # The record counts everybody, and Part 2 records are those of some of them.
    return f"of {count}" if obligation.id.startswith("us.part2.") else count


class BoardRow(msgspec.Struct, frozen=True):
    """One row: a duty, or law that is not modelled."""

    key: str
    duty: Obligation | None
    gap: NotModelled | None
    cells: tuple[Text, ...]


def board_rows(
    assessment: Assessment, facts: Facts, now: datetime, zone: ZoneInfo, *, folded: bool = False, wide: bool = True
) -> tuple[BoardRow, ...]:
    """DUE, LEFT, TO WHOM, WHY, STATE: what is open by `safest`, then what is done, then what does not arise."""
    ranked = sorted(assessment.obligations, key=lambda duty: _rank(duty.status))
    rows = [
        BoardRow(duty.id, duty, None, duty_cells(duty, facts, now, zone, wide=wide))
        for duty in ranked
        if not (folded and duty.status is Status.NOT_REQUIRED)
    ]
    # Law we do not hold may matter more than any date above: it stands before what is not due.
    gaps = [BoardRow(gap.id, None, gap, _gap_cells(gap)) for gap in assessment.not_modelled]
    first_settled = next((n for n, row in enumerate(rows) if row.duty and row.duty.status not in OPEN), len(rows))
    rows[first_settled:first_settled] = gaps
    return tuple(rows)


def _rank(status: Status) -> int:
    if status in OPEN:
        return 0
    return 2 if status is Status.NOT_REQUIRED else 1


def duty_cells(duty: Obligation, facts: Facts, now: datetime, zone: ZoneInfo, *, wide: bool = True) -> tuple[Text, ...]:
    """The five cells of a duty; on a narrow screen the law is named in the line below the table only."""
    count = people_in(duty, facts)
    whom = short_recipient(duty.id, duty.recipient) + (f" ({count})" if count else "")
    settled = duty.status in {Status.MET, Status.MET_LATE, Status.NOT_REQUIRED}
    remaining = "" if settled else left(duty.safest, now, zone)
    style = "dim" if duty.status is Status.NOT_REQUIRED else ""
    urgent = "bold" if remaining.endswith(("late", "m", "h")) else style
    return (
        Text(_due(duty), style=style),
        Text(remaining, style=urgent),
        Text(whom, style=style),
        Text(_why(duty, wide=wide), style=style),
        Text(state_words(duty), style=urgent),
    )


def _due(duty: Obligation) -> str:
    match duty.status:
        case Status.WAITS:
            return f"waits on {_waited(duty)}"
        case Status.NOT_REQUIRED:
            return "not due"
        case Status.MET | Status.MET_LATE:
            return f"on {duty.given}"
        case Status.ASAP if duty.given is not None:
            return f"on {duty.given}"
        case Status.ASAP if duty.safest is None:
            return "promptly"
        case _:
            return day(duty.safest) if duty.safest is not None else "no date yet"


def _waited(duty: Obligation) -> str:
    return short_recipient(duty.waits_on) if duty.waits_on else "another duty"


def _why(duty: Obligation, *, wide: bool) -> str:
    if duty.status is Status.NOT_REQUIRED:
        return duty.why[0] if duty.why else duty.standard
    period = _PERIOD.search(duty.standard)
    if period is None:
        return f"{law_of(duty.id)}: {duty.standard}"
    words = f"{period[1]} {period[2][:3]}. days"
    if not wide:
        return words
    words += f", {law_of(duty.id)}"
    if duty.status is Status.WAITS and duty.latest_possible is not None:
        words += f", by {duty.latest_possible} at the latest"
    return words


def state_words(duty: Obligation) -> str:  # noqa: PLR0911 - one line a state, read as a table
    """Where a duty stands, in words that need no colour."""
    match duty.status:
        case Status.OVERDUE:
            return "OVERDUE"
        case Status.MET:
            return "met"
        case Status.MET_LATE:
            return "MET LATE"
        case Status.NOT_REQUIRED:
            return "not due"
        case Status.WAITS:
            return "dependent"
        case Status.NEEDS_FACT:
            counts = bool(duty.needs) and duty.needs[0].startswith("affected.")
            if duty.likely:
                return "likely"
            return "needs a count" if counts else "needs a fact"
        case Status.ASAP:
            return "no number*"
        case Status.DUE:
            if len({reading.due for reading in duty.readings}) > 1:
                return f"{len(duty.readings)} readings"
            return "outer limit*" if "without unreasonable delay" in duty.standard else "firm"


def _gap_cells(gap: NotModelled) -> tuple[Text, ...]:
    where = USPS.get(gap.jurisdiction, gap.jurisdiction)
    return (
        Text("ask counsel", style="bold"),
        Text(""),
        Text(f"{where}: other law" if gap.jurisdiction == "US" else f"{where}: its own law"),
        Text(gap.why[0] if gap.why else ""),
        Text("NOT MODELLED", style="bold"),
    )


NOTE = '* "without unreasonable delay": the limit is not the plan.'


def board_note(board: Board, *, folded: bool) -> str:
    """The line under the table."""
    if board.assessment is None:
        return ""
    hidden = sum(duty.status is Status.NOT_REQUIRED for duty in board.assessment.obligations)
    unsettled = sum(duty.status in OPEN for duty in board.assessment.obligations)
    count = f"{unsettled} open, {hidden} not due" + (" (folded)" if folded else "")
    return f"{NOTE}  {count}."


# --- Explanation


def heading(words: str) -> Text:
    """A heading in an explanation."""
    return Text(words, style="bold")


def explain(duty: Obligation, facts: Facts, now: datetime, zone: ZoneInfo) -> tuple[Text, ...]:
    """Everything a stranger needs to recompute the date by hand."""
    lines: list[Text] = [
        Text(duty.recipient, style="bold"),
        Text(f"{duty.id} · {' · '.join(duty.citations)}"),
        Text(_status_sentence(duty, now, zone)),
        Text(f"Standard: {duty.standard}"),
    ]
    if duty.rule_version is not None:
        lines.append(Text(f"Rule version in force from {duty.rule_version}"))
    lines += [Text(""), heading("Why, line by line")]
    lines += [Text(f"{number:>2}. {line}") for number, line in enumerate(duty.why, start=1)]
    if duty.readings:
        lines += [Text(""), heading("Readings" if len(duty.readings) > 1 else "Reading")]
        lines += [Text(reading_words(number, each)) for number, each in enumerate(duty.readings, start=1)]
        if len(duty.readings) > 1:
            lines.append(Text("The plan uses the earliest. a adopts a reading, with a reason."))
    if duty.needs:
        lines += [Text(""), heading("What would settle it")]
        lines += [Text(f"  ? {question_for(path)}  [{path}]") for path in duty.needs]
    if duty.information:
        lines += [Text(""), heading("What the report asks for")]
        lines += [Text(f"  - {line}") for line in duty.information]
    if duty.caveats:
        lines += [Text(""), heading("Caveats")]
        lines += [Text(f"  ! {line}") for line in duty.caveats]
    used = _facts_used(duty, facts, zone)
    if used:
        lines += [Text(""), heading("Facts used, by event number"), *used]
    return tuple(lines)


def explain_gap(gap: NotModelled) -> tuple[Text, ...]:
    """What is not modelled, plainly."""
    return Text(f"{gap.id}: NOT MODELLED", style="bold"), Text(""), *(Text(line) for line in gap.why)


def reading_words(number: int, reading: Reading) -> str:
    """1. Tue 2027-01-19: actual knowledge on 2026-11-20 (45 CFR 164.404(a)(2)), adopted."""
    answer = {"asap": "no number of days", "waits": "waits", "not_required": "no duty"}.get(reading.outcome, "no date")
    if reading.due is not None:
        answer = day(reading.due)
    elif reading.latest_possible is not None:
        answer += f", {reading.latest_possible} at the latest"
    return f" {number}. {answer}: {reading.reading} ({reading.citation})" + (" - in use" if number == 1 else "")


def _status_sentence(duty: Obligation, now: datetime, zone: ZoneInfo) -> str:
    match duty.status:
        case Status.DUE | Status.OVERDUE:
            assert duty.due is not None
            plan = "" if duty.safest in {None, duty.due} or duty.safest is None else f"; plan by {day(duty.safest)}"
            word = "Due" if duty.status is Status.DUE else "OVERDUE since"
            return f"{word} {day(duty.due)} ({left(duty.due, now, zone)}){plan}"
        case Status.MET | Status.MET_LATE:
            late = "LATE, " if duty.status is Status.MET_LATE else ""
            return f"Done {late}on {duty.given}; the last lawful day was {duty.due}"
        case Status.WAITS:
            latest = f", {day(duty.latest_possible)} at the latest" if duty.latest_possible else ""
            return f"Waits on {_waited(duty)}{latest}; it starts by itself when that is recorded"
        case Status.ASAP:
            return f"Done on {duty.given}" if duty.given else "The duty exists, and the law sets no number of days"
        case Status.NEEDS_FACT:
            plan = f"; if it is owed, plan by {day(duty.safest)}" if duty.safest else ""
            return f"Not known yet whether it is owed{plan}"
        case Status.NOT_REQUIRED:
            return "Not required, because:"


def _facts_used(duty: Obligation, facts: Facts, zone: ZoneInfo) -> list[Text]:
    """The facts with the events that say so; for a State's duty only that State's count."""
    state = duty.id.partition(":")[2] or duty.jurisdiction
    used = [
        fact
        for path, fact in sorted(facts.items())
        if path.startswith(("incident.", "discovery."))
        or path in {"organization.hipaa_role", "organization.time_zone", "affected.total", f"given.{duty.id}"}
        or path == f"affected.by_state.{state}"
    ]
    return [
        Text(f"  #{fact.position} {fact.path} = {shown(fact.path, fact.value, zone, fact.source)}") for fact in used
    ]


# --- Differences


def effect_lines(effects: Sequence[tuple[str, Sequence[str]]]) -> tuple[Text, ...]:
    """What each answer to a question would do, as in "If none: California CDPH not required"."""
    lines = []
    for words, changes in effects:
        moves = "; ".join(_change_words(change).partition(" (was")[0] for change in changes)
        lines.append(Text.assemble("If ", (words, "bold"), f": {moves}"))
    return tuple(lines)


def _change_words(change: str) -> str:
    name, colon, rest = change.partition(": ")
    rest = _WAITS.sub(lambda found: f"waits on {short_recipient(found[1])}", rest)
    return f"{short_recipient(name)} {rest}" if colon else change


def change_lines(changes: Sequence[str]) -> tuple[Text, ...]:
    """The changes of the board, with recipients in words instead of ids."""
    return tuple(Text.assemble(("± ", "bold"), _change_words(change)) for change in changes)
