"""The notice as email: one message for each person who agreed, proved from its file, and every row accounted for."""

import hashlib
import io
import zipfile
from email import message_from_bytes, policy
from uuid import UUID

import msgspec
import pytest

from incident.views.queries import LetterRow
from notices.emails import GETS_LETTER, differences, email_manifest, produce_emails
from notices.engines import engine
from notices.errors import NoticeError
from notices.letters import placeholder_recipient
from notices.papers.electronic import EmailContext, email_document
from notices.production import ProductionCancelled, produce_report
from notices.service import compose
from tests.notices.elements_case import facts, rulebook
from tests.notices.samples import (
    LETTER_FIELDS,
    ORGANIZATION,
    SERVICES,
    SPANISH_FIELDS,
    SPANISH_SERVICES,
    SSN_FACTS,
    build_context,
    default_fields,
    requirements_for,
)
from tests.notices.test_house import SAMPLE, house_of, read_folder

ROSTER = UUID("11111111-2222-4333-8444-555555555555")


def email_context(**changes) -> EmailContext:
    case = facts(**(SSN_FACTS | changes))
    fields = default_fields("email_notice", facts=case, organization=ORGANIZATION)
    context = build_context(
        "email_notice",
        facts=case,
        organization=ORGANIZATION,
        fields=fields | LETTER_FIELDS | SERVICES | SPANISH_FIELDS | SPANISH_SERVICES,
        requirements=requirements_for("email_notice", case, rulebook()),
    )
    assert isinstance(context, EmailContext)
    return context


def row(number: int, **more) -> LetterRow:
    known = {
        "roster": ROSTER,
        "row": number,
        "code": f"BR-2026-001-1-{number:06}",
        "state": "IL",
        "language": "en",
        "salutation": f"Ana Díaz {number}",
        "audience": "adult",
        "email": f"ana{number}@example.org",
    }
    return LetterRow(**(known | more))


class Kept:
    def __init__(self) -> None:
        self.contents: list[bytes] = []

    def __call__(self, content: bytes) -> str:
        self.contents.append(content)
        return hashlib.sha256(content).hexdigest()

    def messages(self) -> dict[str, bytes]:
        found = {}
        for content in self.contents:
            if content.startswith(b"PK"):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    found |= {name: archive.read(name) for name in archive.namelist()}
        return found


def test_each_who_agreed_gets_one_message_and_nobody_else_sees_it():
    kept = Kept()
    made = produce_emails(email_context(), [row(1), row(2, state="CA"), row(3, language="es")], kept)
    assert (made.rows, made.emails, made.excluded) == (3, 3, ())
    messages = kept.messages()
    assert sorted(messages) == [f"BR-2026-001-1-{number:06}.eml" for number in (1, 2, 3)]
    for number, content in enumerate((messages[name] for name in sorted(messages)), start=1):
        message = message_from_bytes(content, policy=policy.default)
        assert [each.addr_spec for each in message["To"].addresses] == [f"ana{number}@example.org"]
        assert message["From"].addresses[0].addr_spec == ORGANIZATION.email
        text = message.get_body(("plain",)).get_content()
        assert f"Ana Díaz {number}:" in text
        assert f"BR-2026-001-1-{number:06}" in text
        assert "«" not in text
        assert not any(f"ana{other}@" in content.decode() for other in (1, 2, 3) if other != number)
    spanish = message_from_bytes(messages["BR-2026-001-1-000003.eml"], policy=policy.default)
    assert spanish["Subject"] == "Aviso de filtración de datos de Lakeshore Aesthetics"
    assert "Fecha: 20 de noviembre de 2026" in spanish.get_body(("plain",)).get_content()
    variants = [each.variant for file in made.files for each in file.emails]
    assert variants == ["il.adult.en", "ca.adult.en", "il.adult.es"]


def test_rows_are_emails_and_exclusions_each_with_its_reason():
    people = [
        row(1),
        row(2, email=""),
        row(3, email="", excluded="deceased, and no address is known"),
        row(4, email="ana@díaz.example"),
        row(5, email="ana@example.org\r\nBcc: all@example.org"),
        row(6, excluded="no sufficient postal address, but the person agreed"),
        row(7, salutation=" "),
    ]
    made = produce_emails(email_context(), people, Kept())
    assert made.rows == len(people) == made.emails + len(made.excluded)
    reasons = {each.code[-1]: each.reason for each in made.excluded}
    assert reasons["2"] == GETS_LETTER
    assert reasons["3"].startswith("deceased")
    assert "cannot be written to" in reasons["4"]
    assert "cannot be written to" in reasons["5"]
    assert made.emails == 2
    assert sum(made.left_out.values()) == 5


