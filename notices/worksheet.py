"""Filing forms as worksheets: every field in the form's own order, with its options.

Each field carries a mark that says how well the form is known, so that nobody takes our wording for the regulator's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

import msgspec

from notices.context import CaliforniaAgContext, Context, HhsWorksheetContext, Partner
from notices.environment import count, long_date

_DATA: Final = Path(__file__).parent / "data"

HHS_FORM: Final = "hhs_portal.toml"
PART2_FORM: Final = "part2"
"""The twin of the HIPAA form; not a file of its own, for little of it was read."""
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
    if name == PART2_FORM:
        return _twin(form(HHS_FORM))
    return msgspec.convert(tomllib.loads((_DATA / name).read_text("utf-8")), Form)


def _twin(hipaa: Form) -> Form:
    """The Part 2 form: what was read on it is verified, and everything else is only presumed to be as on the other."""

    def of_twin(field: FormField) -> FormField:
        mark = Mark.VERIFIED if field.mark is Mark.TWIN else Mark.UNVERIFIED
        return msgspec.structs.replace(field, mark=mark, note=None)

    return msgspec.structs.replace(
        hipaa,
        title="Part 2 breach report (42 CFR 2.16(b)): OCR portal worksheet",
        source="OMB ICR 202511-0945-002, read in part; the rest is presumed to follow the HIPAA form",
        screen=tuple(
            msgspec.structs.replace(screen, field=tuple(of_twin(field) for field in screen.field))
            for screen in hipaa.screen
        ),
    )


def hhs_worksheet(context: HhsWorksheetContext) -> Worksheet:
    """The portal of HHS, on the HIPAA or the Part 2 form, filled in from a context."""
    blank = form(PART2_FORM if context.part2 else HHS_FORM)
    initial, _ = blank.options("report_type")
    itself, for_others, _ = blank.options("filer_role")
    values: dict[str, object] = {
        **msgspec.structs.asdict(context),
        "affecting": _size(context.individuals),
        "individuals": context.individuals,
        **_block("associate", _associate(context, for_others=context.filer_role == for_others)),
    }
    left_out = set()
    if context.filer_role in (None, itself):
        left_out |= {name for name in _names(blank) if name.startswith("associate_")}
    if context.report_type == initial:
        left_out |= {"tracking_known", "previous_tracking_number"}
    sheet = _filled(blank, values, _covered_entities(context, for_others), _asked_besides(context, blank), left_out)
    if context.individuals_note and (context.individuals is None or context.part2):
        sheet = _with_note(sheet, "individuals", context.individuals_note)
    if context.report_type not in (None, initial):
        of = f" to tracking number {context.previous_tracking_number}" if context.previous_tracking_number else ""
        sheet = msgspec.structs.replace(sheet, title=f"Addendum{of}: {sheet.title}")
    return sheet


def _names(blank: Form) -> set[str]:
    return {field.name for screen in blank.screen for field in screen.field}


def _asked_besides(context: HhsWorksheetContext, blank: Form) -> frozenset[str]:
    """What an answer makes compulsory that is not so otherwise."""
    _, addendum = blank.options("report_type")
    itself, *_ = blank.options("filer_role")
    asked = {
        "tracking_known": context.report_type == addendum,
        "previous_tracking_number": context.report_type == addendum and context.tracking_known != "No",
        "phi_other": "Other" in context.phi_types,
        "other_actions": "Other" in context.actions,
        "substitute_size": context.substitute_required is True,
        "media_states": context.media_required is True,
    }
    if context.filer_role not in (None, itself):
        asked |= {f"associate_{part}": True for part in ("name", "street1", "city", "state", "zip")}
    return frozenset(name for name, is_asked in asked.items() if is_asked)


def _itself(context: HhsWorksheetContext) -> Partner:
    organization = context.organization
    return Partner(name=organization.name, entity_type=context.entity_type, address=organization.address)


def _associate(context: HhsWorksheetContext, *, for_others: bool) -> Partner | None:
    """The business associate: the organization itself, where it files for covered entities."""
    if not for_others:
        return context.partner
    return msgspec.structs.replace(
        _itself(context),
        contact_name=" ".join(filter(None, (context.contact_first_name, context.contact_last_name))) or None,
        contact_email=context.contact_email,
        contact_phone=context.contact_phone,
    )


def _covered_entities(context: HhsWorksheetContext, for_others: str) -> tuple[Mapping[str, object], ...]:
    """The values of the block of each covered entity; one empty block where none was chosen yet."""
    if context.filer_role != for_others:
        return (_block("entity", _itself(context)),)
    return tuple(_block("entity", each) for each in context.entities) or (_block("entity", None),)


def _block(prefix: str, partner: Partner | None) -> dict[str, object]:
    address = partner.address if partner is not None else None
    return {
        f"{prefix}_name": partner.name if partner is not None else None,
        f"{prefix}_type": partner.entity_type if partner is not None else None,
        **{f"{prefix}_{part}": getattr(address, part, None) for part in ("street1", "street2", "city", "state", "zip")},
        f"{prefix}_contact": partner.contact_name if partner is not None else None,
        f"{prefix}_email": partner.contact_email if partner is not None else None,
        f"{prefix}_phone": partner.contact_phone if partner is not None else None,
    }


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


def _filled(
    blank: Form,
    values: Mapping[str, object],
    entities: tuple[Mapping[str, object], ...] = (),
    asked: frozenset[str] = frozenset(),
    left_out: Collection[str] = (),
) -> Worksheet:
    """The form with its values. The block of fields `entity_*` stands once for each of `entities`.

    `asked` are fields that an answer makes compulsory, `left_out` those that it makes go away.
    """

    def entries(screen: FormScreen) -> Iterator[Entry]:
        for is_block, fields in groupby(screen.field, key=lambda field: field.name.startswith("entity_")):
            shown = [field for field in fields if field.name not in left_out]
            if not is_block:
                yield from (_entry(field, values[field.name], field.name in asked) for field in shown)
                continue
            for number, entity in enumerate(entities, start=1):
                yield from (_numbered(_entry(field, entity[field.name]), number, len(entities)) for field in shown)

    return Worksheet(
        title=blank.title,
        source=blank.source,
        checked_on=blank.checked_on,
        screens=tuple(Screen(title=screen.title, entries=tuple(entries(screen))) for screen in blank.screen),
    )


def _numbered(entry: Entry, number: int, of: int) -> Entry:
    """A field of one covered entity among several."""
    if of == 1:
        return entry
    label = f"Covered Entity {number} of {of}: {entry.label.removeprefix('Covered Entity: ')}"
    return msgspec.structs.replace(entry, name=f"{entry.name}.{number}", label=label)


def _entry(field: FormField, value: object, asked: bool = False) -> Entry:  # noqa: FBT001, FBT002 - one call a field
    shown = _shown(value)
    strange = [each for each in shown if field.options and each not in field.options]
    if strange:
        raise ValueError(f"{field.name}: {strange[0]!r} is not among the options of the form")
    typed = "\n".join(shown)
    if field.limit is not None and len(typed) > field.limit:
        raise ValueError(f"{field.name}: {len(typed):,} characters; the form takes {field.limit:,}")
    compulsory = field.compulsory or asked
    return Entry(
        name=field.name,
        label=field.label,
        compulsory=compulsory,
        mark=field.mark,
        note=field.note,
        values=shown,
        options=tuple(Option(text=option, chosen=option in shown) for option in field.options),
        missing=compulsory and not shown,
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
