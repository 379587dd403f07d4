"""The one Jinja2 environment: autoescaped, strict, sandboxed, with a closed list of filters.

Templates arrange words; they compute nothing. Every name they read is a field of a context (a test compares the
two), an undefined name is an error, and the built-in filters, tests and globals that are not listed here are gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, FunctionLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

TEMPLATES: Final = Path(__file__).parent / "templates"

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def long_date(day: date) -> str:
    """October 3, 2026: the form in which a date is printed everywhere, whatever the locale of the machine."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


_MESES: Final = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


def long_date_es(day: date) -> str:
    """3 de octubre de 2026."""
    return f"{day.day} de {_MESES[day.month - 1]} de {day.year}"


def count(number: int) -> str:
    """1,143."""
    return f"{number:,}"


def paragraphs(text: str) -> list[str]:
    """The paragraphs of what a drafter typed: blank lines separate them, single line ends are spaces."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [" ".join(block.split()) for block in blocks if block.strip()]


def series(phrases: Sequence[str]) -> str:
    """Phrases as a sentence lists them: a; a and b; a, b, and c."""
    if len(phrases) <= 2:
        return " and ".join(phrases)
    return ", ".join(phrases[:-1]) + ", and " + phrases[-1]


_FILTERS: Final = {
    "long_date": long_date,
    "long_date_es": long_date_es,
    "count": count,
    "paragraphs": paragraphs,
    "series": series,
}
_KEPT_FILTERS: Final = ("join", "length", "upper")
_KEPT_TESTS: Final = ("none", "true", "false", "in")


def tidy(rendered: str, form: str) -> str:
    """Plain text with one blank line between paragraphs, whatever blank lines its templates left; HTML as it is."""
    if form != "txt":
        return rendered
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", rendered)).strip() + "\n"


def _escapes(template_name: str | None) -> bool:
    """Text twins are plain text; everything else is HTML."""
    return not (template_name or "").endswith(".txt.j2")


def build_environment(own: Iterable[tuple[str, str]] = ()) -> ImmutableSandboxedEnvironment:
    """A fresh environment. `own` are names and sources of the organization's own templates, which win over ours."""
    sources = dict(own)

    def of_own(name: str) -> tuple[str, str | None, None] | None:
        # With its name in the place of a path, so that an error tells which it is in.
        return (sources[name], name, None) if name in sources else None

    loaders: list[BaseLoader] = [FunctionLoader(of_own), FileSystemLoader(TEMPLATES)]
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader(loaders),
        autoescape=_escapes,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,
    )
    environment.filters = {name: environment.filters[name] for name in _KEPT_FILTERS} | _FILTERS
    environment.tests = {name: environment.tests[name] for name in _KEPT_TESTS}
    environment.globals.clear()
    return environment


@lru_cache(maxsize=4)
def environment(own: tuple[tuple[str, str], ...] = ()) -> ImmutableSandboxedEnvironment:
    """The environment with the shipped templates and those in `own` over them, compiled once per process."""
    return build_environment(own)
