"""Forms that ask for a file or folder: names are completed from the disk as they are typed."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from textual.suggester import Suggester
from textual.widgets import Input

from incident.errors import InvalidInput
from tui.dialogs.form import Field, FormDialog


class PathSuggester(Suggester):
    """The first name on the disk that goes on from what is typed; a folder ends in a slash."""

    def __init__(self, endings: Sequence[str] = ()) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._endings = tuple(endings)

    async def get_suggestion(self, value: str) -> str | None:
        """What Right would complete to, or None."""
        return complete(value, self._endings)


def complete(typed: str, endings: Sequence[str] = ()) -> str | None:
    """The typed path with the first matching name; files only with one of the endings, where any are given."""
    folder, _, begun = typed.rpartition("/")
    if not typed or (not folder and not typed.startswith("/") and typed.startswith("~")):
        return None
    place = Path(folder or ("/" if typed.startswith("/") else ".")).expanduser()
    try:
        with os.scandir(place) as entries:
            names = sorted(
                entry.name + ("/" if entry.is_dir() else "")
                for entry in entries
                if entry.name.startswith(begun)
                and not (entry.name.startswith(".") and not begun)
                and (entry.is_dir() or not endings or entry.name.lower().endswith(tuple(endings)))
            )
    except OSError:
        return None
    found = next((name for name in names if name != begun), None)
    return None if found is None else f"{folder}/{found}" if "/" in typed else found


class PathFormDialog(FormDialog):
    """A form of which the fields named in `paths` are completed; Right takes the completion."""

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        *,
        paths: Sequence[str],
        endings: Sequence[str] = (),
        **options: Any,  # noqa: ANN401 - those of FormDialog
    ) -> None:
        super().__init__(title, fields, **options)
        self._paths = tuple(paths)
        self._endings = tuple(endings)

    def on_mount(self) -> None:
        """Begin in the first empty field, with completion where a path is asked for."""
        for name in self._paths:
            self.query_one(f"#field-{name}", Input).suggester = PathSuggester(self._endings)

    def keys_line(self) -> str:
        """The keys that work here."""
        return f"Right completes a name · {super().keys_line()}"


def existing_file(text: str) -> str:
    """How a path to an existing file is read.

    Raises:
        InvalidInput: there is no file there.
    """
    path = Path(text).expanduser()
    if path.is_dir():
        raise InvalidInput("a folder; go on with the name of the file")
    if not path.exists():
        raise InvalidInput(f"{path}: no such file")
    return f"{path} · {path.stat().st_size:,} bytes"
