"""The notice as email, one file for each person who agreed to it: made, read back, and counted. Nothing is sent.

Rows = emails + exclusions: who did not agree gets the letter, and the manifest says so. The files are put into the
mail program by a person; a message goes to one person only, so that nobody sees who else was written to.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from itertools import islice
from typing import Final

import msgspec

from incident.views.queries import LetterRow
from notices.context import Audience, Recipient
from notices.errors import NoticeError
from notices.letters import placeholder_recipient
from notices.manifest import EmailRecord, ExcludedRow, FileRecord, Manifest
from notices.paper import Document
from notices.papers.electronic import EmailContext, email_document
from notices.plain import plain_text
from notices.preflight import Variants
from notices.production import Keep, ProductionCancelled, ProductionProgress
from notices.words import greeting

PER_FILE: Final = 500
"""Messages in one archive."""
GETS_LETTER: Final = "did not agree to electronic notice: gets the letter (45 CFR 164.404(d)(1)(i))"
_UNWRITABLE: Final = "the email address cannot be written to"
_NO_TEXT: Final = "no text is written for this person"
_MADE: Final = (2000, 1, 1, 0, 0, 0)
"""In the archive; when it was rendered stands in the log."""
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


class Email(msgspec.Struct, frozen=True, kw_only=True):
    """One message as it would be sent. `content` is the file (RFC 5322, with text and HTML)."""

    row: int
    code: str
    variant: str
    content: bytes


class Emails(msgspec.Struct, frozen=True, kw_only=True):
    """What a run came to: rows = emails + excluded."""

    rows: int
    emails: int
    files: tuple[FileRecord, ...]
    excluded: tuple[ExcludedRow, ...]

    @property
    def left_out(self) -> dict[str, int]:
        """Reason -> rows."""
        return dict(Counter(each.reason for each in self.excluded))


def produce_emails(
    context: EmailContext,
    people: Iterable[LetterRow],
    keep: Keep,
    *,
    progress: Callable[[ProductionProgress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Emails:
    """Make the email of everybody who agreed to it, each read back and compared with its row.

    Raises:
        NoticeError: the organization has no email address, a message differs from its row, or rows were lost.
        ProductionCancelled: `cancelled` said so.
    """
    if not context.organization.email or not _ADDRESS.fullmatch(context.organization.email):
        raise NoticeError("organization.email: needed as the sender of the emails")
    files: list[FileRecord] = []
    excluded: list[ExcludedRow] = []
    rows_in = 0

    def messages() -> Iterator[Email]:
        nonlocal rows_in
        writer = _Writer(context)
        for row in people:
            rows_in += 1
            if cancelled is not None and cancelled():
                raise ProductionCancelled("the rendering was stopped; nothing of it was recorded")
            made = writer.email(row)
            if isinstance(made, Email):
                yield made
            else:
                excluded.append(ExcludedRow(code=row.code, reason=made))
            if progress is not None:
                progress(ProductionProgress(rows_in, rows_in - len(excluded), len(excluded)))

    waiting, count = messages(), 0
    while batch := list(islice(waiting, PER_FILE)):
        archive = _archive(batch)
        count += len(batch)
        files.append(
            FileRecord(
                name=f"emails-{len(files) + 1:04d}.zip",
                sha256=keep(archive),
                size=len(archive),
                pages=0,
                emails=tuple(
                    EmailRecord(
                        row=each.row,
                        code=each.code,
                        variant=each.variant,
                        name=f"{each.code}.eml",
                        sha256=hashlib.sha256(each.content).hexdigest(),
                    )
                    for each in batch
                ),
            )
        )
    if rows_in != count + len(excluded):
        raise NoticeError(f"{rows_in:,} rows went in, {count:,} emails + {len(excluded):,} exclusions came out")
    return Emails(rows=rows_in, emails=count, files=tuple(files), excluded=tuple(excluded))


def email_manifest(
    context: EmailContext,
    specimens: Manifest,
    people: Iterable[LetterRow],
    keep: Keep,
    *,
    progress: Callable[[ProductionProgress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Manifest:
    """The emails of everybody who agreed to it, beside the specimens: what counsel approved, as PDF, page and text.

    Raises:
        NoticeError: see `produce_emails`; or nobody is there to write to.
        ProductionCancelled: `cancelled` said so.
    """
    made = produce_emails(context, people, keep, progress=progress, cancelled=cancelled)
    if not made.rows:
        raise NoticeError("people: no roster was imported for this incident, so there is nobody to write to")
    return msgspec.structs.replace(
        specimens,
        rows=made.rows,
        documents=made.emails,
        files=(*specimens.files, *made.files),
        excluded=made.excluded,
        left_out=made.left_out,
    )


def _instead(reason: str, row: LetterRow) -> str:
    """Why somebody gets no email, and what reaches them instead."""
    if row.excluded is None:
        return f"{reason}: gets the letter"
    return f"{reason}, and there is no letter either: substitute notice (45 CFR 164.404(d)(2))"


class _Writer:
    """Writes one message after the other, in the text that fits its reader."""

    def __init__(self, context: EmailContext) -> None:
        self._context = context
        self._variants = Variants(context.letter)
        self._languages = {variant.language for variant in context.letter.variants}
        self._specimens: dict[str, Document] = {}

    def email(self, row: LetterRow) -> Email | str:
        """The message of a row, proved; or why there is none."""
        if not row.email:
            return row.excluded or GETS_LETTER
        if not _ADDRESS.fullmatch(row.email):
            return _instead(_UNWRITABLE, row)
        language = row.language if row.language in self._languages else "en"
        person = Recipient(
            row=row.row,
            name_lines=(row.salutation,),
            address_lines=(),
            salutation=greeting(row.salutation, language),
            code=row.code,
            audience=Audience.ADULT,  # nobody else's consent is known: `incident.roster.person.email_for`
            state=row.state or None,
            language=language,
        )
        variant = self._variants.for_recipient(person)
        if variant is None or not row.salutation.strip():
            return _instead(_NO_TEXT, row)
        person = msgspec.structs.replace(
            person, language=variant.language, salutation=greeting(row.salutation, variant.language)
        )
        document = email_document(self._context, variant, person, specimen=False)
        made = Email(row=row.row, code=row.code, variant=variant.key, content=self._message(document, row))
        if variant.key not in self._specimens:
            self._specimens[variant.key] = email_document(
                self._context, variant, placeholder_recipient(variant), specimen=False
            )
        specimen = self._specimens[variant.key].text
        faults = differences(made.content, row, specimen, person.salutation)
        if faults:
            raise NoticeError(*(f"row {row.row}: in the email {fault}" for fault in faults))
        return made

    def _message(self, document: Document, row: LetterRow) -> bytes:
        organization = self._context.organization
        message = EmailMessage(policy=policy.SMTP)
        message["From"] = Address(organization.name, addr_spec=organization.email)
        message["To"] = Address(addr_spec=row.email)
        message["Subject"] = self._context.subject(document.language)
        message["Content-Language"] = document.language
        message["X-Reference"] = row.code
        message.set_content(document.text, cte="quoted-printable")
        message.add_alternative(document.html, subtype="html", cte="quoted-printable")
        # The library would draw it by lot; the same message has to give the same bytes.
        message.set_boundary(f"=_{hashlib.sha256(f'{row.code}{document.text}'.encode()).hexdigest()[:40]}")
        return message.as_bytes()


def differences(content: bytes, row: LetterRow, specimen: str, salutation: str) -> tuple[str, ...]:
    """How a message, read back as a mail program reads it, differs from its row and the approved text."""
    try:
        message = message_from_bytes(content, policy=policy.default)
        addressed = [each.addr_spec for each in message["To"].addresses]
        parts = {
            kind: part.get_content() if (part := message.get_body((kind,))) is not None else ""
            for kind in ("plain", "html")
        }
    except (MessageError, AttributeError, KeyError, LookupError, UnicodeError) as error:
        return (f"cannot be read back: {error}",)
    expected = specimen
    for field, words in (("«recipient name»", row.salutation), ("«reference»", row.code)):
        expected = expected.replace(field, words)
    said = parts["plain"].replace("\r\n", "\n").strip()
    faults = []
    if addressed != [row.email] or message["Cc"] or message["Bcc"]:
        faults.append(f"the address is {', '.join(addressed)}, not {row.email}")
    if salutation not in said:
        faults.append(f"the salutation is not {salutation!r}")
    if row.code not in said:
        faults.append(f"the reference is not {row.code!r}")
    if said != expected.strip():
        faults.append("the text is not the approved one")
    if _words_of(parts["html"]) != _words_of(parts["plain"], html=False):
        faults.append("the page and the text do not say the same")
    return tuple(faults)


def _words_of(text: str, *, html: bool = True) -> str:
    """Letters and digits only: a page and its text break and mark their lines in ways of their own."""
    words = plain_text(text.partition("<body>")[2]) if html else text
    return "".join(char for char in words if char.isalnum())


def _archive(batch: Iterable[Email]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in batch:
            archive.writestr(zipfile.ZipInfo(f"{each.code}.eml", _MADE), each.content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
