"""Engines: the same document out of each, nothing fetched, nothing executed, real glyphs."""

import io
import math
import subprocess
import sys
from pathlib import Path

import msgspec
import pikepdf
import pypdfium2 as pdfium
import pytest

from notices.bulk import print_letters
from notices.document import Numbering, build_document
from notices.engines import NAMES, engine
from notices.engines.base import BATCHES, DETERMINISTIC, FONTS, EngineError, refuse_references
from notices.engines.fake import FakeEngine
from notices.engines.pdfkit import PdfkitEngine, find_wkhtmltopdf
from notices.proof import page_texts, squeezed
from notices.service import compose
from tests.notices.samples import context, letter, recipient

PAGE = "<html><head><style>@page {{ margin: 1in 1in 1in 1in; }}</style></head><body>{}</body></html>"


@pytest.fixture(scope="module", params=NAMES)
def pdf_engine(request):
    return engine(request.param)


def text_of(pdf: bytes) -> str:
    with pdfium.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def pages_of(pdf: bytes) -> int:
    with pdfium.PdfDocument(pdf) as document:
        return len(document)


@pytest.mark.parametrize("kind", ["individual_letter", "hhs_report", "il_ag_notice", "ca_ag_submission"])
def test_every_document_opens_with_all_its_words_on_letter_paper(pdf_engine, kind):
    for document in compose(kind, context(kind)).documents[:5]:
        pdf = pdf_engine.render(document.html)
        printed = squeezed("".join(page.content for page in page_texts(pdf))).lower()
        for word in document.text.replace("[", " ").replace("]", " ").split():
            plain = squeezed(word.strip("*=-():;,")).lower()
            assert plain in printed or plain in ("x", "missing"), word
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert {(int(page.mediabox[2]), int(page.mediabox[3])) for page in opened.pages} == {(612, 792)}
        total = pages_of(pdf)
        assert f"Page 1 of {total}" in text_of(pdf)
        assert f"Page {total} of {total}" in text_of(pdf)


def test_a_letter_takes_two_pages_in_each_engine(pdf_engine):
    document = next(each for each in compose("individual_letter", letter()).documents if each.name == "il.adult.en")
    assert pages_of(pdf_engine.render(document.html)) == 2


def boxes(pdf: bytes, *words: str):
    """The box of the first letter of each piece of text on the first page: left, bottom, right, top in points."""
    with pdfium.PdfDocument(pdf) as document:
        text = document[0].get_textpage()
        content = text.get_text_range()
        return [text.get_charbox(content.index(word)) for word in words]


def test_the_address_falls_into_the_envelope_window_in_each_engine(pdf_engine):
    pdf = next(iter(print_letters(letter(), [recipient()], pdf_engine))).pdf
    first, last = boxes(pdf, "Ana Díaz\r\n12 West", "Chicago, IL 60614")
    assert 0.9 * 72 <= first[0] <= 1.1 * 72
    assert 2.0 * 72 <= 792 - first[3] <= 2.3 * 72
    assert 792 - last[1] <= 3.2 * 72


def sizes(pdf: bytes) -> set[float]:
    """The sizes of type on paper, in points: of the font, scaled by the matrix of each letter."""
    found = set()
    with pdfium.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            for index in range(text.count_chars()):
                matrix = pdfium.raw.FS_MATRIX()
                visible = pdfium.raw.FPDFText_GetUnicode(text, index) > ord(" ")
                if visible and pdfium.raw.FPDFText_GetMatrix(text, index, matrix):
                    size = pdfium.raw.FPDFText_GetFontSize(text, index)
                    found.add(round(size * math.hypot(matrix.c, matrix.d), 1))
    return found


@pytest.mark.parametrize("kind", ["individual_letter", "hhs_report", "il_ag_notice"])
def test_no_text_is_smaller_than_ten_points_on_paper(pdf_engine, kind):
    found = sizes(pdf_engine.render(compose(kind, context(kind)).html))
    assert min(found) >= 10, found
    assert max(found) <= 20, found


