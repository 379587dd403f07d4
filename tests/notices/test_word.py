"""Word files of notices: out for review, back with tracked changes, and nothing hostile taken in on the way."""

import copy
import io
import zipfile
from datetime import UTC, datetime

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.catalog import kind_named
from notices.errors import NoticeError
from notices.redline import differences
from notices.word.intake import FIELD, READING, read_markup
from notices.word.markup import Act
from notices.word.writing import Before, write_word

KIND = kind_named("individual_letter")
FIELDS = {
    "what_happened": "Someone signed in to a mailbox.\nWe saw it & acted <at once>.",
    "what_we_are_doing": "We closed the account. We hired experts.",
}
READS = "Dear «recipient name»:\n\nSomeone signed in to a mailbox.\nReference: «reference»"


def written(**changes):
    given_ = {"notice": "n-1", "title": KIND.title, "reference": "2026-014", "kind": KIND, "fields": FIELDS}
    return write_word(**(given_ | {"reads": READS} | changes))


def read(data, **changes):
    given_ = {"notice": "n-1", "kind": KIND, "fields": FIELDS} | changes
    return read_markup(data, "review.docx", **given_)


def control(document, tag):
    for each in document.element.body.iter(qn("w:sdt")):
        if each.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")).startswith(tag):
            return each
    raise AssertionError(tag)


def edited(change, data=None):
    """The file after `change(document)`, saved as a word processor would."""
    document = docx.Document(io.BytesIO(data or written()))
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def tracked(kind, run, author="Carla Ng", at="2026-11-22T10:00:00Z"):
    """The run within an insertion or deletion."""
    around = OxmlElement(f"w:{kind}")
    around.set(qn("w:id"), "77")
    around.set(qn("w:author"), author)
    around.set(qn("w:date"), at)
    run.addprevious(around)
    around.append(run)
    if kind == "del":
        for words in run.iter(qn("w:t")):
            words.tag = qn("w:delText")
    return around


def replace_words(document, field, old, new):
    """What a word processor does when tracked text is typed over: three runs, one deleted and one inserted."""
    for run in control(document, f"{FIELD}{field}").iter(qn("w:r")):
        said = run.find(qn("w:t"))
        if said is not None and old in said.text:
            first, last = said.text.split(old, 1)
            gone, come, after = (copy.deepcopy(run) for _ in range(3))
            for each, words in ((run, first), (gone, old), (come, new), (after, last)):
                each.find(qn("w:t")).text = words
                each.find(qn("w:t")).set(qn("xml:space"), "preserve")
            run.addnext(after)
            run.addnext(come)
            run.addnext(gone)
            tracked("del", gone)
            tracked("ins", come)
            return
    raise AssertionError(old)


def test_a_file_that_comes_back_as_it_went_changes_nothing():
    markup = read(written())
    assert (markup.changes, markup.refused) == ((), ())
    assert markup.words([])["what_happened"] == FIELDS["what_happened"]


def test_each_insertion_and_deletion_is_told_with_its_author_and_time():
    data = edited(lambda document: replace_words(document, "what_we_are_doing", "experts", "two experts in forensics"))
    gone, come = read(data).changes
    assert (gone.act, gone.text, gone.author, gone.at) == (Act.DELETED, "experts", "Carla Ng", "2026-11-22T10:00:00Z")
    assert (come.act, come.text) == (Act.INSERTED, "two experts in forensics")
    assert gone.before.endswith("We hired ")
    assert not gone.untracked


@pytest.mark.parametrize(
    ("accepted", "words"),
    [
        ((True, True), "We closed the account. We hired two experts."),
        ((False, False), "We closed the account. We hired experts."),
        ((True, False), "We closed the account. We hired ."),
        ((False, True), "We closed the account. We hired expertstwo experts."),
    ],
)
def test_each_change_is_taken_or_left_by_itself(accepted, words):
    data = edited(lambda document: replace_words(document, "what_we_are_doing", "experts", "two experts"))
    assert read(data).words(accepted)["what_we_are_doing"] == words


def test_a_paragraph_that_was_put_in_is_a_change_too():
    def add(document):
        content = control(document, f"{FIELD}what_we_are_doing").find(qn("w:sdtContent"))
        first = content.find(qn("w:p"))
        properties, marks = OxmlElement("w:pPr"), OxmlElement("w:rPr")
        mark = OxmlElement("w:ins")
        mark.set(qn("w:author"), "Carla Ng")
        marks.append(mark)
        properties.append(marks)
        first.insert(0, properties)
        second, run, words = OxmlElement("w:p"), OxmlElement("w:r"), OxmlElement("w:t")
        words.text = "Call us."
        run.append(words)
        second.append(run)
        tracked("ins", run)
        first.addnext(second)

    markup = read(edited(add))
    assert [change.text for change in markup.changes] == ["\nCall us."]
    assert markup.words([True])["what_we_are_doing"] == FIELDS["what_we_are_doing"] + "\nCall us."
    assert markup.words([False])["what_we_are_doing"] == FIELDS["what_we_are_doing"]


def test_what_was_typed_with_tracking_off_is_found_and_said():
    def overwrite(document):
        next(control(document, f"{FIELD}what_we_are_doing").iter(qn("w:t"))).text = "We closed the account. We rested."

    changes = read(edited(overwrite)).changes
    assert [(change.act.value, change.text, change.untracked) for change in changes] == [
        ("deleted", "hired experts", True),
        ("inserted", "rested", True),
    ]


