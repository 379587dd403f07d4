"""Word files of notices: out for review, back with tracked changes, and nothing hostile taken in on the way."""

import contextlib
import copy
import io
import re
import socket
import zipfile
from datetime import UTC, datetime
from uuid import UUID

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.catalog import KINDS, kind_named
from notices.errors import NoticeError
from notices.redline import differences
from notices.word.anchors import READING
from notices.word.intake import READS as THE_NOTICE_AS_IT_READS
from notices.word.intake import read_markup
from notices.word.markup import Act
from notices.word.writing import Before, write_word

KIND = kind_named("individual_letter")
FIELDS = {
    "what_happened": "Someone signed in to a mailbox.\nWe saw it & acted <at once>.",
    "what_we_are_doing": "We closed the account. We hired experts.",
}
NOTICE, OTHER = UUID(int=1), UUID(int=2)
READS = "Dear «recipient name»:\n\nSomeone signed in to a mailbox.\nReference: «reference»"


def written(**changes):
    given_ = {"notice": NOTICE, "title": KIND.title, "reference": "2026-014", "kind": KIND, "fields": FIELDS}
    return write_word(**(given_ | {"reads": READS} | changes))


SENT = written()


def read(data, **changes):
    given_ = {"notice": NOTICE, "kind": KIND, "fields": FIELDS, "reads": READS} | changes
    return read_markup(data, "review.docx", **given_)


def box(document, field):
    """The box behind the bookmark of a field, or of the reading."""
    begins = field if field == READING else f"f_{field}_"
    for mark in document.element.body.iter(qn("w:bookmarkStart")):
        if mark.get(qn("w:name")).startswith(begins):
            return next(each for each in mark.getparent().itersiblings(qn("w:tbl")))
    raise AssertionError(field)


def edited(change, data=None):
    """The file after `change(document)`, saved as a word processor would."""
    document = docx.Document(io.BytesIO(data or SENT))
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
    for run in list(box(document, field).iter(qn("w:r"))):
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
        first = next(box(document, "what_we_are_doing").iter(qn("w:p")))
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
        next(box(document, "what_we_are_doing").iter(qn("w:t"))).text = "We closed the account. We rested."

    changes = read(edited(overwrite)).changes
    assert [(change.act.value, change.text, change.untracked) for change in changes] == [
        ("deleted", "hired experts", True),
        ("inserted", "rested", True),
    ]


def test_words_that_come_from_the_record_or_a_template_cannot_be_changed_here():
    def overwrite(document):
        replace_words(document, READING, "Someone", "Nobody")

    gone, come = read(edited(overwrite)).blocked
    assert (gone.field, gone.act, gone.text, gone.author) == (
        THE_NOTICE_AS_IT_READS,
        Act.DELETED,
        "Someone",
        "Carla Ng",
    )
    assert (come.act, come.text) == (Act.INSERTED, "Nobody")
    assert "comes from the record or a template" in gone.blocked


def test_a_change_to_a_merge_field_is_blocked_by_its_name():
    def overwrite(document):
        replace_words(document, READING, "recipient", "patient")

    markup = read(edited(overwrite))
    assert markup.changes == ()
    assert [(change.field, change.text) for change in markup.blocked] == [
        ("merge field «recipient name»", "recipient"),
        ("merge field «recipient name»", "patient"),
    ]
    assert all("list of people" in change.blocked for change in markup.blocked)


def test_words_beside_a_merge_field_are_not_taken_for_it():
    def overwrite(document):
        replace_words(document, READING, "Dear ", "Good day ")

    assert {change.field for change in read(edited(overwrite)).blocked} == {THE_NOTICE_AS_IT_READS}


def test_a_merge_field_that_was_overwritten_with_tracking_off_is_found():
    def overwrite(document):
        for words in box(document, READING).iter(qn("w:t")):
            words.text = (words.text or "").replace("«recipient name»", "Maria Doe")

    blocked = read(edited(overwrite)).blocked
    assert blocked
    assert {change.field for change in blocked} == {"merge field «recipient name»"}
    assert all(change.untracked for change in blocked)
    (refused,) = read(edited(overwrite), reads="other words by now").refused
    assert refused.startswith(f"{THE_NOTICE_AS_IT_READS}: changed with tracking switched off")


