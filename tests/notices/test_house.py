"""The organization's own templates: what is refused with its file and line, and what a letter made with them is."""

import io
import shutil
from pathlib import Path

import msgspec
import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from notices.context import Recipient
from notices.engines import engine
from notices.engines.base import EngineError, refuse_references
from notices.errors import NoticeError
from notices.house.assemble import house_of
from notices.house.folder import read_folder
from notices.house.intake import check_folder
from notices.house.pictures import LARGEST, picture_of, safe_picture
from notices.house.style import style_of
from notices.letters import render_body
from notices.press import Addressed
from notices.printer import Printer
from notices.service import compose
from tests.notices.elements_case import facts, rulebook
from tests.notices.samples import (
    LETTER_FIELDS,
    ORGANIZATION,
    SERVICES,
    SSN_FACTS,
    build_context,
    default_fields,
    requirements_for,
)

SAMPLE = Path("samples/data/own_templates")
CONTACT = "sections/en/hipaa.contact.html.j2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "own"))


@pytest.fixture(scope="module")
def house():
    return house_of(read_folder(SAMPLE))


def letter(house=None, **more: str):
    case = facts(**SSN_FACTS)
    fields = default_fields("individual_letter", facts=case, organization=ORGANIZATION)
    return build_context(
        "individual_letter",
        facts=case,
        organization=ORGANIZATION,
        fields=fields | LETTER_FIELDS | SERVICES | more,
        requirements=requirements_for("individual_letter", case, rulebook()),
        house=house,
    )


def person(row: int, name: str = "Ana Díaz") -> Recipient:
    return Recipient(
        row=row,
        name_lines=(name,),
        address_lines=("12 Elm Street", "Chicago, IL 60601"),
        salutation=f"Dear {name}",
        code=f"BR-2026-{row:06}",
        state="IL",
    )


# ---- the sample, and letters made with it


def test_the_sample_folder_is_right():
    intake = check_folder(SAMPLE, rulebook())
    assert intake.faults == ()
    assert intake.house is not None
    assert [name for name, _ in intake.house.sections] == [CONTACT, "sections/en/hipaa.protective_steps.html.j2",
                                                           "sections/es/hipaa.contact.html.j2"]  # fmt: skip


@pytest.mark.parametrize("name", ["plutoprint", "pdfkit", "weasyprint"])
@pytest.mark.parametrize("size", ["standard", "large"])
def test_each_engine_prints_letterhead_signature_and_sections(house, name, size):
    context = letter(house, print_size=size)
    variant = next(each for each in context.variants if each.key == "il.adult.en")
    batch = [person(1), person(2, "Nguyễn Thị Hằng")] if name == "plutoprint" else [person(1)]
    printed = Printer(context, engine(name)).file([Addressed(each, variant) for each in batch])
    assert len(printed.letters) == len(batch)
    with pdfium.PdfDocument(printed.pdf) as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
    for words in ("4410 N Wrenfallow Pl", "We never ask for a password", "Dr. Rosalie Unterberg", "take the time"):
        assert words.replace(" ", "") in "".join(text.split())


def test_the_letterhead_stays_above_the_envelope_window(house):
    """Nothing of it stands lower than 2.04 inches from the top, where the window begins; not even in an exercise."""
    for size in ("standard", "large"):
        context = msgspec.structs.replace(letter(house, print_size=size), exercise=True)
        variant = context.variants[0]
        pdf = Printer(context, engine()).file([Addressed(person(1), variant)]).pdf
        with pdfium.PdfDocument(pdf) as document:
            text = document[0].get_textpage()
            at = text.get_text_range().index("4410 N Wrenfallow")
            bottom = text.get_charbox(at)[1]
        assert bottom > 792 - 2.04 * 72


def test_own_templates_change_what_an_approval_is_bound_to(house):
    plain = compose("individual_letter", letter()).content_sha256
    assert compose("individual_letter", letter(house)).content_sha256 != plain
    for change in ({"sections": ()}, {"letterhead": None}, {"signature": None}, {"style": ""}):
        other = msgspec.structs.replace(house, **change)
        assert compose("individual_letter", letter(other)).content_sha256 not in (
            plain,
            compose("individual_letter", letter(house)).content_sha256,
        )


def test_words_of_a_drafter_stay_words_in_an_own_section(folder):
    (folder / "sections/en/hipaa.description.html.j2").write_text("<p>{{ incident.what_happened }}</p>")
    own = house_of(read_folder(folder))
    context = letter(own, what_happened='<img src="file:///etc/passwd"> {{ organization.name }} happened to us.')
    body = render_body(context, context.variants[0], "html")
    assert "&lt;img" in body
    assert "{{ organization.name }}" in body


