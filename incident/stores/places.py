"""From the name of a place to the store of the case there."""

import os
from contextlib import AbstractContextManager
from pathlib import Path

from incident.log.database import BUSY_TIMEOUT
from incident.stores.base import CaseStore
from incident.stores.folder import FolderStore

Place = str | os.PathLike[str]
"""The path of a folder."""


def store_at(place: Place, *, busy_timeout: float = BUSY_TIMEOUT) -> CaseStore:
    """The store of the case at a place; nothing is opened yet."""
    return FolderStore(Path(place), busy_timeout=busy_timeout)


def new_store(place: Place, *, busy_timeout: float = BUSY_TIMEOUT) -> AbstractContextManager[CaseStore]:
    """A store to fill, that is at the place when the block ends, whole; else nothing is left.

    Raises:
        CaseUnusable: there is something at the place, or it cannot be written.
    """
    return FolderStore.new(Path(place), busy_timeout=busy_timeout)
