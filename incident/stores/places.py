"""From the place of a case to its store."""

import os
from contextlib import AbstractContextManager

from incident.errors import CaseUnusable
from incident.log.database import BUSY_TIMEOUT
from incident.stores.base import CaseStore
from incident.stores.folder import FolderStore
from incident.stores.naming import ServerUrl, read_place
from incident.stores.server import ServerStore

Place = str | os.PathLike[str] | ServerUrl
"""The path of a folder, or a URL of PostgreSQL; see `incident.stores.naming`."""


def store_at(place: Place, *, busy_timeout: float = BUSY_TIMEOUT) -> CaseStore:
    """The store of the case at a place; nothing is opened yet.

    Raises:
        InvalidInput: it is a URL, and not one of a case.
    """
    found = read_place(place)
    if isinstance(found, ServerUrl):
        return ServerStore(found, busy_timeout=busy_timeout)
    return FolderStore(found, busy_timeout=busy_timeout)


def new_store(place: Place, *, busy_timeout: float = BUSY_TIMEOUT) -> AbstractContextManager[CaseStore]:
    """A store to fill, that is at the place when the block ends, whole; else nothing is left.

    Raises:
        InvalidInput: it is a URL, and not one of a case.
        CaseUnusable: there is something at the place, or it cannot be written.
    """
    found = read_place(place)
    if isinstance(found, ServerUrl):
        return ServerStore.new(found, busy_timeout=busy_timeout)
    return FolderStore.new(found, busy_timeout=busy_timeout)


def is_case(place: Place) -> bool:
    """Whether there is a case at a place, in whatever state; False also where that cannot be found out."""
    store = store_at(place)
    try:
        return store.read("case.json") is not None
    except CaseUnusable:
        return False
    finally:
        store.close()
