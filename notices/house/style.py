"""An organization's own style sheet: a closed list of places and looks.

Whatever could fetch, hide words, move them out of the envelope window, or print them smaller or paler than a person
can read has no place in the list. What comes out is written anew, so that an engine sees nothing that was not checked.

Sizes: at least 10 points (Cal. Civ. Code 1798.82(d)(1)(C)), in large print at least 18. Colours of words: a contrast
with white paper of at least 4.5 to 1 (WCAG 2.1, 1.4.3).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
import tinycss2
from tinycss2.color3 import RGBA, parse_color

SMALLEST: Final = 10.0
LARGE: Final = 18.0
_LARGEST: Final = 24.0
_CONTRAST: Final = 4.5
_OWN: Final = re.compile(r"\.own-[a-z0-9-]+")
_PLACES: Final = (".letterhead", ".letterhead .name", "h1", "h2", ".closing")
_FACES: Final = ("Noto Sans", "Noto Serif")
_SIDES: Final = ("border-top", "border-bottom", "border-left", "border")

Check = Callable[[Sequence[Any]], str]
"""From the tokens of a value to the value as it is written, or a ValueError with what may stand there."""


class Rule(msgspec.Struct, frozen=True):
    """One rule: where, and its looks as property and value."""

    place: str
    looks: tuple[tuple[str, str], ...]


class Style(msgspec.Struct, frozen=True):
    """A style sheet as it is printed with, in normal and in large print."""

    normal: str = ""
    large: str = ""


def style_of(source: str, file: str) -> tuple[Style, tuple[str, ...]]:
    """The style sheet, and what is wrong with it as `file:line: message` lines."""
    faults: list[str] = []
    rules = [
        rule
        for node in tinycss2.parse_stylesheet(source, skip_comments=True, skip_whitespace=True)
        for rule in _rules(node, file, faults)
    ]
    return Style(_written(rules, SMALLEST), _written(rules, LARGE)), tuple(faults)


def _written(rules: Sequence[Rule], smallest: float) -> str:
    return "\n".join(
        f"{rule.place} {{ {' '.join(f'{name}: {_at_least(name, value, smallest)};' for name, value in rule.looks)} }}"
        for rule in rules
    )


def _at_least(name: str, value: str, smallest: float) -> str:
    return f"{max(float(value.removesuffix('pt')), smallest):g}pt" if name == "font-size" else value


def _rules(node: Any, file: str, faults: list[str]) -> list[Rule]:  # noqa: ANN401 - a node of tinycss2
    place = f"{file}:{node.source_line}"
    if node.type == "at-rule":
        faults.append(f"{place}: @{node.at_keyword} cannot stand here: a style sheet fetches nothing and sets no page")
        return []
    if node.type != "qualified-rule":
        faults.append(f"{place}: {getattr(node, 'message', 'this')} cannot be read")
        return []
    looks = _looks(node, file, faults)
    found = []
    for part in tinycss2.serialize(node.prelude).split(","):
        where = " ".join(part.split())
        if where not in _PLACES and not _OWN.fullmatch(where):
            faults.append(f"{place}: {where!r} cannot be styled: only {', '.join(_PLACES)} and classes .own-…")
            continue
        allowed = _OF_OWN if _OWN.fullmatch(where) else _OF_OURS
        faults += [f"{place}: {name} cannot be set for {where}" for name, _ in looks if name not in allowed]
        found.append(Rule(where, tuple(look for look in looks if look[0] in allowed)))
    return found


def _looks(rule: Any, file: str, faults: list[str]) -> list[tuple[str, str]]:  # noqa: ANN401
    found = []
    for node in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
        place = f"{file}:{node.source_line}"
        if node.type != "declaration" or node.important:
            faults.append(f"{place}: only `property: value;` can stand in a rule")
        elif node.lower_name not in _CHECKS:
            faults.append(f"{place}: {node.lower_name} cannot be set: only {', '.join(sorted(_CHECKS))}")
        else:
            tokens = [token for token in node.value if token.type not in ("whitespace", "comment")]
            try:
                found.append((node.lower_name, _CHECKS[node.lower_name](tokens)))
            except ValueError as error:
                faults.append(f"{place}: {node.lower_name}: {error}")
    return found


# ---- what may stand as a value


def _one_of(*words: str) -> Check:
    def check(tokens: Sequence[Any]) -> str:
        if len(tokens) == 1 and tokens[0].type == "ident" and tokens[0].lower_value in words:
            return str(tokens[0].lower_value)
        raise ValueError(f"one of {', '.join(words)}")

    return check


def _points(lowest: float, highest: float) -> Check:
    def check(tokens: Sequence[Any]) -> str:
        if len(tokens) == 1:
            token = tokens[0]
            if token.type == "dimension" and token.lower_unit == "pt" and lowest <= token.value <= highest:
                return f"{token.value:g}pt"
            if lowest == 0 and token.type == "number" and token.value == 0:
                return "0pt"
        raise ValueError(f"{lowest:g}pt to {highest:g}pt")

    return check


def _number(tokens: Sequence[Any]) -> str:
    if len(tokens) == 1 and tokens[0].type == "number" and 1.2 <= tokens[0].value <= 2:
        return f"{tokens[0].value:g}"
    raise ValueError("a number from 1.2 to 2")


def _face(tokens: Sequence[Any]) -> str:
    words = " ".join(token.value for token in tokens if token.type in ("string", "ident"))
    if words not in _FACES or any(token.type not in ("string", "ident") for token in tokens):
        raise ValueError(f"one face that ships with the program: {' or '.join(map(repr, _FACES))}")
    return f'"{words}"'


def _colour(tokens: Sequence[Any]) -> RGBA:
    found = parse_color(tokens[0]) if len(tokens) == 1 else None
    if not isinstance(found, RGBA) or found.alpha != 1:
        raise ValueError("a colour such as #123456, not see-through")
    return found


def _hex(colour: RGBA) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in (colour.red, colour.green, colour.blue))


def _ink(tokens: Sequence[Any]) -> str:
    """A colour for words: dark enough on white paper."""
    colour = _colour(tokens)
    contrast = 1.05 / (_luminance(colour) + 0.05)
    if contrast < _CONTRAST:
        raise ValueError(f"too pale to read: a contrast of {contrast:.1f} to 1 with white, at least {_CONTRAST} needed")
    return _hex(colour)


def _luminance(colour: RGBA) -> float:
    """WCAG 2.1, relative luminance."""
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.red, colour.green, colour.blue)
    ]
    return float(0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2])


def _border(tokens: Sequence[Any]) -> str:
    advice = "a line such as 1.5pt solid #123456, of 0.5pt to 4pt"
    if len(tokens) != 3 or tokens[1].type != "ident" or tokens[1].lower_value != "solid":
        raise ValueError(advice)
    try:
        return f"{_points(0.5, 4)(tokens[:1])} solid {_hex(_colour(tokens[2:]))}"
    except ValueError:
        raise ValueError(advice) from None


_CHECKS: Final[dict[str, Check]] = {
    "color": _ink,
    "font-family": _face,
    "font-size": _points(SMALLEST, _LARGEST),
    "font-weight": _one_of("normal", "bold"),
    "font-style": _one_of("normal", "italic"),
    "text-align": _one_of("left", "center", "right"),
    "line-height": _number,
    "margin-top": _points(0, 24),
    "margin-bottom": _points(0, 24),
    "padding": _points(0, 24),
    **dict.fromkeys(_SIDES, _border),
}
_OF_OWN: Final = frozenset(_CHECKS)
_OF_OURS: Final = frozenset(["color", "font-family", "text-align", "font-style", *_SIDES])
"""For the shipped places: nothing that changes how much room they take; the address has to stay in its window."""
