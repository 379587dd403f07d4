"""The rulebook: every data file, read strictly, checked, hashed, and then immutable."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

import msgspec

from jurisdictions.calendars import Calendar
from jurisdictions.dated import chained, in_force
from jurisdictions.schema import (
    VALUES,
    CalendarFile,
    Element,
    Holiday,
    Information,
    Instrument,
    InstrumentFile,
    Provision,
    Source,
    SourcesFile,
    Version,
)
from jurisdictions.vocabulary import DATA_ELEMENTS


class RulebookError(ValueError):
    """A data file is wrong; the message names the file and the place."""


class Rulebook:
    """All the law we hold. Immutable.

    ``hash`` is the SHA-256 of every data file by name and content; ``checked_on`` the oldest review among them.
    """

    def __init__(self, texts: Mapping[str, bytes]) -> None:
        """From data files, name to bytes.

        Raises:
            RulebookError: if a file has an unknown key, a bad value, an overlap or an undeclared gap.
        """
        digest = hashlib.sha256()
        instruments: list[InstrumentFile] = []
        calendars: dict[str, Calendar] = {}
        trees: dict[str, dict[str, Any]] = {}
        for name in sorted(texts):
            digest.update(f"{name}\0{len(texts[name])}\0".encode() + texts[name])
            try:
                trees[name] = tomllib.loads(texts[name].decode())
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise RulebookError(f"{name}: {error}") from error
        self.sources: Mapping[str, Source] = MappingProxyType(
            {each.id: each for name, tree in trees.items() if "source" in tree for each in _sources_of(tree, name)}
        )
        for name, tree in trees.items():
            try:
                if "calendar" in tree:
                    calendar = Calendar(_checked_calendar(msgspec.convert(tree, CalendarFile), name, self.sources))
                    calendars[calendar.head.id] = calendar
                elif "source" not in tree:
                    instruments.append(_checked(msgspec.convert(tree, InstrumentFile), name, self.sources))
            except msgspec.ValidationError as error:
                raise RulebookError(f"{name}: {error}") from error
        self.hash: str = digest.hexdigest()
        self.files: tuple[InstrumentFile, ...] = tuple(instruments)
        self.instruments: tuple[Instrument, ...] = tuple(each.instrument for each in instruments)
        self.provisions: Mapping[str, Provision] = _by_id(p for f in instruments for p in f.provision)
        self.elements: tuple[Element, ...] = tuple(e for f in instruments for e in f.element)
        self.information: tuple[Information, ...] = tuple(i for f in instruments for i in f.information)
        self._information: dict[str, tuple[Information, ...]] = {
            name: tuple(each for each in self.information if each.obligation == name)
            for name in {each.obligation for each in self.information}
        }
        self.calendars: Mapping[str, Calendar] = MappingProxyType(calendars)
        self.checked_on: date = min(
            [each.checked_on for each in self.instruments] + [each.head.checked_on for each in calendars.values()]
        )

    def information_of(self, obligation: str) -> tuple[Information, ...]:
        """What goes with a duty without changing its date."""
        return self._information.get(obligation, ())

    def version(self, provision: str, on: date) -> Version | None:
        """The version of a provision in force on a day, or None if it was not law then."""
        return in_force(self.provisions[provision].version, on)

    def later_versions(self, provision: str, on: date) -> tuple[Version, ...]:
        """The versions that came into force after a day."""
        return tuple(each for each in self.provisions[provision].version if each.since > on)


@lru_cache(maxsize=1)
def load_rulebook() -> Rulebook:
    """The rulebook that ships with the package; read once."""
    return Rulebook(dict(_texts(files("jurisdictions") / "data", "")))


def _texts(folder: Traversable, path: str) -> Iterable[tuple[str, bytes]]:
    for entry in folder.iterdir():
        name = f"{path}{entry.name}"
        if entry.is_dir():
            yield from _texts(entry, f"{name}/")
        elif name.endswith(".toml"):
            yield name, entry.read_bytes()


def _by_id(provisions: Iterable[Provision]) -> Mapping[str, Provision]:
    found: dict[str, Provision] = {}
    for each in provisions:
        if each.id in found:
            raise RulebookError(f"{each.id}: defined twice")
        found[each.id] = each
    return MappingProxyType(found)


def _sources_of(tree: Mapping[str, Any], name: str) -> tuple[Source, ...]:
    try:
        return msgspec.convert(tree, SourcesFile).source
    except msgspec.ValidationError as error:
        raise RulebookError(f"{name}: {error}") from error


def _checked(file: InstrumentFile, name: str, known: Mapping[str, Source]) -> InstrumentFile:
    provisions = tuple(
        msgspec.structs.replace(each, version=_versions(each.version, f"{name}: {each.id}", known))
        for each in file.provision
    )
    elements = tuple(
        msgspec.structs.replace(each, version=_versions(each.version, f"{name}: {each.id}", known))
        for each in file.element
    )
    for info in file.information:
        _sources(info.sources, known, f"{name}: {info.id}")
    return msgspec.structs.replace(file, provision=provisions, element=elements)


def _versions(versions: tuple[Version, ...], where: str, known: Mapping[str, Source]) -> tuple[Version, ...]:
    if not versions:
        raise RulebookError(f"{where}: has no version")
    for index, each in enumerate(versions):
        at = f"{where}: version of {each.since}"
        if sum(getattr(each, value) is not None for value in VALUES) != 1:
            raise RulebookError(f"{at}: exactly one of {', '.join(VALUES)} must be set")
        if each.elements is not None and (odd := sorted(set(each.elements) - DATA_ELEMENTS.keys())):
            raise RulebookError(f"{at}: not data elements: {', '.join(odd)}")
        following = versions[index + 1].since if index + 1 < len(versions) else None
        leaves_gap = each.until is not None and following is not None and each.until < following
        if leaves_gap and not each.gap:
            raise RulebookError(f"{at}: ends on {each.until} and leaves a gap that is not declared")
        if each.mark in ("verified", "secondary") and not each.sources:
            raise RulebookError(f"{at}: is marked {each.mark} and names no source")
        _sources(each.sources, known, at)
    try:
        ends = chained(versions, where)
    except ValueError as error:
        raise RulebookError(str(error)) from error
    return tuple(msgspec.structs.replace(each, until=end) for each, end in zip(versions, ends, strict=True))


def _sources(used: tuple[str, ...], known: Mapping[str, Source], where: str) -> None:
    if odd := sorted(set(used) - known.keys()):
        raise RulebookError(f"{where}: no such source: {', '.join(odd)}")


_HOLIDAY_RULES = ("fixed", "weekday", "easter", "election", "days", "unlisted")


def _checked_calendar(file: CalendarFile, name: str, known: Mapping[str, Source]) -> CalendarFile:
    for each in file.holiday:
        where = f"{name}: {each.name}"
        if sum(getattr(each, rule) is not None for rule in _HOLIDAY_RULES) != 1:
            raise RulebookError(f"{where}: exactly one of {', '.join(_HOLIDAY_RULES)} must be set")
        if (each.weekday is None) != (each.month is None) or (each.weekday is None) != (each.nth is None):
            raise RulebookError(f"{where}: weekday, month and nth go together")
        if each.since and each.until and each.until <= each.since:
            raise RulebookError(f"{where}: {each.until} does not come after {each.since}")
        _probe(each, where)
        _sources(each.sources, known, where)
    return file


def _probe(holiday: Holiday, where: str) -> None:
    for text in filter(None, [holiday.fixed, *(holiday.unlisted or "").split("/")]):
        try:
            date.fromisoformat(f"2000-{text}")
        except ValueError as error:
            raise RulebookError(f"{where}: no such day: {text}") from error
