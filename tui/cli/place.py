"""Where a case is kept, as a value on the command line: a folder, or a URL of PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from incident.stores.naming import Place


class _PlaceType(click.ParamType):  # type: ignore[type-arg]  # generic for the checker only
    name = "place"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Place:  # noqa: ANN401
        from incident.errors import InvalidInput  # noqa: PLC0415 - `breach --help` loads nothing of a case
        from incident.stores.naming import read_place  # noqa: PLC0415

        try:
            return read_place(value)
        except InvalidInput as refusal:
            self.fail(str(refusal), param, ctx)


PLACE = _PlaceType()
"""`~/cases/lakeshore`, or `postgresql+psycopg://user@host/database?case=lakeshore`."""
