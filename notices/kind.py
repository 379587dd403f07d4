"""What a kind of document is: the duties it serves, the words that a drafter gives, the templates that print it."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class FieldType(StrEnum):
    """How a field is asked for. Values travel as strings; choices as one option per line, dates as ISO dates."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    LIST = "list"


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the drafter fills in. `options` names the option list of a choice."""

    name: str
    label: str
    help: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    default: str = ""
    max_length: int = 4000
    options: tuple[str, ...] = ()


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of document. `obligations` are ids of the obligations that it fulfils when sent; `*` ends a prefix.

    `cautions` are what is not verified about it; a person has to be told. `names_people`: what is rendered of it names
    people affected, or may, so that it stays out of what is handed to others.
    """

    name: str
    title: str
    obligations: tuple[str, ...]
    templates: tuple[str, ...]
    fields: tuple[Field, ...]
    cautions: tuple[str, ...] = ()
    names_people: bool = False