NAMES_OF_MANY_SCRIPTS = [
    "Nguyễn Thị Hồng Ánh",
    "Łukasz Żółć-Brzęczyszczykiewicz",
    "Юлия Ёлкина",
    "Ελένη Παπαδοπούλου",
    "Zoë Müller-Ångström",
    "Jānis Bērziņš",
    "Şükrü Gülşen Iğdır",
    "محمد علي",
    "Omar محمد",
    "יוסף כהן",
    "王小明",
    "陳大文 (David)",
    "田中さくら",
    "김민수",
]


def fonts_and_text(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        resources = [page.obj.Resources for page in opened.pages]
        resources += [sheet.Resources for each in resources for sheet in each.get("/XObject", {}).values()]
        fonts = {str(font.BaseFont).split("+")[-1].lstrip("/") for each in resources for font in each.Font.values()}
    return fonts, "".join(page.content for page in page_texts(pdf))


def only_shipped(fonts):
    shipped = {path.stem.replace("-", "") for path in FONTS.glob("*.ttf")}
    known = shipped | {face.removesuffix("Regular") for face in shipped} | {"DroidSansFallback", "Helvetica"}
    return {font.replace("-", "") for font in fonts} <= known


@pytest.mark.parametrize("name", NAMES_OF_MANY_SCRIPTS)
@pytest.mark.parametrize("name_of_engine", ["plutoprint", "pdfkit"])
def test_names_print_with_real_glyphs(name_of_engine, name):
    printed = next(iter(print_letters(letter(), [recipient(name=name)], engine(name_of_engine))))
    fonts, text = fonts_and_text(printed.pdf)
    assert only_shipped(fonts)
    # The name of the face alone could be that of a substitute; the text that is read back is that of its glyphs.
    assert "\ufffd" not in text


def test_the_accessible_engine_prints_them_too():
    # All on one letter: it takes a second for each.
    page = "".join(f"<p>{name}</p>" for name in NAMES_OF_MANY_SCRIPTS)
    fonts, text = fonts_and_text(
        engine("weasyprint").render(build_document("Names", [page], stylesheet="css/letter.css", label="Names"))
    )
    assert only_shipped(fonts)
    assert "\ufffd" not in text
    for name in NAMES_OF_MANY_SCRIPTS:
        assert squeezed(name) in squeezed(text) or name == "Omar محمد", name


HOSTILE = [
    '"><img src="file:///etc/passwd">',
    "<script>document.write('pwned')</script>",
    '<meta name="pdfkit-enable-local-file-access" content=""><iframe src="file:///etc/passwd">',
    "<style>@import url(http://127.0.0.1:9/x)</style>",
    "{{ ''.__class__ }}{% include '/etc/passwd' %}",
    "&lt;b&gt; &#x41; ]]> --> <!--",
    "'; DROP TABLE person; --",
    "\\22 } body { display: none } /*",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_in_every_field_is_printed_as_it_is(pdf_engine, hostile):
    of = letter()
    words = {
        "what_happened": hostile,
        "data_types": (hostile,),
        "what_we_are_doing": hostile,
        "what_you_can_do": hostile,
    }
    incident = msgspec.structs.replace(
        of.incident, **words, services=msgspec.structs.replace(of.incident.services, provider=hostile)
    )
    address = msgspec.structs.replace(of.organization.address, street1=hostile, street2=hostile, city=hostile)
    organization = msgspec.structs.replace(
        of.organization,
        name=hostile,
        address=address,
        email=hostile,
        website=hostile,
        privacy_officer=hostile,
        signatory_name=hostile,
        signatory_title=hostile,
    )
    changed = msgspec.structs.replace(of, incident=incident, organization=organization)
    person = recipient(
        name_lines=(hostile,), address_lines=("1 Oak", "Chicago, IL 60614"), salutation=f"Dear {hostile}"
    )
    results = list(print_letters(changed, [person], pdf_engine))
    printed = squeezed(text_of(results[0].pdf))
    assert printed.count(squeezed(hostile)) >= 10
    assert "root:x:0" not in printed


REFUSED = [
    '<img src="file:///etc/passwd">',
    '<img src="http://127.0.0.1:9/x.png">',
    '<iframe src="file:///etc/passwd"></iframe>',
    '<object data="file:///etc/passwd"></object>',
    '<embed src="file:///etc/passwd">',
    "<script>1</script>",
    '<link rel="stylesheet" href="file:///etc/passwd">',
    '<p style="background: url(file:///etc/passwd)">x</p>',
    "<style>p { background: url(file:///etc/passwd) }</style>",
    "<style>@import 'file:///etc/passwd';</style>",
    "<style>@\\69mport 'file:///etc/passwd';</style>",
    '<p onclick="x()">x</p>',
    '<a href="http://example.com">x</a>',
    '<meta http-equiv="refresh" content="0; url=file:///etc/passwd">',
    '<meta name="pdfkit-enable-local-file-access" content="">',
    '<meta  name="pdfkit-enable-local-file-access" content="">',
    '<META NAME="pdfkit-page-size" CONTENT="A4">',
    "<svg><use href='file:///x'/></svg>",
    '<form action="http://x"></form>',
    "<base href='file:///etc/'>",
]


@pytest.mark.parametrize("markup", REFUSED)
def test_a_document_that_could_fetch_or_run_anything_is_refused(pdf_engine, markup):
    with pytest.raises(EngineError, match="no letter needs"):
        pdf_engine.render(PAGE.format(markup))
    with pytest.raises(EngineError):
        FakeEngine().render(PAGE.format(markup))


@pytest.mark.parametrize("kind", ["individual_letter", "hhs_report", "il_ag_notice", "ca_ag_submission"])
def test_our_own_documents_hold_nothing_of_the_kind(kind):
    for document in compose(kind, context(kind)).documents:
        refuse_references(document.html)


def test_pdfkit_does_not_obey_the_document_even_without_that_inspection(tmp_path, monkeypatch):
    """CVE-2025-26240: a meta element switched local file access on and an iframe printed a local file."""
    secret = tmp_path / "secret.html"
    secret.write_text("<p>THE-SECRET-4711</p>")
    monkeypatch.setattr("notices.engines.pdfkit.refuse_references", lambda html: None)
    payload = (
        '<meta name="pdfkit-enable-local-file-access" content=""><meta name="pdfkit-allow" content="/">'
        f'<p>BEFORE</p><iframe src="file://{secret}" width="500" height="300"></iframe>'
        f'<object data="file://{secret}"></object><img src="file://{secret}">'
        f"<script>document.body.innerHTML += 'SCRIPTED'</script>"
    )
    html = f"<html><head><style>@page {{ margin: 1in 1in 1in 1in; }}</style></head><body>{payload}</body></html>"
    try:
        printed = text_of(engine("pdfkit").render(html))
    except EngineError:
        return
    assert "BEFORE" in printed
    assert "THE-SECRET-4711" not in printed
    assert "SCRIPTED" not in printed


def test_plutoprint_reads_no_file_even_without_that_inspection(tmp_path, monkeypatch):
    secret = tmp_path / "secret.css"
    secret.write_text("p::after { content: 'THE-SECRET-4711' }")
    monkeypatch.setattr("notices.engines.plutoprint.refuse_references", lambda html: None)
    html = PAGE.format(f'<link rel="stylesheet" href="file://{secret}"><p>BEFORE</p>')
    try:
        printed = text_of(engine("plutoprint").render(html))
    except EngineError:
        return
    assert "BEFORE" in printed
    assert "THE-SECRET-4711" not in printed


@pytest.mark.parametrize("name", NAMES)
def test_an_engine_gives_the_same_bytes_for_the_same_text(name):
    html = compose("individual_letter", letter()).html
    assert DETERMINISTIC in engine(name).capabilities
    first = engine(name).render(html)
    for _ in range(4):
        assert engine(name).render(html) == first


def test_plutoprint_gives_the_same_bytes_in_another_process(tmp_path):
    html = compose("individual_letter", letter()).html
    (tmp_path / "letter.html").write_text(html, encoding="utf-8")
    script = (
        "import sys, hashlib; from notices.engines import engine;"
        "print(hashlib.sha256(engine().render(open(sys.argv[1], encoding='utf-8').read())).hexdigest())"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "letter.html")]
    hashes = {
        subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]).stdout
        for _ in range(2)
    }
    assert len(hashes) == 1


