"""The template environment is strict and closed, and templates read only what their context has."""

import re
from datetime import date

import pytest
from jinja2 import TemplateError, UndefinedError, meta
from jinja2.exceptions import SecurityError, TemplateAssertionError

from notices.context import CaliforniaAgContext, HhsWorksheetContext, IllinoisAgContext
from notices.document import DocumentPage
from notices.environment import TEMPLATES, build_environment, count, environment, long_date, paragraphs, series
from notices.layout import ELEMENT_IDS
from notices.letters import LetterBody, LetterPage
from notices.papers.cdph import CdphContext
from notices.papers.electronic import CredentialsPage, EmailPage
from notices.papers.hold import HoldContext
from notices.papers.memos import NoNoticeContext, RiskContext
from notices.papers.partners import BureauPage, OwnerContext
from notices.papers.public import PublicPage
from notices.papers.scripts import AnswersContext, CallContext
from notices.plain import plain_text
from notices.service import WorksheetPage

FORMAL = (OwnerContext, BureauPage, HoldContext, CdphContext)
DATED = (OwnerContext, RiskContext, NoNoticeContext)
READS = {
    "base/": DocumentPage,
    "css/": DocumentPage,
    "individual/letter.": LetterPage,
    "individual/body.": LetterBody,
    "sections/": (LetterBody, LetterPage),
    "public/": PublicPage,
    "electronic/email.": EmailPage,
    "electronic/": CredentialsPage,
    "scripts/faq.": AnswersContext,
    "scripts/urgent_call.": CallContext,
    "formal/head.": FORMAL,
    "formal/close.": FORMAL,
    "formal/dates.": DATED,
    "formal/owner.": OwnerContext,
    "formal/bureaus.": BureauPage,
    "formal/hold.": HoldContext,
    "formal/cdph.": CdphContext,
    "formal/risk.": RiskContext,
    "formal/no_notice.": NoNoticeContext,
    "regulator/worksheet.": WorksheetPage,
    "regulator/il_ag.": IllinoisAgContext,
}
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", NAMES)
def test_every_name_that_a_template_reads_is_a_field_of_its_context(name):
    context = next(context for start, context in READS.items() if name.startswith(start))
    fields = {
        field for each in (context if isinstance(context, tuple) else (context,)) for field in each.__struct_fields__
    }
    source, _, _ = environment().loader.get_source(environment(), name)
    assert meta.find_undeclared_variables(environment().parse(source)) <= fields


def test_the_regulator_contexts_are_not_mixed_up():
    assert "illinois_residents" not in HhsWorksheetContext.__struct_fields__
    assert "illinois_residents" not in CaliforniaAgContext.__struct_fields__


def test_each_section_file_is_named_by_an_element():
    for language in (TEMPLATES / "sections").iterdir():
        assert {path.name.removesuffix(".html.j2") for path in language.iterdir()} <= ELEMENT_IDS


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ range(10) }}",
        "{% set x = lipsum() %}{{ x }}",
        "{{ 'a' | pprint }}",
        "{{ 'a' | attr('__class__') }}",
        "{{ 'a'.format.__globals__ }}",
        "{% include '../../../../etc/passwd' %}",
        "{% include '/etc/passwd' %}",
        "{{ undefined_name }}",
    ],
)
def test_a_template_of_other_hands_gets_no_further_than_its_context(hostile):
    with pytest.raises((SecurityError, UndefinedError, TemplateAssertionError, TemplateError)):
        environment().from_string(hostile).render(name="x")


def test_html_is_escaped_and_text_is_not():
    own = build_environment([("a.html.j2", "<p>{{ word }}</p>"), ("a.txt.j2", "{{ word }}")])
    assert own.get_template("a.html.j2").render(word="<b>&") == "<p>&lt;b&gt;&amp;</p>"
    assert own.get_template("a.txt.j2").render(word="<b>&") == "<b>&"


def test_the_templates_of_an_organization_win_over_the_shipped_ones():
    own = build_environment([("sections/en/ca.title.html.j2", "<h1>Ours</h1>")])
    assert own.get_template("sections/en/ca.title.html.j2").render() == "<h1>Ours</h1>"
    assert "Notice of Data Breach" in environment().get_template("sections/en/ca.title.html.j2").render()


def test_the_verbatim_title_and_headings_stand_in_their_files():
    words = {
        "ca.title": "Notice of Data Breach",
        "ca.heading.what_happened": "What Happened",
        "ca.heading.what_information": "What Information Was Involved",
        "ca.heading.what_we_are_doing": "What We Are Doing",
        "ca.heading.what_you_can_do": "What You Can Do",
        "ca.heading.more_information": "For More Information",
    }
    for element, verbatim in words.items():
        assert f">{verbatim}</h" in environment().get_template(f"sections/en/{element}.html.j2").render()
        assert plain_text(environment().get_template(f"sections/en/{element}.html.j2").render()).startswith(verbatim)


def test_no_text_on_paper_is_smaller_than_ten_points():
    for sheet in (TEMPLATES / "css").glob("*.css"):
        sizes = [float(size) for size in re.findall(r"font(?:-size)?:[^;}]*?([\d.]+)pt", sheet.read_text())]
        assert sizes
        assert min(sizes) >= 10, sheet.name


def test_filters():
    assert long_date(date(2026, 10, 3)) == "October 3, 2026"
    assert count(1143) == "1,143"
    assert paragraphs("a\nb\n\n\nc \r\n\r\n d") == ["a b", "c", "d"]
    assert series(["a"]) == "a"
    assert series(["a", "b"]) == "a and b"
    assert series(["a", "b", "c"]) == "a, b, and c"
