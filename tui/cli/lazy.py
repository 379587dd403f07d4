"""Groups of commands that know some of them by name only, and import one when it is called."""

import importlib
from collections.abc import Mapping
from typing import Any

import click

Elsewhere = Mapping[str, tuple[str, str]]
"""Command -> `module:attribute`, and its line in the help."""


class LazyGroup(click.Group):
    """A group whose `elsewhere` commands load nothing until they are called, not even for the help."""

    def __init__(self, *args: Any, elsewhere: Elsewhere | None = None, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **options)
        self._elsewhere = dict(elsewhere or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Those that are here, then those elsewhere, in the order given."""
        return [*super().list_commands(ctx), *self._elsewhere]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now where it stands elsewhere."""
        if cmd_name not in self._elsewhere:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self._elsewhere[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, with nothing imported."""
        here = [(name, command.get_short_help_str()) for name, command in sorted(self.commands.items())]
        with formatter.section("Commands"):
            formatter.write_dl([*here, *((name, words) for name, (_, words) in self._elsewhere.items())])