# ---- what is refused, with its file and line


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("<p>a</p>\n{{ organization.adress }}", ":2: organization.adress: there is no such value"),
        ("\n\n{{ secret }}", ":3: secret: there is no such value"),
        ("{{ layout }}", ":1: layout: there is no such value"),
        ('{% include "sections/en/ca.title.html.j2" %}', ":1: include cannot stand"),
        ('{% extends "base/document.html.j2" %}', ":1: extends cannot stand"),
        ('{% import "x" as y %}', ":1: import cannot stand"),
        ('{% from "x" import y %}', ":1: import cannot stand"),
        ("{% macro x() %}{% endmacro %}", ":1: a macro cannot stand"),
        ("{{ range(3) }}", ":1: a call cannot stand"),
        ('{{ "a" * 9 }}', ":1: a calculation cannot stand"),
        ("{% autoescape false %}{% endautoescape %}", ":1: switching off the escaping"),
        ("{{ bureaus[0] }}", ":1: a value by its number"),
        ("{{ organization.name.__class__ }}", "names that begin with _"),
        ("{{ organization.name | pprint }}", ":1: No filter named 'pprint'."),
        ("{{ organization.name | safe }}", ":1: No filter named 'safe'."),
        ("a\n{% if organization.name %}", ":2: Unexpected end of template"),
        ("<p>\n<script>x</script></p>", ":2: <script> cannot stand"),
        ('<img src="x">', ":1: <img> cannot stand"),
        ('<a href="https://example.org">x</a>', ":1: <a> cannot stand"),
        ('<p style="color: white">x</p>', ":1: style= cannot stand"),
        ('<p class="personal">x</p>', ":1: class 'personal'"),
        ("<p>a\n<b>b</p>", ":2: </p> closes nothing"),
        ("<p>a", ":1: <p> is not closed"),
        ("<!-- x -->", ":1: an HTML comment"),
        ("a\n{% raw %}{{<style>p{font-size:1pt}</style>}}{% endraw %}", ":2: {% raw %} cannot stand"),
        ("<p>\u0e01</p>", "the fonts cannot print U+0E01"),
        (
            "{% for a in bureaus %}{% for b in bureaus %}{% for c in bureaus %}{% endfor %}{% endfor %}{% endfor %}",
            ":1: a loop in a loop in a loop",
        ),
    ],
)
def test_a_faulty_section_is_refused_with_its_line(folder, source, fault):
    (folder / CONTACT).write_text(source, encoding="utf-8")
    faults = check_folder(folder, rulebook()).faults
    assert any(each.startswith(CONTACT) and fault in each for each in faults), faults


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("sections/en/hipaa.nothing.html.j2", "no section of a letter has that id"),
        ("sections/en/ca.notice_date.html.j2", "stays as shipped"),
        ("sections/fr/hipaa.contact.html.j2", "there are no letters in 'fr'"),
        ("extra.png", "own templates have no such file"),
        ("sections/en/note.txt", "own templates have no such file"),
    ],
)
def test_a_file_of_no_use_is_named(folder, name, fault):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("<p>x</p>")
    assert any(each.startswith(name) and fault in each for each in check_folder(folder, rulebook()).faults)


def test_links_are_not_followed_and_hidden_files_are_left_out(folder):
    (folder / ".DS_Store").write_text("x")
    (folder / "README.md").write_text("x")
    assert check_folder(folder, rulebook()).faults == ()
    (folder / "sections/en/hipaa.description.html.j2").symlink_to("/etc/hostname")
    assert "a link" in check_folder(folder, rulebook()).faults[0]


@pytest.mark.parametrize(
    ("toml", "fault"),
    [
        ('title = "x"\n= 1', "own.toml: Invalid statement (at line 2"),
        ("", "own.toml: Object missing required field `title`"),
        ('title = "x"\nletterhed = 1', "unknown field `letterhed`"),
        ('title = "x"\n[letterhead]', "give a picture, lines, or both"),
        ('title = "x"\n[letterhead]\npicture = "letterhead.svg"', "letterhead: alt: say in words"),
        ('title = "x"\n[letterhead]\npicture = "none.png"\nalt = "x"', "there is no file 'none.png'"),
        ('title = "x"\n[letterhead]\nlines = ["a", "b", "c", "d", "e"]', "5 lines; there is room for 4"),
        (f'title = "x"\n[letterhead]\nlines = ["{"W" * 60}"]', "line 1: wider than the sheet"),
        ('title = "x"\n[signature]\ntitle = "Doctor"', "a title needs the name"),
        ('title = "x"\n[signature]\nname = "\u0e01"', "signature.name: the fonts cannot print"),
    ],
)
def test_a_faulty_own_toml_is_refused_with_its_field(folder, toml, fault):
    (folder / "own.toml").write_text(toml, encoding="utf-8")
    faults = check_folder(folder, rulebook()).faults
    assert any(fault in each for each in faults), faults


