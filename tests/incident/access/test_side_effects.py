"""A command that touches people, documents or keys asks for the role first: read from the code, so none is missed."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import incident.commands.desk

COMMANDS = Path(incident.commands.desk.__file__).parent
STORES = {"vault", "_vault", "blobs", "_blobs", "_users"}
READS = {
    "begun", "by_state", "call_keys", "can_open", "epoch", "flags", "holds", "iterate", "kinds", "people", "person",
    "search", "some", "unrecorded", "unrecorded_rows",
}  # fmt: skip
"""What leaves a store as it is. Anything else that is done with one counts as a change."""
WITHOUT_ASKING = {
    "AccessCommands.make_advice_key": "asks for the role itself: it does nothing for others than counsel",
    "PeopleCommands.done": "a part of commands that asked: marks in the vault what the log has by now",
    "PeopleCommands.require_settled": "a part of commands that asked, before they record",
    "PeopleCommands.settled": "a part of commands that asked, before they record",
    "RenderingCommands.unfinished": "reads how far a rendering has come",
}


class Command:
    """A public method with the private ones it calls, in the order in which things happen."""

    def __init__(self, cls: ast.ClassDef, method: ast.FunctionDef) -> None:
        self.name = f"{cls.name}.{method.name}"
        self._methods = {each.name: each for each in cls.body if isinstance(each, ast.FunctionDef)}
        self.steps = list(self._steps(method, frozenset()))

    def _steps(self, method: ast.FunctionDef, inside: frozenset[str]) -> Iterator[str]:
        calls = [node for node in ast.walk(method) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
            function = call.func
            if not isinstance(function, ast.Attribute):
                if any(_is_store(each) for each in (*call.args, *(key.value for key in call.keywords))):
                    yield "change"
                continue
            if function.attr == "require" or function.attr == "check_enrollment":
                yield "ask"
            elif _is_store(function.value):
                yield "read" if function.attr in READS else "change"
            elif isinstance(function.value, ast.Name) and function.value.id == "self":
                called = self._methods.get(function.attr)
                if called is not None and function.attr not in inside:
                    yield from self._steps(called, inside | {function.attr})


def _is_store(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in STORES


def commands() -> list[Command]:
    found = []
    for file in sorted(COMMANDS.glob("*.py")):
        for cls in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(cls, ast.ClassDef) and cls.name.endswith("Commands"):
                methods = [each for each in cls.body if isinstance(each, ast.FunctionDef)]
                found += [Command(cls, each) for each in methods if not each.name.startswith("_")]
    return found


CHANGING = [command for command in commands() if "change" in command.steps]


@pytest.mark.parametrize("command", CHANGING, ids=lambda command: command.name)
def test_a_command_asks_for_the_role_before_it_changes_anything_but_the_log(command: Command):
    if command.name in WITHOUT_ASKING:
        return
    assert "ask" in command.steps, f"{command.name} never calls Desk.require"
    assert command.steps.index("ask") < command.steps.index("change"), f"{command.name} asks too late"


def test_the_commands_that_change_a_store_are_found():
    names = {command.name for command in CHANGING}
    assert names >= {
        "RosterCommands.import_file", "RosterCommands.resolve_quarantine", "IncidentCommands.attach_evidence",
        "FilingCommands.submit", "AccessCommands.remove", "PeopleCommands.erase",
    }  # fmt: skip
    assert set(WITHOUT_ASKING) <= names
