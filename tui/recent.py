"""The cases opened lately on this machine: paths and URLs without passwords, in the user's own state folder."""

import os
from pathlib import Path

import msgspec
from platformdirs import user_state_path

from incident.errors import InvalidInput
from incident.stores.naming import Place, ServerUrl, read_place

MOST = 8


def recent_cases() -> tuple[Place, ...]:
    """The newest first; folders that are gone are left out, and a damaged list counts as empty. No server is asked."""
    try:
        places = [read_place(text) for text in msgspec.json.decode(_file().read_bytes(), type=list[str])]
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, InvalidInput):
        return ()
    return tuple(place for place in places if isinstance(place, ServerUrl) or (place / "case.json").exists())


def remember(place: Place) -> None:
    """Put a case on top of the list. A list that cannot be written is no reason to stop."""
    newest = full(place)
    kept = [newest, *(other for other in map(full, recent_cases()) if str(other) != str(newest))]
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        _file().write_bytes(msgspec.json.encode([str(each) for each in kept[:MOST]]))
    except OSError:
        return


def full(place: Place) -> Place:
    """A path from the root, whatever the program's folder; a URL as it is."""
    return place.resolve() if isinstance(place, Path) else place


def state_folder() -> Path:
    """What the program keeps for this user of the machine."""
    folder = os.environ.get("BREACH_STATE_DIR")
    return Path(folder) if folder else user_state_path("breach")


def _file() -> Path:
    return state_folder() / "recent.json"
