"""Where a case is kept, as a value on the command line: a folder, or a URL of PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from incident.errors import InvalidInput
from incident.stores.naming import ServerUrl, read_place


class _PlaceType(click.ParamType[Path | ServerUrl]):
    name = "place"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | ServerUrl:  # noqa: ANN401
        try:
            return read_place(value)
        except InvalidInput as refusal:
            self.fail(str(refusal), param, ctx)


PLACE = _PlaceType()
"""`~/cases/lakeshore`, or `postgresql+psycopg://user@host/database?case=lakeshore`."""
