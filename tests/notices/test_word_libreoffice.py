"""Word files that LibreOffice saved, with changes as it writes them (`tests/fixtures/docx/make.py` made them)."""

import importlib.util
from pathlib import Path

import pytest

from notices.catalog import kind_named
from notices.word.intake import READS as THE_NOTICE_AS_IT_READS
from notices.word.intake import read_markup
from notices.word.markup import Act

FOLDER = Path(__file__).parents[1] / "fixtures" / "docx"
KIND = kind_named("individual_letter")


def _maker():
    spec = importlib.util.spec_from_file_location("docx_fixtures", FOLDER / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKE = _maker()
INSERTED, DELETED = Act.INSERTED, Act.DELETED


def read(name):
    data = (FOLDER / f"{name}.docx").read_bytes()
    return read_markup(data, f"{name}.docx", notice=MAKE.NOTICE, kind=KIND, fields=MAKE.FIELDS, reads=MAKE.READS)


def accepted(markup, *, yes=True):
    return markup.words([yes] * len(markup.changes))


def test_the_files_are_those_of_libreoffice_and_small():
    for edit in MAKE.EDITS:
        data = (FOLDER / f"{edit.__name__}.docx").read_bytes()
        assert len(data) < 50_000


@pytest.mark.parametrize("edit", MAKE.EDITS, ids=lambda edit: edit.__name__)
def test_every_box_is_found_again_and_with_all_changes_rejected_the_words_are_those_sent(edit):
    markup = read(edit.__name__)
    assert markup.refused == ()
    assert set(markup.pieces) == {field.name for field in KIND.fields}
    before = accepted(markup, yes=False)
    assert {name: words for name, words in before.items() if words} == MAKE.FIELDS


def test_a_file_that_was_only_opened_and_saved_changes_nothing():
    markup = read("untouched")
    assert (markup.changes, markup.blocked, markup.comments) == ((), (), ())


def test_insertions_deletions_and_a_comment():
    markup = read("tracked")
    assert [(change.field, change.act, change.text) for change in markup.changes] == [
        ("what_happened", INSERTED, "Somebody outside of our office"),
        ("what_happened", DELETED, "Someone"),
        ("what_happened", INSERTED, " Nobody else's mailbox was opened."),
        ("what_happened", INSERTED, "and stopped it"),
        ("what_happened", DELETED, "& acted <at once>"),
    ]
    assert {change.author for change in markup.changes} == {"Carla Ng"}
    assert markup.changes[0].at == "2026-11-22T10:00:00Z"
    assert markup.changes[2].at == "2026-11-22T10:05:00Z"
    assert markup.blocked == ()
    (comment,) = markup.comments
    assert (comment.author, comment.text, comment.about) == (
        "Carla Ng",
        "On which day? Say so.",
        "We closed the account.",
    )
    assert accepted(markup)["what_happened"] == (
        "Somebody outside of our office signed in to a mailbox. Nobody else's mailbox was opened.\n"
        "We saw it and stopped it."
    )


def test_each_of_its_changes_is_taken_or_left_by_itself():
    markup = read("tracked")
    assert markup.words([True, True, False, False, False])["what_happened"] == (
        "Somebody outside of our office signed in to a mailbox.\nWe saw it & acted <at once>."
    )


def test_a_paragraph_more():
    markup = read("paragraphs")
    (change,) = markup.changes
    assert (change.field, change.act, change.text) == ("what_we_are_doing", INSERTED, "\nCall us with any question.")
    assert accepted(markup)["what_we_are_doing"].endswith("We hired experts.\nCall us with any question.")


def test_a_merge_field_and_wording_of_a_template_are_blocked_and_the_rest_is_offered():
    markup = read("merge_field")
    assert [change.text for change in markup.changes] == ["We hired specialists.", "We hired experts."]
    assert [(change.field, change.act, change.text) for change in markup.blocked] == [
        ("merge field «recipient name»", INSERTED, "Maria Doe"),
        ("merge field «recipient name»", DELETED, "«recipient name»"),
        (THE_NOTICE_AS_IT_READS, INSERTED, "Our reference:"),
        (THE_NOTICE_AS_IT_READS, DELETED, "Reference:"),
    ]
    assert all(change.author == "Carla Ng" and change.blocked for change in markup.blocked)
    assert "Maria Doe" not in "".join(accepted(markup).values())


def test_words_overwritten_with_tracking_off_are_found():
    changes = read("untracked").changes
    assert [(change.act, change.text, change.untracked) for change in changes] == [
        (DELETED, "experts", True),
        (INSERTED, "nobody", True),
    ]
