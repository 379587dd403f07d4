"""What goes to counsel who reads on paper: the notice as a Word file, its facts, why each date is what it is, a cover.

The cover sheet carries the code that stands for exactly this text on these facts under this rulebook, and is signed
with the key of the case.
"""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import msgspec

from incident.evidence.paper import WIDTH, Paper, Section, to_html
from incident.views.wording import value_words
from jurisdictions.obligations import Obligation, in_words
from notices.dependence import WORDS, Use
from notices.engines import DEFAULT, engine

if TYPE_CHECKING:
    from incident.views.queries import FactRow, IncidentRow
    from notices.desk import Preview

COVER: Final = "cover-sheet.txt"
WORD: Final = "review.docx"
FACTS: Final = "facts.pdf"
DUTIES: Final = "duties.pdf"
_NOT_A_PROMISE: Final = "Calling this privileged does not make it so; that is for a court to say."


class Particulars(msgspec.Struct, frozen=True, kw_only=True):
    """What the sheets of a bundle tell. `duties` are those that the notice serves; `code` stands for the notice."""

    organization: str
    counsel: str
    sender: str
    incident: IncidentRow
    look: Preview
    drafters: tuple[str, ...]
    facts: Mapping[str, FactRow]
    uses: Mapping[str, Use]
    duties: tuple[Obligation, ...]
    facts_sha256: str
    rulebook_hash: str
    code: str
    position: int
    now: datetime
    zone: ZoneInfo


def bundle(told: Particulars, word: bytes, sign: Callable[[str], str]) -> tuple[tuple[str, bytes], ...]:
    """The files (name, content), the signed cover sheet first. `word` is the Word file for review."""
    press = engine(DEFAULT)
    files = (
        (WORD, word),
        (FACTS, press.render(to_html(facts_sheet(told)))),
        (DUTIES, press.render(to_html(explanation(told)))),
    )
    return ((COVER, sign(cover_sheet(told, files)).encode()), *files)


def cover_sheet(told: Particulars, files: Sequence[tuple[str, bytes]]) -> str:
    """What is asked of counsel, and the code, in lines that can be read out."""
    look, texts = told.look, len(told.look.documents)
    bars = [line for each in look.problems for line in _wrapped(each)]
    return "\n".join(
        [
            "NOTICE FOR REVIEW BY COUNSEL",
            "",
            f"To:        {told.counsel}",
            f"From:      {told.sender}, {told.organization}",
            f"Incident:  {told.incident.reference} {told.incident.title}",
            f"Notice:    {look.kind.title}, {texts} text{'' if texts == 1 else 's'}",
            f"Drafted:   {', '.join(told.drafters)}",
            f"Made:      {told.now.astimezone(told.zone):%a %Y-%m-%d %H:%M %Z}, from the record as of #{told.position}",
            "",
            "It serves these duties:",
            *(
                line
                for duty in told.duties
                for line in _wrapped(f"{duty.recipient}: {in_words(duty)} ({', '.join(duty.citations)})")
            ),
            *(["", "It cannot be approved yet:", *bars] if bars else []),
            *(["", "To know:", *(line for each in look.cautions for line in _wrapped(each))] if look.cautions else []),
            "",
            "TO APPROVE IT, say so and read out this code:",
            "",
            f"    {told.code}",
            "",
            "The code stands for exactly this text, on these facts, under this rulebook:",
            f"  text      {look.content_sha256}",
            f"  facts     {told.facts_sha256}",
            f"  rulebook  {told.rulebook_hash}",
            "Any change of them voids it; then you are sent another one. Your approval is recorded as REPORTED, with",
            "your name, how and when you gave it. It ranks below one that you record in the program yourself, and",
            "gives way to it. Whoever drafted the notice cannot approve it.",
            "",
            f"TO CHANGE IT, change the words in {WORD}: every change is tracked. Send the file back as it is. The code",
            "is of no use then.",
            "",
            "Files with this sheet (SHA-256):",
            *[f"  {name:<12} {hashlib.sha256(content).hexdigest()}" for name, content in files],
            "",
            f"For legal advice. {_NOT_A_PROMISE}",
            "",
        ]
    )


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(words, WIDTH, initial_indent="  ", subsequent_indent="    ")


def facts_sheet(told: Particulars) -> Paper:
    """Every fact that the approval covers, with its event number; those that the notice rests on first."""
    rows: dict[Use, list[tuple[str, ...]]] = {use: [] for use in (Use.TEXT, Use.NEEDED, Use.COVERED)}
    for path, use in told.uses.items():
        row = told.facts[path]
        recorded = f"{row.recorded_at.astimezone(told.zone):%Y-%m-%d %H:%M}, {row.by}"
        rows[use].append((f"#{row.position}", path, value_words(row.value), recorded, row.source or ""))
    headings = ("#", "Fact", "Value", "Recorded", "Source")
    lines = (
        f"{told.organization}: {told.incident.reference} {told.incident.title}. {told.look.kind.title}.",
        f"As of #{told.position}. #n is the entry of the log that says so. What is not listed is not known.",
    )
    sections = [Section(lines=lines)]
    sections += [
        Section(heading=f"{WORDS[use][0].upper()}{WORDS[use][1:]}", headings=headings, rows=tuple(found))
        for use, found in rows.items()
        if found
    ]
    return Paper(title="Facts", sections=tuple(sections))


def explanation(told: Particulars) -> Paper:
    """Why each duty that the notice serves is due when it is, line by line."""
    head = (
        f"{told.organization}: {told.incident.reference} {told.incident.title}. {told.look.kind.title}.",
        f"As of #{told.position}, rulebook {told.rulebook_hash[:12]}. Every date can be recomputed from these lines.",
    )
    sections = [Section(lines=head)]
    for duty in told.duties:
        readings = [
            f"Reading{' (adopted)' if number == 0 else ''}: {each.due or 'no date'}, {each.reading} [{each.citation}]"
            for number, each in enumerate(duty.readings)
        ]
        lines = (f"{duty.standard} [{', '.join(duty.citations)}]", f"State: {in_words(duty)}", *duty.why, *readings)
        sections.append(Section(heading=f"{duty.recipient} ({duty.id})", lines=(*lines, *duty.caveats)))
    if not told.duties:
        sections.append(Section(lines=("The notice serves no duty of this incident.",)))
    return Paper(title="Why each date is what it is", sections=tuple(sections))
