"""Notices that others wrote, as text, HTML, Word and PDF; hostile files are refused with one line."""

import io
import zipfile

import pytest

from notices.elements.prose import Prose
from notices.engines import engine
from notices.errors import NoticeError
from notices.reading import LARGEST_FILE, read_notice
from notices.service import compose
from tests.notices.elements_case import check, facts
from tests.notices.samples import SSN_FACTS, letter

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: str, prolog: str = "") -> bytes:
    document = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    xml = f'<?xml version="1.0" encoding="UTF-8"?>{prolog}{document}'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", xml)
    return out.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def read(tmp_path, name: str, data: bytes) -> str:
    path = tmp_path / name
    path.write_bytes(data)
    return read_notice(path)


def refused(tmp_path, name: str, data: bytes) -> str:
    with pytest.raises(NoticeError) as error:
        read(tmp_path, name, data)
    assert len(error.value.faults) == 1
    return error.value.faults[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_in_the_usual_encodings(tmp_path, encoding):
    assert read(tmp_path, "a.txt", "We’re sorry, Zoë.".encode(encoding)) == "We’re sorry, Zoë."


def test_html_is_read_as_a_browser_shows_it(tmp_path):
    html = b"""<html><head><title>Hidden</title><style>p { color: red }</style></head><body>
    <h1>Notice of  Data
    Breach</h1><p>We found it<br>on May 3.</p><ul><li>name</li><li>date&nbsp;of birth</li></ul>
    <script>var hidden = 1;</script><table><tr><td>a</td><td>b</td></tr></table></body></html>"""
    text = read(tmp_path, "a.html", html)
    assert text.splitlines()[0] == "Notice of Data Breach"
    assert "We found it\non May 3." in text
    assert "* name" in text
    assert "a b" in text
    assert "idden" not in text
    assert "color" not in text


def test_word_is_read_with_tracked_changes_accepted(tmp_path):
    body = (
        paragraph("Notice of Data Breach")
        + "<w:p><w:r><w:t>We </w:t></w:r><w:ins><w:r><w:t>discovered</w:t></w:r></w:ins>"
        + "<w:del><w:r><w:delText>hid</w:delText></w:r></w:del><w:r><w:t xml:space='preserve'> it.</w:t></w:r></w:p>"
        + "<w:tbl><w:tr><w:tc>" + paragraph("in a table") + "</w:tc></w:tr></w:tbl>"
    )  # fmt: skip
    assert read(tmp_path, "a.docx", docx(body)) == "Notice of Data Breach\n\nWe discovered it.\n\nin a table\n"


@pytest.mark.parametrize("name", ["plutoprint", "pdfkit"])
def test_our_own_letter_is_complete_when_read_back_from_its_pdf(tmp_path, name):
    of = facts(**SSN_FACTS)
    for document in compose("individual_letter", letter()).documents:
        if ".adult." not in document.name:
            continue
        text = read(tmp_path, "letter.pdf", engine(name).render(document.html))
        report = check(text, of)
        lacking = {each.id for each in report.elements if each.id in document.required and not each.found}
        assert lacking == set(), document.name
        assert not any(each.contradicts for each in report.elements)
        assert report.forbidden == ()


def test_our_own_letter_is_complete_when_read_back_from_html(tmp_path):
    of = facts(**SSN_FACTS)
    for document in compose("individual_letter", letter()).documents:
        report = check(read(tmp_path, "a.html", document.html.encode()), of)
        assert {each.id for each in report.elements if each.found} >= set(document.required)


def test_files_of_another_kind_are_refused(tmp_path):
    assert refused(tmp_path, "a.odt", b"x").startswith("a.odt: .odt is not one of .txt, .html")
    assert refused(tmp_path, "a", b"x").startswith("a: no ending is not one of")


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(NoticeError, match=r"gone\.txt: No such file"):
        read_notice(tmp_path / "gone.txt")


def test_a_folder_is_told(tmp_path):
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(NoticeError, match="directory"):
        read_notice(tmp_path / "folder.txt")


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.docx", "a.pdf"])
def test_an_empty_file_is_refused(tmp_path, name):
    assert refused(tmp_path, name, b"").startswith(f"{name}: ")


def test_binary_data_is_no_text(tmp_path):
    assert "is not a text file" in refused(tmp_path, "a.txt", bytes(range(256)))


def test_a_file_that_is_too_large_is_refused(tmp_path):
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(NoticeError, match="larger than 50 MiB"):
        read_notice(path)


def test_a_zip_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("notices.reading._LARGEST_PART", 1_000_000)
    bomb = docx(paragraph("x" * 2_000_000))
    assert len(bomb) < 10_000
    assert "unpacks to more than" in refused(tmp_path, "a.docx", bomb)


def test_a_zip_bomb_that_lies_about_its_size_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("notices.reading._LARGEST_PART", 1_000_000)
    bomb = bytearray(docx(paragraph("x" * 2_000_000)))
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = bomb.rindex(signature)
        bomb[start + at : start + at + 4] = (1000).to_bytes(4, "little")
    assert refused(tmp_path, "a.docx", bytes(bomb)).startswith("a.docx: ")


BILLION_LAUGHS = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(("prolog", "text"), [(BILLION_LAUGHS, "&b;"), (OUTSIDE, "&e;")])
def test_xml_with_entities_is_refused(tmp_path, prolog, text):
    fault = refused(tmp_path, "a.docx", docx(paragraph(text), prolog))
    assert fault.startswith("a.docx: is not a readable Word document")


@pytest.mark.parametrize("data", [b"PK\x03\x04broken", b"not a zip", docx("<w:p>")[:-30]])
def test_a_broken_word_file_is_refused(tmp_path, data):
    assert "is not a readable Word document" in refused(tmp_path, "a.docx", data)


def test_a_zip_without_a_document_is_refused(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("other.xml", "<x/>")
    assert "is not a readable Word document" in refused(tmp_path, "a.docx", out.getvalue())


@pytest.mark.parametrize("data", [b"%PDF-1.7 nonsense", b"not a pdf"])
def test_a_broken_pdf_is_refused(tmp_path, data):
    assert "is not a readable PDF" in refused(tmp_path, "a.pdf", data)


def test_offsets_are_those_of_the_text_with_typographic_signs():
    text = "“Dear Ana” – we’re sorry.\n\nWe discovered the breach on October 3, 2026."
    found = next(each for each in check(text).elements if each.id == "hipaa.date_of_discovery")
    assert text[slice(*found.where)] == "We discovered the breach on October 3, 2026."
    assert len(Prose(text).plain) == len(text)
