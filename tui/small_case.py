"""A small case in a few keys: something went to one wrong recipient. What each key says is shown and then recorded.

Nothing is guessed: each answer is a sentence that the person chooses, and what follows from the answers is shown to be
confirmed. The regulation sets no scale and no score (45 CFR 164.402, definition of breach, paragraph (2)); the rating
beside each sentence is this program's own, and can be changed on the assessment afterwards.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from incident.errors import InvalidInput
from incident.events import FactorFinding
from incident.incident import FACTORS
from jurisdictions.vocabulary import USPS
from notices.errors import NoticeError

if TYPE_CHECKING:
    from incident.service import Receipt
    from tui.compose import Workspace


class Kind(msgspec.Struct, frozen=True):
    """A kind of small case. `title` is the incident's, `happened` the letter's first words, `medium` None to be asked.

    `outside` says whether it left the organization, for the accounting of disclosures.
    """

    title: str
    words: str
    happened: str
    medium: str | None
    outside: bool


KINDS: MappingProxyType[str, Kind] = MappingProxyType(
    {
        "f": Kind(
            "Misdirected fax", "fax",
            "We sent a fax with information about you to a wrong number.", None, outside=True,
        ),
        "m": Kind(
            "Misdirected letter", "letter",
            "We mailed a letter with information about you to a wrong address.", "paper", outside=True,
        ),
        "e": Kind(
            "Misdirected e-mail", "e-mail",
            "We sent an e-mail with information about you to a wrong recipient.", "electronic", outside=True,
        ),
        "p": Kind(
            "Papers handed to the wrong person", "papers handed over",
            "We handed papers with information about you to the wrong person.", "paper", outside=True,
        ),
        "w": Kind(
            "Record opened without need by workforce", "own workforce",
            "A member of our staff opened your record without a need to.", None, outside=False,
        ),
    }
)  # fmt: skip
"""Letter -> kind."""

FINDINGS: MappingProxyType[str, tuple[str, str, str, str]] = MappingProxyType(
    {
        "nature_and_extent": (
            "Few details, none of them sensitive, and none with which a person could be harmed or robbed.",
            "Some details of contact or care, none sensitive, and no number that identifies a person elsewhere.",
            "Details of health, or identifiers, with which a person could be harmed or embarrassed.",
            "Sensitive details of health, or Social Security, account or similar numbers.",
        ),
        "unauthorized_person": (
            "The recipient is bound to keep health information confidential.",
            "The recipient is known, and has confirmed in writing not to use it.",
            "The recipient is known; what they will do with it is not.",
            "It is not known who received it, or they may want to misuse it.",
        ),
        "acquired_or_viewed": (
            "It came back or was destroyed unopened, which can be shown.",
            "It was seen only as far as needed to notice the mistake.",
            "It was viewed, or that cannot be ruled out.",
            "It was viewed and kept, copied or passed on.",
        ),
        "mitigated": (
            "It was returned or destroyed, with a written assurance of the recipient.",
            "It was returned or destroyed, by the word of the recipient.",
            "It was asked for; there is no assurance yet.",
            "Nothing could be done.",
        ),
    }
)
"""Factor -> the sentence of each rating, 1 to 4."""

_DONE = ("It came back to us or was destroyed.", "It came back to us or was destroyed.", "We asked for it back.", "")
"""What a letter says of each rating of the last factor."""

assert tuple(FINDINGS) == tuple(factor for factor, _ in FACTORS)

_ADDRESS = re.compile(r"(?P<street>.+?),\s*(?P<city>[^,\d]+?),?\s+(?P<state>[A-Za-z]{2})\s+(?P<zip>\d{5}(?:-\d{4})?)")


class SmallCase(msgspec.Struct, frozen=True, kw_only=True):
    """What is recorded of a small case. `ratings` are 1 to 4 in statutory order, `person` fields of a list by name."""

    kind: str
    discovered: datetime
    known_then: bool
    happened_on: date | None
    person: dict[str, str]
    elements: tuple[str, ...]
    medium: str | None
    encrypted: bool | None
    ratings: tuple[int, int, int, int]
    outcome: str
    reason: str
    recipient: str = ""


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """What was made: the incident, and its documents by kind."""

    incident: UUID
    reference: str
    documents: dict[str, UUID]
    problems: tuple[str, ...]


def findings(ratings: tuple[int, ...]) -> tuple[FactorFinding, ...]:
    """The four factors with the sentence of each rating."""
    return tuple(
        FactorFinding(factor=factor, rating=rating, reason=FINDINGS[factor][rating - 1])
        for (factor, _), rating in zip(FACTORS, ratings, strict=True)
    )


def default_reason(outcome: str, ratings: tuple[int, ...]) -> str:
    """The reason of the decision in the words that were chosen, to be confirmed or changed."""
    told = " ".join(each.reason for each in findings(ratings))
    if outcome == "low_probability":
        return f"A low probability of compromise is demonstrated. {told}"
    return f"A low probability of compromise cannot be shown. {told}"


def read_person(name: str, address: str, born: str = "") -> dict[str, str]:
    """A person as fields of a list: `Ann Lee`, `12 Oak St, Chicago IL 60601` (or `il`: the State alone), `1980-01-31`.

    Raises:
        InvalidInput: the address cannot be read.
    """
    if not name.strip():
        raise InvalidInput("person: the name of the person affected")
    found = {"full_name": name.strip()}
    typed = " ".join(address.split())
    if len(typed) == 2 and typed.upper() in USPS:
        found["state"] = typed.upper()
    elif typed:
        match = _ADDRESS.fullmatch(typed)
        if match is None or match["state"].upper() not in USPS:
            raise InvalidInput("address: write 12 Oak St, Chicago IL 60601; or the State alone, such as il")
        found |= {
            "address1": match["street"], "city": match["city"].strip(), "state": match["state"].upper(),
            "zip": match["zip"],
        }  # fmt: skip
    if born.strip():
        try:
            found["date_of_birth"] = date.fromisoformat(born.strip()).isoformat()
        except ValueError:
            raise InvalidInput(f"born: {born.strip()!r} is not a day; write 1980-01-31") from None
    return found


def facts_of(case: SmallCase) -> dict[str, Any]:
    """The facts by contract path; how many are affected follows from the person."""
    facts: dict[str, Any] = {"incident.discovered_at": case.discovered.isoformat()}
    if case.known_then:
        facts["discovery.workforce_knew_at"] = case.discovered.isoformat()
    if case.happened_on is not None:
        facts |= {"incident.occurred_from": case.happened_on.isoformat()}
        facts |= {"incident.occurred_to": case.happened_on.isoformat()}
    if case.elements:
        facts["incident.data_elements"] = list(case.elements)
    if case.medium is not None:
        facts["incident.medium"] = case.medium
    if case.encrypted is not None:
        facts["incident.encrypted"] = case.encrypted
    return facts


def record(workspace: Workspace, case: SmallCase) -> tuple[Recorded, Receipt]:
    """Record a small case from incident to decision, and draft its documents.

    The memo of the assessment is drafted always; then the letter where notice is owed, or else the memo of the decision
    not to notify. What a document lacks is told; the drafts are as they are, for a person to finish.

    Raises:
        InvalidInput: naming what cannot be used; then nothing was recorded.
    """
    service, kind = workspace.service, KINDS[case.kind]
    if not kind.outside and case.recipient.strip():
        raise InvalidInput("recipient: nobody outside received it where somebody of the own workforce looked")
    service.by_hand.check(None, case.person)
    incident_id, receipt = service.incidents.open(kind.title, facts_of(case))
    service.by_hand.add(incident_id, case.person)
    service.accounting.describe(incident_id, outside=kind.outside, recipient=case.recipient)
    service.incidents.assess_risk(incident_id, findings(case.ratings), case.outcome)
    decision = "do_not_notify" if case.outcome == "low_probability" else "notify"
    receipt = service.incidents.decide(incident_id, decision, case.reason)
    made: dict[str, UUID] = {}
    problems: list[str] = []
    wanted = "no_notice_memo" if decision == "do_not_notify" else "individual_letter"
    for document in ("risk_assessment_memo", wanted):
        try:
            words = workspace.documents.defaults(incident_id, document) | _words(workspace, case, incident_id, document)
            made[document], receipt = workspace.documents.draft(incident_id, document, words)
        except NoticeError as error:
            problems += [f"{document.replace('_', ' ')}: {line}" for line in error.faults]
    reference = service.queries.incident(incident_id).reference
    return Recorded(incident=incident_id, reference=reference, documents=made, problems=tuple(problems)), receipt


def _words(workspace: Workspace, case: SmallCase, incident_id: UUID, document: str) -> dict[str, str]:
    """What a draft says besides what the record gives."""
    today = case_day(workspace, incident_id).isoformat()
    by = workspace.service.queries.user(workspace.service.user).name
    happened = {"what_happened": KINDS[case.kind].happened}
    match document:
        case "risk_assessment_memo":
            return happened | {"assessed_by": by, "assessed_on": today}
        case "no_notice_memo":
            return happened | {"reasons": case.reason, "decided_by": by, "decided_on": today}
        case _:
            doing = (
                f"{_DONE[case.ratings[3] - 1]} We are looking into how it happened, so that it does not happen again."
            )
            return happened | {"what_we_are_doing": doing.strip()}


def case_day(workspace: Workspace, incident_id: UUID) -> date:
    """The civil date now, where the incident keeps its time."""
    return workspace.service.desk.today(workspace.service.desk.incident(incident_id))


def recorded_lines(made: Recorded) -> tuple[str, ...]:
    """What was made of a small case, and what comes next for it."""
    lines = [f"Incident {made.reference}: facts, the person, the assessment and the decision are in the log."]
    lines += [f"Drafted: {document.replace('_', ' ')}" for document in made.documents]
    lines += [f"! not drafted: {problem}" for problem in made.problems]
    lines += [
        "",
        "5 shows the drafts: read them, s submits them to counsel; nothing leaves without that.",
        "3 shows the four factors, to change their words. The yearly log has its line already.",
    ]
    return tuple(lines)