def test_words_that_were_revised_meanwhile_are_not_put_back():
    data = edited(lambda document: replace_words(document, "what_we_are_doing", "experts", "two experts"))
    markup = read(data, fields=FIELDS | {"what_we_are_doing": "We closed every account."})
    assert markup.changes == ()
    assert "what_we_are_doing" not in markup.words([])
    assert any("revised since the file was written" in each for each in markup.refused)


def test_a_box_that_was_taken_out_is_said_and_keeps_its_words():
    def remove(document):
        gone = box(document, "what_happened")
        gone.getparent().remove(gone)

    markup = read(edited(remove))
    assert [each.partition(":")[0] for each in markup.refused] == ["what_happened"]
    assert "what_happened" not in markup.words([])
    assert "data_types" in markup.words([]), "and the next box keeps its own name"


def test_one_section_goes_out_alone_and_the_others_are_not_missed():
    data = edited(
        lambda document: replace_words(document, "what_we_are_doing", "experts", "two experts"),
        written(only=["what_we_are_doing"]),
    )
    markup = read(data)
    assert (len(markup.changes), markup.refused, set(markup.pieces)) == (2, (), {"what_we_are_doing"})


def test_a_comment_is_shown_with_what_it_is_about():
    def comment(document):
        run = next(
            run
            for each in document.tables
            for cell in each._cells
            for p in cell.paragraphs
            for run in p.runs
            if "hired" in run.text
        )
        document.add_comment(run, text="Who are they?", author="Carla Ng", initials="CN")

    (said,) = read(edited(comment)).comments
    assert (said.author, said.text) == ("Carla Ng", "Who are they?")
    assert said.about == "We closed the account. We hired experts."


def test_merge_fields_and_what_is_read_are_locked_and_tracking_is_on():
    document = docx.Document(io.BytesIO(written()))
    controls = list(document.element.body.iter(qn("w:sdt")))
    assert {each.find(f"{qn('w:sdtPr')}/{qn('w:lock')}").get(qn("w:val")) for each in controls} == {"sdtContentLocked"}
    names = [each.find(f"{qn('w:sdtPr')}/{qn('w:alias')}") for each in controls]
    merge_fields = [name.get(qn("w:val")) for name in names if name is not None]
    assert merge_fields == ["Merge field: recipient name", "Merge field: reference"]
    locked = "".join(words.text for each in controls for words in each.iter(qn("w:t")))
    assert locked == READS.replace("\n", "")
    settings_ = document.settings.element
    assert settings_.find(qn("w:trackRevisions")) is not None
    assert settings_.find(qn("w:documentProtection")).get(qn("w:edit")) == "trackedChanges"


def test_bookmarks_are_as_short_as_word_wants_them():
    for kind in KINDS.values():
        document = docx.Document(io.BytesIO(written(kind=kind, fields={})))
        names = [each.get(qn("w:name")) for each in document.element.body.iter(qn("w:bookmarkStart"))]
        assert len(names) == len(set(names)) == len(kind.fields) + 3
        assert all(re.fullmatch(r"[A-Za-z]\w{0,39}", name) for name in names), kind.name


def test_a_redline_holds_real_insertions_and_deletions():
    before = Before(
        fields={"what_we_are_doing": "We closed an account.\nThat is all."},
        author="dana",
        at=datetime(2026, 11, 21, tzinfo=UTC),
    )
    data = written(before=before)
    found = box(docx.Document(io.BytesIO(data)), "what_we_are_doing")
    gone = [words.text for each in found.iter(qn("w:del")) for words in each.iter(qn("w:delText"))]
    come = [words.text for each in found.iter(qn("w:ins")) for words in each.iter(qn("w:t"))]
    assert "an" in gone
    assert "the" in come
    assert {each.get(qn("w:author")) for each in found.iter(qn("w:ins"), qn("w:del"))} == {"dana"}
    with pytest.raises(NoticeError, match="is a redline, made to be read"):
        read(data)


def test_a_file_of_another_notice_is_not_taken():
    with pytest.raises(NoticeError, match="is not the Word file of this notice"):
        read(written(notice=OTHER))


def repacked(change, data=None):
    """The file with its parts changed: name -> bytes."""
    with zipfile.ZipFile(io.BytesIO(data or SENT)) as archive:
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


def relationship(kind, part="word/_rels/document.xml.rels", mode="External"):
    def change(parts):
        xml = parts.get(
            part,
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>',
        )
        parts[part] = xml.replace(
            b"</Relationships>",
            b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            + kind.encode()
            + b'" Target="http://127.0.0.1:9/x" TargetMode="'
            + mode.encode()
            + b'"/></Relationships>',
        )

    change.__name__ = f"{kind}_in_{part.rpartition('/')[2]}"
    return change