def test_a_batch_numbers_the_sheets_of_each_letter_by_itself():
    assert BATCHES in engine("plutoprint").capabilities
    pages = ['<div class="letter">one</div>', '<div class="letter">two</div>']
    html = build_document(
        "x", pages, stylesheet="css/letter.css", label=[Numbering("Reference A1", 1), Numbering("Reference B2", 1)]
    )
    text = text_of(engine("plutoprint").render(html))
    assert "Reference A1 - Page 1 of 1" in text
    assert "Reference B2 - Page 1 of 1" in text


def test_a_footer_label_cannot_break_out_of_the_style_sheet():
    with pytest.raises(ValueError, match="page footer"):
        build_document("x", ["y"], stylesheet="css/letter.css", label='A" } body { display: none }')


def test_a_missing_wkhtmltopdf_is_told_with_the_remedy(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match=r"wkhtmltopdf is not installed.*plutoprint"):
        engine("pdfkit")


def test_a_renderer_that_hangs_is_stopped(tmp_path):
    slow = tmp_path / "wkhtmltopdf"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    with pytest.raises(EngineError, match="did not finish within"):
        PdfkitEngine(slow, time_limit=0.3)


def test_a_renderer_that_fails_is_told(tmp_path):
    broken = tmp_path / "wkhtmltopdf"
    broken.write_text("#!/bin/sh\necho 'no display' >&2\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(EngineError, match="could not render the document: no display"):
        PdfkitEngine(broken)


def test_the_path_of_the_binary_is_absolute():
    assert find_wkhtmltopdf().is_absolute()
    with pytest.raises(EngineError):
        PdfkitEngine(Path("wkhtmltopdf"))


def test_wkhtmltopdf_is_called_with_its_guards(monkeypatch):
    seen = []
    real = subprocess.run

    def spy(command, **options):
        seen.append((command, options))
        return real(command, **options)

    pdf_engine = engine("pdfkit")
    monkeypatch.setattr(subprocess, "run", spy)
    pdf_engine.render(compose("individual_letter", letter()).html)
    command, options = seen[-1]
    assert {"--disable-local-file-access", "--disable-javascript", "--no-images", "--disable-plugins"} <= set(command)
    assert command[-2:] == ["-", "-"]
    assert options["timeout"] > 0
    assert "shell" not in options
    assert set(options["env"]) == {
        "HOME", "TMPDIR", "XDG_RUNTIME_DIR", "LANG", "QT_HASH_SEED", "QT_QPA_PLATFORM", "FONTCONFIG_FILE", "PATH",
    }  # fmt: skip


def test_an_unknown_engine_is_refused():
    with pytest.raises(EngineError, match="no PDF engine 'typewriter'"):
        engine("typewriter")


def test_an_accessible_copy_tells_a_screen_reader_its_structure(tmp_path):
    """What ISO 14289-1 asks of the structure; whether the words are well chosen a person has to see."""
    printed = next(iter(print_letters(letter(), [recipient()], engine("weasyprint"))))
    with pikepdf.open(io.BytesIO(printed.pdf)) as document:
        root = document.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang) == "en"
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert "Notice of Data Breach" in metadata["dc:title"]
        roles = []
        waiting = [root.StructTreeRoot]
        while waiting:
            element = waiting.pop()
            if isinstance(element, pikepdf.Dictionary):
                roles.append(str(element.get("/S", "")))
                children = element.get("/K", [])
                waiting += list(children) if isinstance(children, pikepdf.Array) else [children]
        assert {"/Document", "/H1", "/H2", "/P", "/L", "/LI"} <= set(roles)
        fonts = [font for page in document.pages for font in page.Resources.Font.values()]
        assert all("/FontFile2" in font.DescendantFonts[0].FontDescriptor for font in fonts)


def test_without_weasyprint_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(EngineError, match="pip install 'breach-response-toolkit"):
        engine("weasyprint")
