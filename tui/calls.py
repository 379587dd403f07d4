"""Calls in words, and how a call is typed. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from rich.text import Text

from incident.calls import LETTERS, TOPICS, CallCounts, Words
from incident.commands.calls import HeardCall
from incident.errors import InvalidInput, NotFound
from incident.roster.returned import parse_code
from incident.views.queries import Queries
from tui.presenters import moment

ERASED = "(words erased)"
_CODE = re.compile(r".+-\d+-\d{6,}", re.ASCII)
"""What a reference code on a letter looks like, of whichever incident."""


def call_cells(heard: HeardCall, zone: ZoneInfo, today: date) -> Sequence[Text]:
    """#, WHEN, WAY, WHO, ABOUT, WHAT, FOLLOW UP."""
    call, words = heard.call, heard.words
    due = call.open_follow_up
    follow = "" if due is None else f"{due}{' LATE' if due < today else ''}"
    if due is None and call.logged.follow_up is not None:
        follow = "done"
    return (
        Text(f"#{call.position}"),
        Text(f"{call.at.astimezone(zone):%m-%d %H:%M}"),
        Text("in" if call.logged.direction == "received" else "out"),
        Text(who(heard)),
        Text(call.logged.topic),
        Text(words.asked if words is not None else ERASED, style="" if words is not None else "dim"),
        Text(follow, style="bold" if due is not None else ""),
    )


def who(heard: HeardCall) -> str:
    """Row 12, or what the caller said they were called."""
    if heard.call.logged.row is not None:
        return f"row {heard.call.logged.row}"
    return (heard.words.caller if heard.words is not None else "") or "unknown"


def call_lines(heard: HeardCall, zone: ZoneInfo) -> tuple[str | Text, ...]:
    """One call in full."""
    call, words = heard.call, heard.words
    way = "Received" if call.logged.direction == "received" else "Made"
    lines: list[str | Text] = [
        Text(f"#{call.position} {way} {moment(call.at, zone)}, recorded by {call.by}", style="bold"),
        f"About: {TOPICS[call.logged.topic]}",
        f"Who: {who(heard)}",
    ]
    if words is None:
        lines.append("The words were erased; nobody can read them any more.")
    else:
        lines += [f"Asked: {words.asked}", f"Answered: {words.answered or 'nothing recorded'}"]
    if call.logged.follow_up is not None:
        done = f"done {moment(call.followed_up, zone)}" if call.followed_up is not None else "open"
        lines.append(f"Follow up by {call.logged.follow_up}: {done}")
    if heard.follow_up_words:
        lines.append(f"Done: {heard.follow_up_words}")
    return tuple(lines)


def count_line(counts: CallCounts, today: date) -> str:
    """12 calls, 10 received (3 today); affected 7, letter 5; 2 to follow up, 1 late."""
    if not counts.total:
        return "No calls yet."
    topics = ", ".join(f"{topic} {count:,}" for topic, count in counts.by_topic.items())
    follow = f"; {counts.follow_ups_open:,} to follow up" if counts.follow_ups_open else ""
    late = f", {counts.follow_ups_late:,} LATE" if counts.follow_ups_late else ""
    return (
        f"{counts.total:,} call{'' if counts.total == 1 else 's'}, {counts.received:,} received "
        f"({counts.by_day.get(today.isoformat(), 0):,} today); {topics}{follow}{late}"
    )


def read_topic(text: str) -> str:
    """A topic by its letter or the beginning of its name.

    Raises:
        InvalidInput: it is none.
    """
    typed = text.strip().lower()
    if typed in LETTERS:
        return LETTERS[typed]
    names = [name for name in TOPICS if typed and name.startswith(typed)]
    if len(names) == 1:
        return names[0]
    raise InvalidInput(f"{typed!r}: write " + ", ".join(f"{letter} {name}" for letter, name in LETTERS.items()))


def read_words(values: Mapping[str, str], reference: str) -> Words:
    """What is sealed of a call that was typed about an incident (`reference`)."""
    row = read_row(values.get("who", ""), reference)
    return Words(
        caller="" if row is not None else values.get("who", "").strip(),
        asked=values["asked"].strip(),
        answered=values.get("answered", "").strip(),
    )


def read_row(text: str, reference: str) -> tuple[int, int] | None:
    """`12`, or a reference code such as 2026-001-1-000012: the number of the list and the row; None for a name.

    Raises:
        InvalidInput: it is the code of another incident.
    """
    typed = text.strip()
    if typed.isdecimal():
        return 1, int(typed)
    found = parse_code(typed, reference)
    if found is None and _CODE.fullmatch(typed):
        raise InvalidInput(f"who: {typed} is a code of another incident, not of {reference}")
    return found


def person_named(queries: Queries, incident_id: UUID, row: tuple[int, int]) -> tuple[UUID, int]:
    """(list, row) of the number of a list and a row.

    Raises:
        NotFound: there is no such list.
    """
    lists = queries.rosters(incident_id)
    if not 1 <= row[0] <= len(lists):
        raise NotFound(f"there is no list {row[0]} in this incident")
    return lists[row[0] - 1].id, row[1]


def read_follow_up(text: str, today: date) -> date:
    """`2026-11-25`, or `+2` for the day after tomorrow.

    Raises:
        InvalidInput: it cannot be read, or has passed.
    """
    typed = text.strip()
    if typed.startswith("+") and typed[1:].isdecimal() and len(typed) <= 4:
        return date.fromordinal(today.toordinal() + int(typed[1:]))
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        raise InvalidInput("a day as 2026-11-25, or +2 for the day after tomorrow") from None
    if found < today:
        raise InvalidInput(f"{found} has passed")
    return found
