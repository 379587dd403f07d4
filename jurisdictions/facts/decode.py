"""From bytes to a JSON value, with one clear fault for every way a file can be broken."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from jurisdictions.facts.model import BreachFacts, FactsError, Fault
from jurisdictions.facts.parse import parse_facts


def decode_facts(data: bytes) -> BreachFacts:
    """Facts from the bytes of a JSON file (UTF-8, a byte-order mark is allowed).

    Raises:
        FactsError: with every fault found.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FactsError((Fault("", f"not UTF-8 text: byte {error.start} is {data[error.start]:#04x}"),)) from None
    repeated: list[Fault] = []

    def no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for key, value in pairs:
            if key in seen:
                repeated.append(Fault("", f"the key {json.dumps(key)} appears twice in one object"))
            seen[key] = value
        return seen

    try:
        value = json.loads(text, object_pairs_hook=no_repeats, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        fault = Fault("", f"not JSON: {error.msg} at line {error.lineno} column {error.colno}")
        raise FactsError((fault,)) from None
    except RecursionError:
        raise FactsError((Fault("", "not JSON that can be read: nested too deeply"),)) from None
    except ValueError as error:  # NaN, Infinity, integers beyond the interpreter's digit limit
        raise FactsError((Fault("", f"not JSON that can be read: {error}"),)) from None
    if repeated:
        raise FactsError(tuple(repeated))
    return parse_facts(value)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")
