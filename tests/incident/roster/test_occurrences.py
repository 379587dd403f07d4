"""Nobody of a list is found in what is published; and whoever is planted there is."""

import pytest

from incident.roster.occurrences import Words
from incident.roster.person import Address, Contact, Person

OURS = ("Lakeshore Aesthetics", "100 N Lake Shore Dr", "Chicago, IL 60611", "Dana Ruiz", "312-555-0142")
MARISOL = Person(
    given_name="Marisol",
    middle_name="Inés",
    family_name="Quiñones-Vega",
    address=Address(lines=("4417 Ferncastle Way", "Unit 3B"), city="Peoria", state="IL", zip="61602"),
    guardian_name="Teodoro Vega",
    next_of_kin=Contact(name="Amparo Vega"),
    email="marisol.q@mail.example",
    phone="(309) 555-0177",
    patient_id="PT-0093412",
)
CODE = "2026-001-1-000042"
LETTER = "Notice of Data Breach\nLakeshore Aesthetics, 100 N Lake Shore Dr\nDear «recipient name»:\nCall 312-555-0142."


def found(text: str, person: Person = MARISOL, ours: tuple[str, ...] = OURS) -> list[str]:
    return [each.what for each in Words(text, ours).find(42, CODE, person)]


def test_a_specimen_holds_nobody() -> None:
    assert found(LETTER) == []


@pytest.mark.parametrize(
    ("planted", "what"),
    [
        ("Dear Marisol Inés Quiñones-Vega:", "name"),
        ("Dear MARISOL QUIÑONES-VEGA:", "name"),
        ("Quiñones-Vega, Marisol", "name"),
        ("the parent of Teodoro\nVega", "name"),
        ("Amparo Vega", "name"),
        ("4417 Ferncastle\n  Way", "street"),
        ("4417 FERNCASTLE WAY", "street"),
        ("write to Marisol.Q@mail.example", "email"),
        ("call 309.555.0177", "telephone"),
        ("call +1 309 555 0177", "telephone"),
        ("patient pt-0093412", "patient id"),
        (f"Reference {CODE}", "reference"),
    ],
)
def test_whatever_is_planted_is_found_and_told_without_the_value(planted: str, what: str) -> None:
    assert found(f"{LETTER}\n{planted}\n") == [what]


def test_a_person_who_is_also_the_contact_of_the_organization_is_no_fault_in_its_address() -> None:
    dana = Person(
        given_name="Dana", family_name="Ruiz", phone="3125550142", address=Address(lines=("100 N Lake Shore Dr",))
    )
    assert found(f"{LETTER}\nDana Ruiz, Privacy Officer", dana) == []
    assert found(f"{LETTER}\nDana Ruiz", dana, ours=()) == ["name", "street", "telephone"]


def test_words_that_are_anybodys_are_not_looked_for() -> None:
    assert found("Grace and the Lake", Person(full_name="Grace", address=Address(lines=("Lake",)))) == []
    assert found("Marisol wrote to us; Vega is a star. 4417 letters.") == []