def test_every_fault_is_told_at_once(folder):
    (folder / "letterhead.svg").write_text("<svg")
    (folder / CONTACT).write_text("{{ secret }}")
    (folder / "own.css").write_text("p { color: red }")
    told = "\n".join(check_folder(folder, rulebook()).faults)
    assert all(words in told for words in ("letterhead.svg:1", "secret", "own.css:1"))


def test_a_section_that_leaves_out_what_the_law_wants_said_is_named_with_its_element(folder):
    name = "sections/en/hipaa.date_of_breach.html.j2"
    (folder / name).write_text("<p>Please take care.</p>")
    faults = check_folder(folder, rulebook()).faults
    assert any(each.startswith(f"{name}: hipaa.date_of_breach: ") and "164.404(c)(1)(A)" in each for each in faults)
    assert any(each.startswith(f"{name}: ca.breach_date: ") for each in faults)


def test_a_changed_heading_is_not_the_one_of_california(folder):
    (folder / "sections/en/ca.heading.what_happened.html.j2").write_text("<h2>What Occurred</h2>")
    assert any("ca.heading.what_happened" in each for each in check_folder(folder, rulebook()).faults)


def test_a_section_that_fails_when_written_is_named_with_its_line(folder):
    source = "<p>x</p>\n{% for b in bureaus %}{{ b.nme }}{% endfor %}"
    (folder / "sections/es/il.ftc_contact.html.j2").write_text(source)
    assert any(
        each.startswith("sections/es/il.ftc_contact.html.j2:2: ") and "nme" in each
        for each in check_folder(folder, rulebook()).faults
    )


# ---- style


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('@import "x";', "@import cannot stand here"),
        ("@page { margin: 0 }", "@page cannot stand here"),
        ("@font-face { src: url(x) }", "@font-face cannot stand here"),
        (".own-a { background: url(x) }", "background cannot be set"),
        (".own-a { display: none }", "display cannot be set"),
        (".own-a { color: #fff }", "too pale to read"),
        (".own-a { color: rgba(0,0,0,.1) }", "not see-through"),
        (".own-a { font-size: 9.9pt }", "font-size: 10pt to 24pt"),
        (".own-a { font-size: 1px }", "font-size: 10pt to 24pt"),
        (".own-a { margin-top: -9pt }", "margin-top: 0pt to 24pt"),
        (".own-a { font-family: Arial }", "one face that ships"),
        (".own-a { color: black !important }", "only `property: value;`"),
        (".addressee { color: black }", "cannot be styled"),
        ("p { color: black }", "cannot be styled"),
        (".own-a .personal { color: black }", "cannot be styled"),
        ("h1 { font-size: 12pt }", "font-size cannot be set for h1"),
        (".own-a { color: black", ""),
        ("h1::before { content: 'x' }", "cannot be styled"),
    ],
)
def test_a_style_sheet_says_nothing_but_looks(source, fault):
    style, faults = style_of("\n" + source, "own.css")
    assert all(each.startswith("own.css:2: ") for each in faults)
    assert any(fault in each for each in faults) if fault else not faults
    assert "url" not in style.normal


@given(st.text(alphabet="abh1.-own{}:;#@()url'\"\\/*<> \n0p t!,", max_size=120))
def test_whatever_a_style_sheet_holds_no_engine_is_asked_to_fetch_or_leaves_its_element(source):
    style, _ = style_of(source, "own.css")
    for text in (style.normal, style.large):
        assert not {"<", "@", "\\"} & set(text)
        refuse_references(f"<html><head><style>{text}</style></head><body></body></html>")


def test_large_print_stays_large():
    style, faults = style_of(".own-note { font-size: 12pt; } .own-big { font-size: 20pt; }", "own.css")
    assert not faults
    assert ("font-size: 18pt" in style.large, "font-size: 20pt" in style.large) == (True, True)
    assert "font-size: 12pt" in style.normal


# ---- pictures


def dots(kind: str = "PNG", mode: str = "RGBA", size: tuple[int, int] = (60, 30), **more) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 0).save(out, kind, **more)
    return out.getvalue()


def _noise() -> bytes:
    out = io.BytesIO()
    Image.frombytes("RGB", (60, 30), bytes(number * number * 31 % 251 for number in range(5400))).save(out, "PNG")
    return out.getvalue()


NOISE = _noise()


