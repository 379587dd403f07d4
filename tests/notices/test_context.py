"""What a context can hold: typed values only, and never advice of counsel."""

import ast
import types
import typing
from datetime import date
from pathlib import Path

import msgspec
import pytest

from incident.access.advice import AdviceSeal
from incident.advice import Advice
from incident.commands.advice import AdviceCommands
from incident.events import AdviceCorrected, AdviceGiven
from incident.evidence.privilege import PrivilegeRow
from incident.views.queries import AdviceRow
from notices import context as contexts
from notices import document, letters, service, words, worksheet
from notices.context import Context, DocumentContext
from notices.papers import cdph, electronic, hold, memos, partners, public, scripts

ROOT = Path(__file__).parents[2]
PAPERS = (cdph, electronic, hold, memos, partners, public, scripts)
MODULES = (contexts, document, letters, service, words, worksheet, *PAPERS)
PLAIN = (str, int, bool, date, types.NoneType)


def every_context():
    found = {
        each
        for module in MODULES
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Context) and each is not Context
    }
    assert set(typing.get_args(DocumentContext)) <= found
    return sorted(found, key=lambda each: each.__name__)


def types_within(hint):
    arguments = typing.get_args(hint)
    if not arguments:
        return [hint]
    assert typing.get_origin(hint) in (tuple, types.UnionType, typing.Union), f"{hint} is not a tuple or a choice"
    return [each for argument in arguments if argument is not Ellipsis for each in types_within(argument)]


@pytest.mark.parametrize("context", every_context(), ids=lambda each: each.__name__)
def test_a_context_holds_values_and_contexts(context):
    for name, hint in typing.get_type_hints(context).items():
        for each in types_within(hint):
            assert isinstance(each, type), f"{context.__name__}.{name}: {each}"
            allowed = each in PLAIN or issubclass(each, (Context, msgspec.Struct, str))
            assert allowed, f"{context.__name__}.{name} may hold {each}"
            assert not issubclass(each, (dict, list)), f"{context.__name__}.{name} may hold {each}"


def reachable(kind, seen):
    """Every type that a value of this type can hold, all the way down."""
    for hint in typing.get_type_hints(kind).values() if issubclass(kind, msgspec.Struct) else ():
        for each in types_within(hint):
            if each not in seen:
                seen.add(each)
                reachable(each, seen)
    return seen


@pytest.mark.parametrize("context", every_context(), ids=lambda each: each.__name__)
def test_no_type_of_the_record_fits_into_a_context_however_deep(context):
    packages = {each.__module__.partition(".")[0] for each in reachable(context, set()) if each not in PLAIN}
    assert packages <= {"notices", "jurisdictions"}


def test_what_tells_of_advice_is_of_the_record_and_would_not_fit():
    for kind in (Advice, AdviceGiven, AdviceCorrected, AdviceRow, AdviceSeal, AdviceCommands, PrivilegeRow):
        assert kind.__module__.partition(".")[0] == "incident"
        assert not issubclass(kind, Context)


def test_nothing_that_writes_notices_asks_for_advice():
    """Whoever fills a context in has a service at hand, which could open advice for whoever holds the key."""
    asked = [
        f"{path.name}:{node.lineno}"
        for path in sorted((ROOT / "notices").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.Attribute) and "advice" in node.attr)
        or (isinstance(node, ast.ImportFrom) and "advice" in (node.module or ""))
        or (isinstance(node, ast.ImportFrom) and any("Advice" in alias.name for alias in node.names))
    ]
    assert asked == []


@pytest.mark.parametrize("context", every_context(), ids=lambda each: each.__name__)
def test_contexts_cannot_be_changed_or_extended(context):
    assert context.__struct_config__.frozen
    assert context.__struct_config__.forbid_unknown_fields