def test_the_same_people_give_the_same_bytes():
    first, second = Kept(), Kept()
    produce_emails(email_context(), [row(1), row(2)], first)
    produce_emails(email_context(), [row(1), row(2)], second)
    assert first.contents == second.contents


def test_planted_faults_are_found_in_the_file():
    kept = Kept()
    produce_emails(email_context(), [row(1), row(2)], kept)
    own, other = (kept.messages()[f"BR-2026-001-1-{number:06}.eml"] for number in (1, 2))
    specimen = specimen_text()
    assert differences(own, row(1), specimen, "Dear Ana Díaz 1") == ()
    assert any("address" in each for each in differences(other, row(1), specimen, "Dear Ana Díaz 1"))
    changed = own.replace(b"password", b"passw0rd")
    assert any("not the approved one" in each for each in differences(changed, row(1), specimen, "Dear Ana Díaz 1"))
    copied = own.replace(b"Subject:", b"Cc: someone@example.org\r\nSubject:")
    assert any("address" in each for each in differences(copied, row(1), specimen, "Dear Ana Díaz 1"))
    swapped = differences(own, row(1, code="BR-2026-001-1-000009"), specimen, "Dear Ana Díaz 1")
    assert any("reference" in each for each in swapped)
    assert any("salutation" in each for each in differences(own, row(1), specimen, "Dear Bo Lee"))


def specimen_text() -> str:
    context = email_context()
    variant = next(each for each in context.letter.variants if each.key == "il.adult.en")
    return email_document(context, variant, placeholder_recipient(variant), specimen=False).text


def test_what_counsel_approves_is_what_goes_out():
    """The specimens are the messages but for the person and the head that a mail program shows."""
    document = next(
        each for each in compose("email_notice", email_context()).documents if each.name == "email.il.adult.en"
    )
    head = "To: «email address»\nSubject: Notice of Data Breach from Lakeshore Aesthetics\n"
    assert document.text == head + specimen_text()


def test_the_manifest_counts_people_and_keeps_the_specimens():
    kept = Kept()
    context = email_context()
    documents = compose("email_notice", context).documents[:1]
    specimens = produce_report("email_notice", "0" * 64, documents, engine(), kept)
    manifest = email_manifest(context, specimens, [row(1), row(2, email="")], kept)
    assert (manifest.rows, manifest.documents, manifest.left_out) == (2, 1, {GETS_LETTER: 1})
    assert [file.name for file in manifest.files] == [
        f"{documents[0].name}.pdf",
        f"{documents[0].name}.html",
        f"{documents[0].name}.txt",
        "emails-0001.zip",
    ]
    with pytest.raises(NoticeError, match="nobody to write to"):
        email_manifest(context, specimens, [], kept)


def test_an_email_is_no_way_to_people_whose_mail_account_may_be_read():
    with pytest.raises(NoticeError, match=r"1798.82\(j\)"):
        email_context(incident__data_elements=["name", "email_credentials_issued_by_us"])


def test_without_a_sender_nothing_is_made_and_a_run_can_be_stopped():
    context = msgspec.structs.replace(email_context(), organization=msgspec.structs.replace(ORGANIZATION, email=None))
    with pytest.raises(NoticeError, match=r"organization\.email"):
        produce_emails(context, [row(1)], Kept())
    with pytest.raises(ProductionCancelled):
        produce_emails(email_context(), [row(1)], Kept(), cancelled=lambda: True)


def test_no_picture_goes_by_email():
    house = house_of(read_folder(SAMPLE))
    case = facts(**SSN_FACTS)
    context = build_context(
        "email_notice",
        facts=case,
        organization=ORGANIZATION,
        fields=default_fields("email_notice", facts=case, organization=ORGANIZATION) | LETTER_FIELDS | SERVICES,
        requirements=requirements_for("email_notice", case, rulebook()),
        house=house,
    )
    for document in compose("email_notice", context).documents:
        assert "<img" not in document.html
    assert "Dr. Rosalie Unterberg" in compose("email_notice", context).documents[0].text
