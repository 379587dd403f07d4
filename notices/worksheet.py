"""Filing forms as worksheets: every field in the form's own order, with its options.

Each field carries a mark that says how well the form is known, so that nobody takes our wording for the regulator's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from notices.context import CaliforniaAgContext, Context, HhsWorksheetContext, Partner
from notices.environment import count, long_date

_DATA: Final = Path(__file__).parent / "data"

HHS_FORM: Final = "hhs_portal.toml"
CALIFORNIA_FORM: Final = "ca_ag_form.toml"

_LARGE: Final = 500
"""The portal's first question: "500 or More Individuals" (45 CFR 164.408(b))."""


class Mark(StrEnum):
    """How well a label and its options are known."""

    VERIFIED = "verified"
    TWIN = "twin"
    UNVERIFIED = "unverified"


class FormField(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A field as the form has it. `limit` is the longest text that the portal takes, in characters."""

    name: str
    label: str
    mark: Mark
    compulsory: bool = False
    options: tuple[str, ...] = ()
    note: str | None = None
    limit: int | None = None


class FormScreen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One screen of a form."""

    title: str
    field: tuple[FormField, ...]


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A regulator's form. `checked_on` is when `source` was read."""

    title: str
    source: str
    checked_on: date
    screen: tuple[FormScreen, ...]

    def field(self, name: str) -> FormField:
        """The field of that name.

        Raises:
            KeyError: if the form has no such field.
        """
        for screen in self.screen:
            for field in screen.field:
                if field.name == name:
                    return field
        raise KeyError(name)

    def options(self, name: str) -> tuple[str, ...]:
        """The option list of a field."""
        return self.field(name).options


class Option(Context, frozen=True, kw_only=True):
    """One option of a choice."""

    text: str
    chosen: bool


class Entry(Context, frozen=True, kw_only=True):
    """A field with what is to be typed into it. `missing` marks a compulsory field that has nothing."""

    name: str
    label: str
    compulsory: bool
    mark: str
    note: str | None
    values: tuple[str, ...]
    options: tuple[Option, ...]
    missing: bool
    length: str | None


class Screen(Context, frozen=True, kw_only=True):
    """One screen with its entries."""

    title: str
    entries: tuple[Entry, ...]


class Worksheet(Context, frozen=True, kw_only=True):
    """A whole form, ready to be typed off."""

    title: str
    source: str
    checked_on: date
    screens: tuple[Screen, ...]

    @property
    def uses_twin(self) -> bool:
        """Whether any wording was read on the twin form only."""
        return any(entry.mark == Mark.TWIN for screen in self.screens for entry in screen.entries)

    @property
    def missing(self) -> tuple[str, ...]:
        """The labels of compulsory fields without a value."""
        return tuple(entry.label for screen in self.screens for entry in screen.entries if entry.missing)


@cache
def form(name: str) -> Form:
    """A form by its file name."""
    return msgspec.convert(tomllib.loads((_DATA / name).read_text("utf-8")), Form)


def hhs_worksheet(context: HhsWorksheetContext) -> Worksheet:
    """The portal of HHS, filled in from a context."""
    organization, address = context.organization, context.organization.address
    values: dict[str, object] = {
        **msgspec.structs.asdict(context),
        "entity_name": organization.name,
        "street1": address.street1,
        "street2": address.street2,
        "city": address.city,
        "state": address.state,
        "zip": address.zip,
        "affecting": _size(context.individuals),
        "individuals": context.individuals,
        "partner": _partner(context.partner),
    }
    sheet = _filled(form(HHS_FORM), values)
    if context.individuals is None and context.individuals_note:
        sheet = _with_note(sheet, "individuals", context.individuals_note)
    return sheet


def is_initial(context: object) -> bool:
    """Whether a document is the first report on a form that has another one for an addendum."""
    initial = form(HHS_FORM).options("report_type")[0]
    return isinstance(context, HhsWorksheetContext) and context.report_type == initial


def california_worksheet(context: CaliforniaAgContext) -> Worksheet:
    """The web form of the California Attorney General, filled in from a context."""
    organization = context.organization
    values: dict[str, object] = {
        **msgspec.structs.asdict(context),
        "organization_name": organization.name,
        "organization_address": ", ".join(organization.address.lines),
        "sample_file": "the sample letter that goes with this sheet",
        "breach_dates": _span(context.breach_from, context.breach_to),
        "services_offered": context.sample.incident.services is not None,
    }
    return _filled(form(CALIFORNIA_FORM), values)


def _size(individuals: int | None) -> str | None:
    if individuals is None:
        return None
    large, small = form(HHS_FORM).options("affecting")
    return large if individuals >= _LARGE else small


def _partner(partner: Partner | None) -> tuple[str, ...]:
    if partner is None:
        return ()
    lines = [partner.name, *(partner.address.lines if partner.address else ())]
    return tuple(each for each in (*lines, partner.contact_name, partner.contact_email, partner.contact_phone) if each)


def _span(first: date | None, last: date | None) -> str | None:
    match first, last:
        case None, None:
            return None
        case None, date() as last_day:
            return f"until {long_date(last_day)}, start not known"
        case date() as first_day, None:
            return f"from {long_date(first_day)}, end not known"
        case date() as first_day, date() as last_day if first_day != last_day:
            return f"{long_date(first_day)} to {long_date(last_day)}"
        case _:
            return long_date(first) if first is not None else None


def _shown(value: object) -> tuple[str, ...]:
    match value:
        case None | "":
            return ()
        case bool():
            return ("Yes" if value else "No",)
        case int():
            return (count(value),)
        case date():
            return (f"{value:%m/%d/%Y}",)
        case tuple():
            return tuple(str(each) for each in value)
        case _:
            return (str(value),)


def _filled(blank: Form, values: Mapping[str, object]) -> Worksheet:
    return Worksheet(
        title=blank.title,
        source=blank.source,
        checked_on=blank.checked_on,
        screens=tuple(
            Screen(title=screen.title, entries=tuple(_entry(field, values[field.name]) for field in screen.field))
            for screen in blank.screen
        ),
    )


def _entry(field: FormField, value: object) -> Entry:
    shown = _shown(value)
    strange = [each for each in shown if field.options and each not in field.options]
    if strange:
        raise ValueError(f"{field.name}: {strange[0]!r} is not among the options of the form")
    typed = "\n".join(shown)
    if field.limit is not None and len(typed) > field.limit:
        raise ValueError(f"{field.name}: {len(typed):,} characters; the form takes {field.limit:,}")
    return Entry(
        name=field.name,
        label=field.label,
        compulsory=field.compulsory,
        mark=field.mark,
        note=field.note,
        values=shown,
        options=tuple(Option(text=option, chosen=option in shown) for option in field.options),
        missing=field.compulsory and not shown,
        length=f"{len(typed):,} of {field.limit:,} characters" if field.limit is not None else None,
    )


def _with_note(sheet: Worksheet, name: str, note: str) -> Worksheet:
    return msgspec.structs.replace(
        sheet,
        screens=tuple(
            msgspec.structs.replace(
                screen,
                entries=tuple(
                    msgspec.structs.replace(entry, note=note) if entry.name == name else entry
                    for entry in screen.entries
                ),
            )
            for screen in sheet.screens
        ),
    )