def zip_bomb(parts):
    parts["word/document.xml"] = b" " * (60 << 20)


def bomb_beside(parts):
    parts["word/_rels/header9.xml.rels"] = b" " * (60 << 20)


def huge_attribute(parts):
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        b"<w:body>", b'<w:body w:x="' + b"A" * (11 << 20) + b'">'
    )


def too_deep(parts):
    deep = b"<w:p>" * 5_000 + b"</w:p>" * 5_000
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:body>", b"<w:body>" + deep)


def climbing_name(parts):
    parts["word/../../../tmp/x.xml"] = b"x"


def absolute_name(parts):
    parts["/etc/passwd"] = b"x"


def windows_name(parts):
    parts["..\\x.xml"] = b"x"


def embedded_program(parts):
    parts["word/embeddings/oleObject1.bin"] = b"MZ"


def field_code(code):
    def change(parts):
        run = f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> {code[:4]}</w:instrText></w:r>'
        run += f"<w:r><w:instrText>{code[4:]}</w:instrText></w:r></w:p>"
        parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:body>", b"<w:body>" + run.encode())

    change.__name__ = code.split()[0]
    return change


def alternative_part(parts):
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:body>", b"<w:body><w:altChunk/>")


def too_many(parts):
    parts.update({f"word/media/{number}.txt": b"" for number in range(2_100)})


def no_document(parts):
    del parts["word/document.xml"]


def broken(parts):
    parts["word/document.xml"] = b"<w:document"


POINTS_OUT = r"points to a file outside of it \({}\)"
HOSTILE = {
    with_macros: "holds macros",
    macro_type: "holds macros",
    billion_laughs: "declares a document type",
    outside_entity: "declares a document type",
    outside_template: POINTS_OUT.format("attachedTemplate"),
    relationship("attachedTemplate", "word/_rels/settings.xml.rels"): POINTS_OUT.format("attachedTemplate"),
    relationship("image"): POINTS_OUT.format("image"),
    relationship("oleObject", "word/_rels/header1.xml.rels"): POINTS_OUT.format("oleObject"),
    relationship("aFChunk", mode="external"): POINTS_OUT.format("aFChunk"),
    relationship("newKind", "_rels/.rels"): POINTS_OUT.format("newKind"),
    field_code("INCLUDETEXT \\\\server\\x"): r"fetches another file \(INCLUDETEXT\)",
    field_code("DDEAUTO c:\\x"): r"fetches another file \(DDEAUTO\)",
    alternative_part: "holds another file",
    embedded_program: "holds another file or program",
    climbing_name: "leads out of the file",
    absolute_name: "leads out of the file",
    windows_name: "leads out of the file",
    huge_attribute: "unpacks to more than|is not a readable Word document",
    too_deep: "is not a readable Word document",
    zip_bomb: "unpacks to more than",
    bomb_beside: "unpacks to more than",
    too_many: "2,1.. parts",
    no_document: "is not a readable Word document",
    broken: "is not a readable Word document",
}


@pytest.mark.parametrize("change", HOSTILE, ids=lambda change: change.__name__)
def test_a_hostile_file_is_refused_in_one_sentence(change):
    with pytest.raises(NoticeError, match=HOSTILE[change]):
        read(repacked(change))


def test_a_link_to_click_on_is_no_harm():
    assert read(repacked(relationship("hyperlink"))).changes == ()


def test_nothing_is_fetched_and_nothing_written_while_a_file_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    opened = []
    monkeypatch.setattr(socket.socket, "connect", lambda *where: opened.append(where))
    for change in HOSTILE:
        with pytest.raises(NoticeError):
            read(repacked(change))
    assert (opened, list(tmp_path.iterdir())) == ([], [])


def test_two_parts_of_one_name_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written())) as archive, zipfile.ZipFile(out, "w") as double:
        for name in archive.namelist():
            double.writestr(name, archive.read(name))
        double.writestr("word/Document.xml", b"<x/>")
    with pytest.raises(NoticeError, match="two parts of one name"):
        read(out.getvalue())


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_or_read_and_never_breaks_off(data):
    whole = bytearray(SENT)
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = whole[: data.draw(st.integers(0, len(whole)))] if data.draw(st.booleans()) else whole
    with contextlib.suppress(NoticeError):
        read(bytes(cut))


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