def test_of_a_picture_only_its_dots_are_kept():
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "Somebody at home")
    safe = safe_picture("a.png", dots(pnginfo=told))
    assert b"Somebody" not in safe
    with Image.open(io.BytesIO(safe)) as image:
        assert (image.mode, image.getpixel((5, 5))) == ("RGB", (255, 255, 255))
    exif = Image.Exif()
    exif[0x010E] = "Somebody at home"
    assert b"Somebody" not in safe_picture("a.jpg", dots("JPEG", "RGB", exif=exif))


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.svg"])
def test_what_is_safe_stays_as_it_is(name):
    content = {"a.png": dots(), "a.jpg": dots("JPEG", "RGB"), "a.svg": (SAMPLE / "letterhead.svg").read_bytes()}[name]
    safe = safe_picture(name, content)
    assert safe_picture(name, safe) == safe
    picture = picture_of(name, safe, "x", width=100, height=20)
    assert picture.height <= 20
    assert picture.width <= 100


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.png", b"GIF89a", "not a PNG picture"),
        ("a.png", dots("JPEG", "RGB"), "not a PNG picture"),
        ("a.png", NOISE[: len(NOISE) // 2], "breaks off"),
        ("a.png", dots(size=(4_001, 1), mode="L"), "4,001 by 1 dots"),
        ("a.gif", b"GIF89a", "a .png, .jpg or .svg file"),
        ("a.svg", b"hello", "a.svg:1: this is not an SVG"),
        ("a.svg", b"<html/>", "this is not an SVG"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "does not say its size"),
    ],
)
def test_what_is_no_picture_is_refused(name, content, fault):
    with pytest.raises(NoticeError, match=fault):
        safe_picture(name, content)


def svg(inside: str, before: str = "", attributes: str = "") -> bytes:
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'{before}<svg {names} viewBox="0 0 10 10" {attributes}>\n{inside}</svg>'.encode()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (svg("<script>x()</script>"), ":2: <script>"),
        (svg('<image xlink:href="file:///etc/passwd"/>'), ":2: <image>"),
        (svg("<foreignObject/>"), ":2: <foreignObject>"),
        (svg("<style>@import 'x'</style>"), ":2: <style>"),
        (svg('<use href="https://example.org/a.svg#b"/>'), ":2: <use>"),
        (svg("<text>words</text>"), "turn text into paths"),
        (svg('<rect fill="url(https://example.org/x)"/>'), "fill="),
        (svg('<rect style="fill: url(file:///x)"/>'), "fill="),
        (svg('<linearGradient xlink:href="https://example.org/a#b"/>'), "refers to nothing outside"),
        (svg('<rect onclick="x()"/>'), "onclick= a picture runs nothing"),
        (svg("", '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), "declares no entities"),
        (svg("", '<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'), "declares no entities"),
    ],
)
def test_an_svg_refers_to_nothing_and_runs_nothing(content, fault):
    with pytest.raises(NoticeError) as refused:
        safe_picture("a.svg", content)
    assert str(refused.value).startswith("a.svg:")
    assert fault in str(refused.value)


def test_an_svg_of_a_drawing_program_is_kept_without_its_notes():
    drawn = svg(
        '<metadata>Somebody at home</metadata><!-- x --><rect width="4" height="4" style="fill:#123456;stroke:none" '
        'ink:label="x" xmlns:ink="http://www.inkscape.org/"/>'
    )
    safe = safe_picture("a.svg", drawn)
    assert b"Somebody" not in safe
    assert b"inkscape" not in safe
    assert b'fill="#123456"' in safe


def test_a_picture_too_large_to_carry_is_refused():
    path = "M0 0 " + "L1.25 2.5 " * (LARGEST // 9)
    with pytest.raises(NoticeError, match="at most 150,000"):
        safe_picture("a.svg", svg(f'<path d="{path}"/>'))


def test_a_picture_is_only_what_was_made_safe():
    with pytest.raises(NoticeError, match="as it was made safe"):
        picture_of("a.svg", svg("<rect/><!-- x -->"), "x", width=10, height=10)


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="file:///etc/passwd" alt="x" width="1" height="1">',
        '<img src="https://example.org/x.png" alt="x" width="1" height="1">',
        '<img src="data:text/html;base64,AAAA" alt="x" width="1" height="1">',
        '<img src="data:image/png,AAAA" alt="x" width="1" height="1">',
        '<img srcset="data:image/png;base64,AAAA" alt="x">',
        '<p src="data:image/png;base64,AAAA">x</p>',
    ],
)
def test_no_engine_is_given_a_picture_that_is_elsewhere(tag):
    with pytest.raises(EngineError, match="what no letter needs"):
        refuse_references(f"<html><body>{tag}</body></html>")
