"""From lists of people to the counts that decide the law.

A row that waits in quarantine may turn out to be one more affected person: until it is decided, the counts are
ranges from "without them" to "with all of them", and a threshold between the two is open.
"""

from collections.abc import Iterable, Mapping

from incident.events import JsonValue

BY_STATE = "affected.by_state."


def affected_facts(
    states: Iterable[str], accepted: Mapping[str, int], waiting: Mapping[str, int]
) -> dict[str, JsonValue]:
    """The facts `affected.total` and `affected.by_state.XX` of all lists together.

    `states` were on the board before: one that no list names has nobody. `accepted` and `waiting` (in quarantine) count
    people by USPS code, `""` where the State is not known; such a waiting row may live in any State of the list.
    """
    adrift = waiting.get("", 0)
    codes = {code for code in (*states, *accepted, *waiting) if code}
    by_state = {
        f"{BY_STATE}{code}": _count(accepted.get(code, 0), waiting.get(code, 0) + adrift) for code in sorted(codes)
    }
    return {**by_state, "affected.total": _count(sum(accepted.values()), sum(waiting.values()))}


def _count(sure: int, possible: int) -> JsonValue:
    return {"min": sure, "max": sure + possible} if possible else sure
