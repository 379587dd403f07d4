"""From lists of people to the counts that decide the law.

The tally of a list follows from its stream in the log alone: every decision about one person says what the person
counted as before and counts as after. A row that waits in quarantine may turn out to be one more affected person: until
it is decided, the counts are ranges from "without them" to "with all of them", and a threshold between the two is open.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import msgspec

from incident.events import (
    ContactOutcome,
    Counted,
    Event,
    JsonValue,
    KindsCounted,
    PersonCorrected,
    QuarantineResolved,
    RosterClosed,
    RowLinked,
    RowMerged,
    RowUnlinked,
    RowUnmerged,
)
from incident.roster.doubling import NO_DOUBLES, Doubles

BY_STATE = "affected.by_state."
MUST_NOTIFY = "affected.must_notify_by_state."

Covers = Callable[[str, tuple[str, ...]], bool | None]
"""Whether a State's own definition covers a person of whom these kinds of data were exposed; None: no definition is
held for the State."""


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """The people of one list: rows in = accepted + quarantined + merged; excluded rows stay among the quarantined.

    `kinds` counts accepted people by State and kinds of data, as `KindsCounted` does. `contact_open` and
    `next_of_kin_open` are people of whom it is not settled whether they can be reached in writing.
    """

    rows_in: int = 0
    accepted: int = 0
    quarantined: int = 0
    merged: int = 0
    excluded: int = 0
    minors: int = 0
    deceased: int = 0
    insufficient_contact: int = 0
    contact_open: int = 0
    next_of_kin_insufficient_contact: int = 0
    next_of_kin_open: int = 0
    kinds: dict[str, dict[str, int]] = {}

    @property
    def by_state(self) -> dict[str, int]:
        """Accepted people by USPS code, `""` where the State is not known."""
        return {state: count for state, kinds in self.kinds.items() if (count := sum(kinds.values()))}


def tally_after(tally: Tally, event: Event) -> Tally:  # noqa: PLR0911 - a kind of event a line
    """The tally of a list after one more event of its stream."""
    match event:
        case RosterClosed():
            return msgspec.structs.replace(
                tally,
                rows_in=event.rows_in,
                accepted=event.accepted,
                quarantined=event.quarantined,
                merged=event.merged,
                minors=event.minors,
                deceased=event.deceased,
                insufficient_contact=event.insufficient_contact,
                next_of_kin_insufficient_contact=event.next_of_kin_insufficient_contact,
                kinds={state: {"": count} for state, count in event.by_state.items()},
            )
        case KindsCounted(by_state=kinds):
            return msgspec.structs.replace(tally, kinds=kinds)
        case QuarantineResolved(state=None):
            # An excluded row stays counted as quarantined, so that in = accepted + quarantined + merged for ever.
            return msgspec.structs.replace(tally, excluded=tally.excluded + 1)
        case QuarantineResolved():
            return moved(
                msgspec.structs.replace(tally, quarantined=tally.quarantined - 1, accepted=tally.accepted + 1),
                None,
                counted_as(event),
            )
        case RowLinked() | RowMerged():
            left = msgspec.structs.replace(
                tally,
                accepted=tally.accepted - (event.was == "accepted"),
                quarantined=tally.quarantined - (event.was == "quarantined"),
                merged=tally.merged + 1,
            )
            left = moved(left, event.counted, None)
            return moved(left, event.before, event.after) if isinstance(event, RowMerged) else left
        case RowUnlinked() | RowUnmerged():
            back = msgspec.structs.replace(
                tally,
                accepted=tally.accepted + (event.becomes == "accepted"),
                quarantined=tally.quarantined + (event.becomes == "quarantined"),
                merged=tally.merged - 1,
            )
            back = moved(back, None, event.counted)
            return moved(back, event.before, event.after) if isinstance(event, RowUnmerged) else back
        case PersonCorrected(before=before, after=after) | ContactOutcome(before=before, after=after):
            return moved(tally, before, after)
        case _:
            return tally


def counted_as(event: QuarantineResolved) -> Counted | None:
    """What an accepted row counts as. What an entry of schema 1 does not say is open."""
    if event.state is None:
        return None
    return event.counted or Counted(state=event.state, contact="open")


def moved(tally: Tally, before: Counted | None, after: Counted | None, people: int = 1) -> Tally:
    """The tally once people count as something else; None: as nobody. How many are accepted is not touched."""
    kinds = {state: dict(counts) for state, counts in tally.kinds.items()}
    sums = Counter[str]()
    for one, step in ((before, -people), (after, people)):
        if one is None:
            continue
        of_state = kinds.setdefault(one.state, {})
        key = ",".join(one.elements)
        of_state[key] = of_state.get(key, 0) + step
        if not of_state[key]:
            del of_state[key]
        if one.minor:
            sums["minors"] += step
        if one.deceased:
            sums["deceased"] += step
        if one.contact == "insufficient":
            sums["next_of_kin_insufficient_contact" if one.deceased else "insufficient_contact"] += step
        elif one.contact == "open":
            sums["next_of_kin_open" if one.deceased else "contact_open"] += step
    changed = {name: getattr(tally, name) + step for name, step in sums.items() if step}
    return msgspec.structs.replace(tally, kinds={state: kinds[state] for state in kinds if kinds[state]}, **changed)


def affected_facts(
    states: Iterable[str], accepted: Mapping[str, int], waiting: Mapping[str, int], doubles: Doubles = NO_DOUBLES
) -> dict[str, JsonValue]:
    """The facts `affected.total` and `affected.by_state.XX` of all lists together.

    `states` were on the board before: one that no list names has nobody. `accepted` and `waiting` (in quarantine) count
    people by USPS code, `""` where the State is not known; such a waiting row may live in any State of the list.
    Pairs that may be one person (`doubles`) are the lower end of a range.
    """
    adrift = waiting.get("", 0)
    codes = {code for code in (*states, *accepted, *waiting) if code}
    by_state = {
        f"{BY_STATE}{code}": counted_range(
            accepted.get(code, 0), waiting.get(code, 0) + adrift, fewer=doubles.by_state.get(code, 0)
        )
        for code in sorted(codes)
    }
    total = counted_range(sum(accepted.values()), sum(waiting.values()), fewer=doubles.total)
    return {**by_state, "affected.total": total}


def must_notify_facts(
    kinds: Iterable[Mapping[str, Mapping[str, int]]],
    waiting: Mapping[str, int],
    covers: Covers,
    doubles: Doubles = NO_DOUBLES,
) -> dict[str, JsonValue]:
    """The facts `affected.must_notify_by_state.XX` of all lists together, from each person's own kinds of data.

    Only of States for which a definition is held and of which some list says what was exposed of whom. People of whom
    it is not said, and rows in quarantine, may be covered: they are the upper end of a range.
    """
    sums: dict[str, Counter[str]] = {}
    for of_list in kinds:
        for state, counts in of_list.items():
            sums.setdefault(state, Counter()).update(counts)
    facts: dict[str, JsonValue] = {}
    for state in sorted(state for state in sums if state and any(sums[state])):
        verdicts = {key: covers(state, tuple(key.split(","))) if key else None for key in sums[state]}
        if all(verdict is None for key, verdict in verdicts.items() if key):
            continue
        sure = sum(count for key, count in sums[state].items() if verdicts[key])
        open_ = sum(count for key, count in sums[state].items() if verdicts[key] is None)
        fewer = min(sure, doubles.by_state.get(state, 0))
        facts[f"{MUST_NOTIFY}{state}"] = counted_range(
            sure, open_ + waiting.get(state, 0) + waiting.get("", 0), fewer=fewer
        )
    return facts


def counted_range(sure: int, possible: int, *, fewer: int = 0) -> JsonValue:
    """A count of people: a number, or a range from fewer of those who are sure to all who are possible."""
    return {"min": sure - fewer, "max": sure + possible} if possible or fewer else sure


def shifted(known: JsonValue, before: tuple[int, int], after: tuple[int, int]) -> JsonValue:
    """A number that somebody put right by hand, once lists account for more or fewer; unknown stays unknown.

    `before` and `after` are what the lists account for: those who are counted, and those of whom it is open. Pairs that
    wait do not lower it: whoever wrote it down had them in view.
    """
    if known is None:
        return None
    low, high = (known["min"], known["max"]) if isinstance(known, dict) else (known, known)
    low = max(low + after[0] - before[0], 0)
    return counted_range(low, max(high + sum(after) - sum(before) - low, 0))
