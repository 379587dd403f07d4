"""Accessible copies hold what PDF/UA-1 asks for, as far as a machine can judge; and the check finds what is planted."""

import io

import msgspec
import pikepdf
import pytest

from notices.engines import engine
from notices.press import Addressed
from notices.printer import Printer
from notices.service import compose
from tests.notices.matterhorn import failures
from tests.notices.samples import SPANISH_FIELDS, SPANISH_SERVICES
from tests.notices.test_house import SAMPLE, house_of, letter, person, read_folder
from tests.notices.test_papers import documents


@pytest.fixture(scope="module")
def weasyprint():
    return engine("weasyprint")


def printed(press, context, key: str = "ca.adult.en") -> bytes:
    variant = next(each for each in context.variants if each.key == key)
    reader = msgspec.structs.replace(person(1), language=variant.language)
    return Printer(context, press).file([Addressed(reader, variant)]).pdf


@pytest.mark.parametrize("size", ["standard", "large"])
@pytest.mark.parametrize("own", [False, True])
def test_a_letter_with_and_without_own_templates(weasyprint, size, own):
    house = house_of(read_folder(SAMPLE)) if own else None
    assert failures(printed(weasyprint, letter(house, print_size=size))) == []


def test_a_letter_in_spanish_says_so(weasyprint):
    pdf = printed(weasyprint, letter(**SPANISH_FIELDS, **SPANISH_SERVICES), "ca.adult.es")
    assert failures(pdf) == []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "es"


@pytest.mark.parametrize("kind", ["substitute_notice", "media_notice", "owner_notice", "credentials_notice"])
def test_other_notices(weasyprint, kind):
    for name, document in documents(kind).items():
        assert failures(weasyprint.render(document.html)) == [], name


def altered(pdf: bytes, change) -> list[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        out = io.BytesIO()
        document.save(out)
    return failures(out.getvalue())


def _figure(document: pikepdf.Pdf) -> pikepdf.Dictionary:
    return next(
        each
        for each in document.objects
        if isinstance(each, pikepdf.Dictionary) and str(each.get("/S", "")) == "/Figure"
    )


def _heading(document: pikepdf.Pdf) -> pikepdf.Dictionary:
    return next(
        each for each in document.objects if isinstance(each, pikepdf.Dictionary) and str(each.get("/S", "")) == "/H1"
    )


@pytest.mark.parametrize(
    ("change", "checkpoint"),
    [
        (lambda document: document.Root.__delitem__("/Lang"), "11-006"),
        (lambda document: document.Root.ViewerPreferences.__delitem__("/DisplayDocTitle"), "07-002"),
        (lambda document: document.Root.MarkInfo.__setitem__("/Marked", False), "01-001"),
        (lambda document: document.Root.__delitem__("/Metadata"), "06-001"),
        (lambda document: _figure(document).__delitem__("/Alt"), "13-004"),
        (lambda document: _heading(document).__setitem__("/S", pikepdf.Name("/H3")), "14-002"),
        (lambda document: _heading(document).__setitem__("/S", pikepdf.Name("/Banner")), "02-001"),
        (lambda document: document.pages[0].contents_add(b"0 0 9 9 re f"), "01-005"),
        (
            lambda document: next(iter(document.pages[0].Resources.Font.values())).__delitem__("/ToUnicode"),
            "31-027",
        ),
        (
            lambda document: (
                next(iter(document.pages[0].Resources.Font.values()))
                .DescendantFonts[0]
                .FontDescriptor.__delitem__("/FontFile2")
            ),
            "31-009",
        ),
        (lambda document: document.Root.__setitem__("/AcroForm", pikepdf.Dictionary()), "24-001"),
    ],
)
def test_what_is_planted_is_found(own_letter, change, checkpoint):
    assert any(each.startswith(checkpoint) for each in altered(own_letter, change))


@pytest.fixture(scope="module")
def own_letter(weasyprint) -> bytes:
    return printed(weasyprint, letter(house_of(read_folder(SAMPLE))))


def test_the_quick_engine_makes_no_claim_to_be_tagged():
    document = compose("individual_letter", letter()).documents[0]
    assert "01-001: the file is not tagged" in failures(engine().render(document.html))