def test_words_that_come_from_the_record_or_a_template_cannot_be_changed_here():
    def overwrite(document):
        for words in control(document, READING).iter(qn("w:t")):
            words.text = (words.text or "").replace("«recipient name»", "Maria Doe")

    (refused,) = read(edited(overwrite)).refused
    assert refused.startswith("the notice as it reads")


def test_words_that_were_revised_meanwhile_are_not_put_back():
    data = edited(lambda document: replace_words(document, "what_we_are_doing", "experts", "two experts"))
    markup = read(data, fields=FIELDS | {"what_we_are_doing": "We closed every account."})
    assert markup.changes == ()
    assert "what_we_are_doing" not in markup.words([])
    assert any("revised since the file was written" in each for each in markup.refused)


def test_a_box_that_was_taken_out_is_said_and_keeps_its_words():
    def remove(document):
        box = control(document, f"{FIELD}what_happened")
        box.getparent().remove(box)

    markup = read(edited(remove))
    assert any(each.startswith("what_happened: ") for each in markup.refused)
    assert "what_happened" not in markup.words([])


def test_merge_fields_and_what_is_read_are_locked_and_tracking_is_on():
    document = docx.Document(io.BytesIO(written()))
    locks = {
        each.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")).partition(":")[0]: each.find(
            f"{qn('w:sdtPr')}/{qn('w:lock')}"
        ).get(qn("w:val"))
        for each in document.element.body.iter(qn("w:sdt"))
    }
    assert locks == {"notice": "sdtContentLocked", "field": "sdtLocked", "reading": "sdtContentLocked"}
    settings_ = document.settings.element
    assert settings_.find(qn("w:trackRevisions")) is not None
    assert settings_.find(qn("w:documentProtection")).get(qn("w:edit")) == "trackedChanges"


def test_a_redline_holds_real_insertions_and_deletions():
    before = Before(
        fields={"what_we_are_doing": "We closed an account.\nThat is all."},
        author="dana",
        at=datetime(2026, 11, 21, tzinfo=UTC),
    )
    data = written(before=before)
    box = control(docx.Document(io.BytesIO(data)), f"{FIELD}what_we_are_doing")
    gone = [words.text for each in box.iter(qn("w:del")) for words in each.iter(qn("w:delText"))]
    come = [words.text for each in box.iter(qn("w:ins")) for words in each.iter(qn("w:t"))]
    assert "an" in gone
    assert "the" in come
    assert {each.get(qn("w:author")) for each in box.iter(qn("w:ins"), qn("w:del"))} == {"dana"}
    with pytest.raises(NoticeError, match="is a redline, made to be read"):
        read(data)


def test_a_file_of_another_notice_is_not_taken():
    with pytest.raises(NoticeError, match="is not the Word file of this notice"):
        read(written(notice="n-2"))


def repacked(change, data=None):
    """The file with its parts changed: name -> bytes."""
    with zipfile.ZipFile(io.BytesIO(data or written())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_macros(parts):
    parts["word/vbaProject.bin"] = b"x"


def macro_type(parts):
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"officedocument.wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"
    )


def billion_laughs(parts):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    head, _, rest = parts["word/document.xml"].partition(b"?>")
    parts["word/document.xml"] = head + b"?>" + bomb + rest


def outside_entity(parts):
    head, _, rest = parts["word/document.xml"].partition(b"?>")
    parts["word/document.xml"] = head + b'?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + rest


def outside_template(parts):
    parts["word/_rels/document.xml.rels"] = parts["word/_rels/document.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'attachedTemplate" Target="http://127.0.0.1:9/t.dotm" TargetMode="External"/></Relationships>',
    )


def zip_bomb(parts):
    parts["word/document.xml"] = b" " * (60 << 20)


def too_many(parts):
    parts.update({f"word/media/{number}.txt": b"" for number in range(2_100)})


def no_document(parts):
    del parts["word/document.xml"]


def broken(parts):
    parts["word/document.xml"] = b"<w:document"


HOSTILE = {
    with_macros: "holds macros",
    macro_type: "holds macros",
    billion_laughs: "declares a document type",
    outside_entity: "declares a document type",
    outside_template: "would fetch a attachedTemplate",
    zip_bomb: "unpacks to more than",
    too_many: "2,1.. parts",
    no_document: "is not a readable Word document",
    broken: "is not a readable Word document",
}


@pytest.mark.parametrize("change", HOSTILE, ids=lambda change: change.__name__)
def test_a_hostile_file_is_refused_in_one_sentence(change):
    with pytest.raises(NoticeError, match=HOSTILE[change]):
        read(repacked(change))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 not a zip", b"<html>", b"\xd0\xcf\x11\xe0 old .doc"])
def test_what_is_no_word_file_is_refused(data):
    with pytest.raises(NoticeError, match="is not a readable Word document"):
        read(data)


WORDS = st.text(st.sampled_from("ab c.\nü’-&<"), max_size=40)


@settings(max_examples=200)
@given(WORDS, WORDS)
def test_differences_lead_from_one_text_to_the_other(before, after):
    found = differences(before, after)
    assert "".join(said for mark, said in found if mark != "+") == before
    assert "".join(said for mark, said in found if mark != "-") == after


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=80))
def test_any_words_survive_the_way_out_and_back(words):
    fields = {"what_happened": words}
    markup = read(written(fields=fields), fields=fields)
    assert markup.changes == ()
    assert markup.words([])["what_happened"].split() == words.split()
