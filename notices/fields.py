"""What a drafter typed, read by type; every fault is collected under its field's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Final

from notices.errors import NoticeError
from notices.glyphs import described, missing_glyphs
from notices.kind import FieldType, Kind

_PLACEHOLDER: Final = re.compile(r"\[[^\]\n]*\]|«[^»\n]*»|\bTODO\b|\bXXX+\b")


class Fields:
    """The strings of one form. Values are read by name; `refuse_faults` ends the reading."""

    def __init__(self, kind: Kind, given: Mapping[str, str]) -> None:
        self.faults: list[str] = []
        self._given = {name: value.strip() for name, value in given.items() if value.strip()}
        known = {field.name: field for field in kind.fields}
        self.faults += [f"{name}: {kind.name} has no such field" for name in self._given if name not in known]
        for name, field in known.items():
            value = self._given.get(name, "")
            if field.required and not value:
                self.faults.append(f"{name}: {field.label} is required")
            if len(value) > field.max_length:
                self.faults.append(f"{name}: {len(value):,} characters; at most {field.max_length:,}")
            if placeholder := _PLACEHOLDER.search(value):
                self.faults.append(f"{name}: still holds the placeholder {placeholder.group()!r}")
            if any(unicodedata.category(char) == "Cc" and char not in "\n\r\t" for char in value):
                self.faults.append(f"{name}: holds a control character")
            if missing := missing_glyphs(value):
                self.faults.append(f"{name}: the fonts cannot print {described(missing)}")
            chosen = self.lines(name) if field.type in (FieldType.CHOICE, FieldType.CHOICES) else ()
            self.faults += [
                f"{name}: {each!r} is not one of the options" for each in chosen if each not in field.options
            ]

    def text(self, name: str) -> str:
        """A required text; its absence is a fault already."""
        return self._given.get(name, "")

    def line(self, name: str) -> str | None:
        """A text, or None."""
        return self._given.get(name)

    def lines(self, name: str) -> tuple[str, ...]:
        """One entry per line."""
        return tuple(line.strip() for line in self._given.get(name, "").splitlines() if line.strip())

    def date(self, name: str) -> date | None:
        """An ISO date, or None."""
        value = self._given.get(name)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.faults.append(f"{name}: {value!r} is not a date of the form YYYY-MM-DD")
            return None

    def number(self, name: str) -> int | None:
        """A whole number, or None."""
        value = self._given.get(name)
        if value is None:
            return None
        if not value.isascii() or not value.isdigit():
            self.faults.append(f"{name}: {value!r} is not a whole number")
            return None
        return int(value)

    def yes_no(self, name: str) -> bool | None:
        """yes, no, or None."""
        value = self._given.get(name)
        if value is not None and value.lower() not in ("yes", "no"):
            self.faults.append(f"{name}: {value!r} is neither yes nor no")
            return None
        return None if value is None else value.lower() == "yes"

    def refuse_faults(self) -> None:
        """Stop if anything is wrong.

        Raises:
            NoticeError: with every fault found.
        """
        if self.faults:
            raise NoticeError(*self.faults)
