"""The cases opened lately on this machine: paths only, in the user's own state folder."""

import os
from pathlib import Path

import msgspec
from platformdirs import user_state_path

MOST = 8


def recent_cases() -> tuple[Path, ...]:
    """The newest first; folders that are gone are left out, and a damaged list counts as empty."""
    try:
        paths = msgspec.json.decode(_file().read_bytes(), type=list[str])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return ()
    return tuple(path for path in map(Path, paths) if (path / "case.json").exists())


def remember(path: Path) -> None:
    """Put a case on top of the list. A list that cannot be written is no reason to stop."""
    kept = [path.resolve(), *(other for other in recent_cases() if other.resolve() != path.resolve())]
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        _file().write_bytes(msgspec.json.encode([str(each) for each in kept[:MOST]]))
    except OSError:
        return


def _file() -> Path:
    folder = os.environ.get("BREACH_STATE_DIR")
    return (Path(folder) if folder else user_state_path("breach")) / "recent.json"
