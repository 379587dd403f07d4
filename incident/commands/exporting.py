"""Addresses for a mail house: the command by which they leave the vault in clear text, and what the log keeps of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from uuid import UUID

import msgspec

from incident.commands.desk import Desk, Receipt
from incident.commands.rosters import RosterCommands
from incident.errors import InvalidInput, Refusal
from incident.events import RosterExported
from incident.files import shown_name, whole_file, write_durably
from incident.roster.export import Manifest, Written, write_export
from incident.views.queries import LetterRow

_EVERY = 500
"""People between two reports."""


class ExportCancelled(Refusal):
    """The export was stopped by the person who started it; nothing left the vault."""


class ExportProgress(msgspec.Struct, frozen=True):
    """How many people were gone through, of how many."""

    done: int
    people: int


class ExportCommands:
    """What goes to a mail house."""

    def __init__(self, desk: Desk, rosters: RosterCommands) -> None:
        self._desk = desk
        self._rosters = rosters

    def addresses(
        self,
        incident_id: UUID,
        path: Path,
        because: str,
        *,
        progress: Callable[[ExportProgress], None] = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> tuple[Manifest, Receipt]:
        """Write the addresses of everybody who gets a letter to a CSV file in clear text, readable for its owner alone.

        Its manifest stands beside it as `NAME.manifest.json`. Who exported how many, and why, is in the log before the
        file is in place.

        Raises:
            InvalidInput: no reason is given, the file is there already, or the incident has no list.
            CaseUnusable: it cannot be written.
            ExportCancelled: `cancelled` said so; no file is left.
        """
        manifest_path = path.with_name(f"{path.name}.manifest.json")
        if not because.strip():
            raise InvalidInput("because: say for what the addresses leave in clear text")
        for each in (path, manifest_path):
            if each.exists():
                raise InvalidInput(f"{each}: is there already; nothing is written over")
        self._desk.require(RosterExported.TOPIC)
        lists = self._desk.queries.rosters(incident_id)
        if not lists:
            raise InvalidInput("the incident has no list of people")
        on = self._desk.today(self._desk.incident(incident_id))
        with whole_file(path) as file:
            people = sum(roster.accepted for roster in lists)
            letters = _told(self._rosters.letters(incident_id, on), people, progress, cancelled)
            sha256, written = write_export(letters, file)
            receipt = self._desk.append(
                [
                    entry
                    for roster in lists
                    for entry in self._desk.entries(
                        roster.id,
                        self._desk.version(roster.id),
                        [_exported(shown_name(path), sha256, written.get(roster.id, Written()))],
                        because=because,
                    )
                ]
            )
        manifest = Manifest(
            file=shown_name(path),
            sha256=sha256,
            incident=self._desk.queries.incident(incident_id).reference,
            made_at=receipt.recorded_at,
            made_by=self._desk.user,
            because=because.strip(),
            people=sum(each.people for each in written.values()),
            exported=sum(each.exported for each in written.values()),
            left_out=_together(each.left_out for each in written.values()),
            by_variant=_together(each.by_variant for each in written.values()),
        )
        write_durably(manifest_path, msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
        return manifest, receipt


def _told(
    rows: Iterable[LetterRow], people: int, progress: Callable[[ExportProgress], None], cancelled: Callable[[], bool]
) -> Iterator[LetterRow]:
    for number, row in enumerate(rows):
        if number % _EVERY == 0:
            if cancelled():
                raise ExportCancelled("the export was stopped; no file is left")
            progress(ExportProgress(number, people))
        yield row


def _exported(name: str, sha256: str, written: Written) -> RosterExported:
    return RosterExported(
        file_name=name, file_sha256=sha256, people=written.people, exported=written.exported, left_out=written.told
    )


def _together(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for each in counts:
        for name, count in each.items():
            sums[name] = sums.get(name, 0) + count
    return dict(sorted(sums.items()))
