"""Letters in Spanish: as complete as in English, with California's English title and headings, never by chance."""

from datetime import date

import pytest

from notices.bulk import print_letters
from notices.cautions import cautions
from notices.data_types import PHRASES, SPANISH
from notices.drafting import letter_requirements
from notices.elements import check_text
from notices.elements.prose import Prose
from notices.elements.report import LOCATORS
from notices.elements.spanish import LOCATORS as SPANISH_LOCATORS
from notices.elements.spanish import days_in
from notices.engines import engine
from notices.environment import TEMPLATES, long_date_es
from notices.errors import NoticeError
from notices.layout import ELEMENT_IDS
from notices.service import compose
from notices.words import greeting
from tests.notices.elements_case import facts, rulebook
from tests.notices.golden import check_golden
from tests.notices.samples import SERVICES, SPANISH_FIELDS, SPANISH_SERVICES, SSN_FACTS, context, recipient

CREDENTIALS = {"incident__data_elements": ["online_credentials"], "organization__hipaa_role": "none"}
SITUATIONS = {
    "health data": {},
    "social security numbers": SSN_FACTS,
    "law enforcement hold": {
        "law_enforcement_holds": [{"kind": "written", "stated_on": "2026-10-05", "until": "2026-10-20"}]
    },
    "not under HIPAA": {"organization__hipaa_role": "none"},
    "credentials only": CREDENTIALS,
    "day of the breach unknown": {"incident__occurred_from": None, "incident__occurred_to": None},
}


def written(of, **more):
    words = {**SERVICES, **SPANISH_FIELDS, **SPANISH_SERVICES, **more}
    if of.incident.data_elements == ("online_credentials",):
        words |= {"data_types": "user name and password", "data_types_es": "nombre de usuario y contraseña"}
    return context("individual_letter", of, **words)


def spanish(of, name="ca.adult.es"):
    return next(each for each in compose("individual_letter", written(of)).documents if each.name == name)


def problems(text, of):
    asked = [each for each in letter_requirements(of, rulebook()) if each.required or each.forbidden]
    return check_text(text, asked, of, "es").problems


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_spanish_variant_says_every_element_that_its_law_asks_for(situation):
    of = facts(**SITUATIONS[situation])
    documents = [each for each in compose("individual_letter", written(of)).documents if each.language == "es"]
    assert len(documents) == len(compose("individual_letter", written(of)).documents) / 2
    for document in documents:
        asked = [each for each in letter_requirements(of, rulebook()) if each.id in document.required or each.forbidden]
        report = check_text(document.text, asked, of, "es")
        assert report.problems == (), document.name
        assert {each.id for each in report.elements} == set(document.required)


@pytest.mark.parametrize(
    ("cut", "element"),
    [
        ("Una persona que no tenía permiso inició sesión", "hipaa.description"),
        ("La filtración ocurrió entre el", "hipaa.date_of_breach"),
        ("Descubrimos la filtración el", "hipaa.date_of_discovery"),
        ("número de Seguro Social", "hipaa.phi_types"),
        ("What Happened\n", "ca.heading.what_happened"),
        ("Notice of Data Breach\n", "ca.title"),
        ("Fecha: ", "ca.notice_date"),
        ("por 12 meses", "ca.identity_services"),
    ],
)
def test_what_is_cut_out_is_missing(cut, element):
    of = facts(**SSN_FACTS)
    text = spanish(of).text
    line = next(each for each in text.splitlines(keepends=True) if cut.rstrip("\n") in each)
    found = [each.split(":")[0] for each in problems(text.replace(line, "\n"), of)]
    assert element in found
    assert element not in [each.split(":")[0] for each in problems(text, of)]


def test_another_day_of_discovery_than_the_facts_contradicts():
    of = facts()
    text = spanish(of).text.replace("Descubrimos la filtración el 3 de", "Descubrimos la filtración el 8 de")
    assert any("another day of discovery" in each for each in problems(text, of))


def test_that_there_was_a_breach_does_not_say_what_happened():
    of = facts()
    located = SPANISH_LOCATORS["hipaa.description"]
    assert located(Prose("Hubo una filtración de datos en Lakeshore Aesthetics."), of).span is None


@pytest.mark.parametrize("words", ["1,143 residentes de Illinois", "1.143 personas en Illinois", "1143 pacientes"])
def test_the_number_of_illinois_residents_is_forbidden_in_spanish_too(words):
    of = facts()
    report = check_text(f"Esto afecta a {words}.", letter_requirements(of, rulebook()), of, "es")
    assert [each.text for each in report.forbidden] == [words]


def test_without_spanish_words_there_is_no_spanish_letter_and_with_half_of_them_none_is_written():
    assert {each.language for each in context("individual_letter").variants} == {"en"}
    with pytest.raises(NoticeError) as refused:
        context("individual_letter", what_happened_es="Alguien entró en una cuenta.")
    assert refused.value.faults == ("what_we_are_doing_es: needed where the letter is written in Spanish",)
    with pytest.raises(NoticeError) as refused:
        context("individual_letter", **SPANISH_FIELDS, data_types_es="nombre")
    assert refused.value.faults == ("data_types_es: 1 kinds of information; in English there are 3",)
    with pytest.raises(NoticeError, match="services_how_to_enroll_es"):
        context("individual_letter", **SERVICES, **SPANISH_FIELDS)


def test_a_spanish_letter_is_printed_and_proved_like_the_others():
    of = facts(**SSN_FACTS)
    reader = recipient(language="es", salutation=greeting("Ana Díaz", "es"))
    (printed,) = print_letters(written(of), [reader], engine("plutoprint"))
    assert [each.variant for each in printed.letters] == ["il.adult.es"]


def test_it_is_said_that_a_translator_has_to_review_it():
    today = date(2026, 12, 1)
    (caution,) = cautions("individual_letter", facts(), rulebook(), today, written(facts()))
    assert "no certified translator has reviewed it" in caution
    assert cautions("individual_letter", facts(), rulebook(), today, context("individual_letter")) == ()


def test_spanish_has_a_section_a_phrase_and_a_locator_for_each_that_english_has():
    sections = {
        language: {each.name for each in (TEMPLATES / "sections" / language).iterdir()} for language in ("en", "es")
    }
    assert sections["en"] == sections["es"]
    assert set(PHRASES) == set(SPANISH)
    assert set(SPANISH_LOCATORS) == ELEMENT_IDS <= set(LOCATORS)


def test_dates_in_spanish():
    assert long_date_es(date(2026, 10, 3)) == "3 de octubre de 2026"
    assert list(days_in("el 1º de enero de 2026, el 31 de febrero de 2026 y el 2 de setiembre del 2025")) == [
        date(2026, 1, 1), date(2025, 9, 2),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["us.adult.es", "il.parent_of_minor.es", "ca.next_of_kin.es"])
def test_spanish_letters_as_agreed(name):
    check_golden(f"letter.{name}.txt", spanish(facts(**SSN_FACTS), name).text)
