"""A folder of own templates from the disk to the case: read, checked in every way there is, then kept and recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from incident.errors import InvalidInput
from jurisdictions.rulebook import Rulebook
from notices.context import House
from notices.errors import NoticeError
from notices.house.assemble import house_of
from notices.house.folder import read_folder
from notices.house.trial import trial_faults

if TYPE_CHECKING:
    from incident.service import Receipt, Service


class Intake(msgspec.Struct, frozen=True):
    """A folder as it was checked: its files as they would be kept, and either templates or what is wrong with them."""

    files: dict[str, bytes]
    house: House | None
    faults: tuple[str, ...]


def check_folder(folder: Path, rulebook: Rulebook) -> Intake:
    """Read and check a folder. `faults` are `file:line: message` lines; then there is no `house`."""
    files: dict[str, bytes] = {}
    try:
        files = read_folder(folder)
        house = house_of(files)
    except NoticeError as error:
        return Intake(files, None, error.faults)
    faults = trial_faults(house, rulebook)
    return Intake(files, None if faults else house, faults)


def take_in(service: Service, intake: Intake) -> Receipt:
    """Keep what was checked; letters are written with it from now on.

    Raises:
        InvalidInput: with one line per fault of the folder, or these very templates are in force.
        NotAllowed: it is not for the person at work.
    """
    if intake.house is None:
        raise InvalidInput(*intake.faults)
    return service.templates.take_in(intake.house.title, intake.files)
