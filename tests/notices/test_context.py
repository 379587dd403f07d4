"""What a context can hold: typed values only, and never advice of counsel."""

import types
import typing
from datetime import date

import msgspec
import pytest

from notices import context as contexts
from notices import document, letters, service, words, worksheet
from notices.context import Context, DocumentContext, PrivilegedNote
from notices.papers import cdph, electronic, hold, memos, partners, public, scripts

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
def test_a_context_holds_values_and_contexts_and_can_hold_no_privileged_note(context):
    for name, hint in typing.get_type_hints(context).items():
        for each in types_within(hint):
            assert each is not PrivilegedNote
            assert isinstance(each, type), f"{context.__name__}.{name}: {each}"
            allowed = each in PLAIN or issubclass(each, (Context, msgspec.Struct, str))
            assert allowed, f"{context.__name__}.{name} may hold {each}"
            assert not issubclass(each, (dict, list)), f"{context.__name__}.{name} may hold {each}"


def test_a_privileged_note_is_no_context():
    assert not issubclass(PrivilegedNote, Context)


@pytest.mark.parametrize("context", every_context(), ids=lambda each: each.__name__)
def test_contexts_cannot_be_changed_or_extended(context):
    assert context.__struct_config__.frozen
    assert context.__struct_config__.forbid_unknown_fields
