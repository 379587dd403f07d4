"""From what a rule found to an obligation: verdict, adopted reading, status, and the lines that explain it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import msgspec

from jurisdictions.case import Case
from jurisdictions.conditions import Finding, all_of, needed
from jurisdictions.obligations import Deadline, NoNumber, NotOwed, Obligation, On, Reading, Status, Waits


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of the law for one duty, with the lines by which its answer is recomputed."""

    id: str
    deadline: Deadline
    reading: str
    citation: str
    why: tuple[str, ...] = ()
    version: date | None = None
    caveats: tuple[str, ...] = ()


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule says of one duty. ``gates`` are the conditions in statutory order; all must hold.

    ``options`` gives the readings, the rule's own choice first. It is asked unless a condition fails, so that the
    earliest possible date can be shown where a fact is missing.
    """

    id: str
    recipient: str
    jurisdiction: str
    standard: str
    gates: tuple[Finding, ...]
    options: Callable[[], Iterable[Option]] = tuple
    citations: tuple[str, ...]
    version: date | None = None
    caveats: tuple[str, ...] = ()
    given: date | None = None
    notes: tuple[str, ...] = ()


def law_at_discovery(citation: str) -> Option:
    """The reading under which the law of the day of discovery, which had no such duty, governs."""
    return Option(
        id="law-at-discovery",
        deadline=NotOwed(),
        reading="law at discovery governs: no duty",
        citation=citation,
    )


def settle(duty: Duty, case: Case, adopted: str | None = None) -> Obligation:
    """The obligation that a duty comes to. ``adopted`` is the id of the reading that counsel chose, if any."""
    verdict = all_of(duty.gates)
    options, extra = ((), ()) if verdict is False else _adopt(tuple(duty.options()), adopted)
    lead = options[0] if options else None
    dated = [each.deadline.day for each in options if isinstance(each.deadline, On)]
    safest = min(dated, default=None)
    given = duty.given if duty.given is not None else case.given(duty.id)
    why = [*_gate_lines(duty.gates, verdict)]
    status = Status.NOT_REQUIRED
    due: date | None = None
    latest: date | None = None
    waits_on: str | None = None
    if verdict is None and given is not None and dated and len(dated) == len(options) and given <= min(dated):
        # Done before the earliest date that any answer could give: nothing is left to know.
        verdict, due = True, safest
    if verdict is True and lead is not None:
        match lead.deadline:
            case On(day):
                due = day if due is None else due
                status = _dated_status(due, given, case.as_of_day)
            case NoNumber():
                status = Status.ASAP
            case Waits(on, latest):
                status, waits_on = Status.WAITS, on
            case NotOwed():
                status = Status.NOT_REQUIRED
    elif verdict is None:
        status = Status.NEEDS_FACT
    if lead is not None:
        why.extend(lead.why)
    if status is not Status.NOT_REQUIRED:
        why.extend(duty.notes)
    if given is not None:
        why.append(f"Recorded as done on {given}.")
    decisive = [each for each in duty.gates if verdict is not False or each.truth is False]
    doubts = [
        *(duty.caveats if verdict is not False else ()),
        *(each for gate in decisive for each in gate.caveats),
        *(lead.caveats if lead else ()),
    ]
    caveats = tuple(dict.fromkeys((*doubts, *extra)))
    return Obligation(
        id=duty.id,
        recipient=duty.recipient,
        jurisdiction=duty.jurisdiction,
        status=status,
        due=due,
        safest=safest,
        latest_possible=latest,
        waits_on=waits_on,
        standard=duty.standard,
        readings=_readings(options),
        needs=needed(duty.gates) if status is Status.NEEDS_FACT else (),
        rule_version=(lead.version if lead is not None and lead.version else None) or duty.version,
        citations=duty.citations,
        why=(*why, *caveats),
        caveats=caveats,
        given=given,
        likely=status is Status.NEEDS_FACT and any(each.truth is None and each.likely for each in duty.gates),
    )


def _adopt(options: tuple[Option, ...], adopted: str | None) -> tuple[tuple[Option, ...], tuple[str, ...]]:
    if adopted is None:
        return options, ()
    chosen = [each for each in options if each.id == adopted]
    if not chosen:
        return options, (f'The recorded reading "{adopted}" does not arise on these facts; the rule\'s own is shown.',)
    return (chosen[0], *(each for each in options if each.id != adopted)), (
        f"Reading adopted by a recorded decision: {chosen[0].reading}.",
    )


def _gate_lines(gates: tuple[Finding, ...], verdict: bool | None) -> tuple[str, ...]:  # noqa: FBT001
    """The lines of the conditions; where one fails, that one comes first and settles the matter."""
    if verdict is False:
        return tuple(each.line for each in gates if each.truth is False)
    return tuple(each.line for each in gates if each.line)


def _dated_status(due: date, given: date | None, today: date) -> Status:
    if given is not None:
        return Status.MET if given <= due else Status.MET_LATE
    return Status.OVERDUE if today > due else Status.DUE


def _readings(options: tuple[Option, ...]) -> tuple[Reading, ...]:
    """One reading per distinct answer, the first that gives it."""
    found: dict[Deadline, Reading] = {}
    for each in options:
        if each.deadline in found:
            continue
        outcome = "due"
        due: date | None = None
        latest: date | None = None
        match each.deadline:
            case On(day):
                due = day
            case NoNumber():
                outcome = "asap"
            case Waits(_, latest):
                outcome = "waits"
            case NotOwed():
                outcome = "not_required"
        found[each.deadline] = Reading(each.id, due, each.reading, each.citation, outcome, latest)
    return tuple(found.values())
