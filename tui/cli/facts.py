"""Facts on the command line: PATH=VALUE, the value typed as on the screens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from incident.errors import InvalidInput
from incident.events import JsonValue
from tui.questions import Answer, question


def read_assignments(assignments: Iterable[str], now: datetime, zone: ZoneInfo) -> Answer:
    """`incident.encrypted=n`, `affected.by_state.CA=~60`; a value that begins with [ or { is JSON of the contract.

    Raises:
        InvalidInput: one line a fault, naming the path.
    """
    values: dict[str, JsonValue] = {}
    sources: list[str] = []
    faults: list[str] = []
    for assignment in assignments:
        path, equals, typed = (part.strip() for part in assignment.partition("="))
        if not equals:
            faults.append(f"{assignment}: write PATH=VALUE")
            continue
        try:
            answer = _read(path, typed, now, zone)
        except KeyError:
            faults.append(f"{path}: no such fact, or one with parts: give it as JSON")
        except msgspec.DecodeError as error:
            faults.append(f"{path}: not JSON: {error}")
        except InvalidInput as refusal:
            faults.extend(f"{path}: {fault}" for fault in refusal.faults)
        else:
            values |= answer.values
            sources += [answer.source] if answer.source else []
    if faults:
        raise InvalidInput(*faults)
    return Answer(values, "; ".join(sources) or None)


def _read(path: str, typed: str, now: datetime, zone: ZoneInfo) -> Answer:
    if typed.startswith(("[", "{")):
        return Answer({path: msgspec.json.decode(typed)})
    return question(path).read(typed, now, zone)
