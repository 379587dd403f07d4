"""Two records for the file, not for sending: the four-factor risk assessment, and a decision not to notify."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from jurisdictions.facts import BreachFacts, CountRange
from notices.context import Context, PaperContext
from notices.environment import count
from notices.facts import discovery_day
from notices.fields import Fields
from notices.kind import Field, FieldType, Kind
from notices.paper import Document, Ground, Paper, Start, absent, page_document
from notices.telling import DATA_TYPES, WHAT_HAPPENED

_FRAME: Final = ("base/document.html.j2", "css/report.css", "formal/dates.html.j2")
FACTORS: Final = (
    ("nature_and_extent", "The nature and extent of the information, with the kinds of identifiers and the likelihood "
     "of "
     "re-identification"),
    ("unauthorized_person", "The unauthorized person who used it or to whom it was disclosed"),
    ("acquired_or_viewed", "Whether it was actually acquired or viewed"),
    ("mitigated", "The extent to which the risk has been mitigated"),
)  # fmt: skip
"""The four factors of 45 CFR 164.402, definition of breach, paragraph (2)(i)-(iv), by the names of the record."""
OUTCOMES: Final = {
    "breach": "A low probability that the information has been compromised cannot be demonstrated. It is a breach, "
    "and notice is owed (45 CFR 164.402(2)).",
    "low_probability": "A low probability that the information has been compromised is demonstrated "
    "(45 CFR 164.402(2)).",
    "exception_workforce": "It is excluded from the definition: access in good faith and within the scope of authority "
    "(45 CFR 164.402(1)(i)).",
    "exception_inadvertent": "It is excluded from the definition: an inadvertent disclosure between authorized persons "
    "(45 CFR 164.402(1)(ii)).",
    "exception_not_retained": "It is excluded from the definition: the recipient could not reasonably have retained it "
    "(45 CFR 164.402(1)(iii)).",
}
_RATINGS: Final = ("1", "2", "3", "4")


class Factor(Context, frozen=True, kw_only=True):
    """One of the four factors with its rating, 1 (low) to 4 (high), and the reason."""

    title: str
    rating: str
    reason: str


class RiskContext(PaperContext, frozen=True, kw_only=True):
    """The assessment of 45 CFR 164.402(2). `outcome` is a sentence; empty where nothing is recorded."""

    what_happened: str
    data_types: tuple[str, ...]
    factors: tuple[Factor, ...]
    outcome: str
    people: str | None = None
    breach_from: date | None = None
    breach_to: date | None = None
    discovered: date | None = None
    assessed_by: str | None = None
    assessed_on: date | None = None


def _people(facts: BreachFacts) -> str | None:
    total = facts.affected.total
    if isinstance(total, CountRange):
        return f"{count(total.min)} to {count(total.max)}"
    return None if total is None else count(total)


def _risk(read: Fields, ground: Ground) -> RiskContext:
    facts = ground.facts
    return RiskContext(
        organization=ground.organization,
        exercise=ground.exercise,
        what_happened=read.text("what_happened"),
        data_types=read.lines("data_types"),
        factors=tuple(
            Factor(title=f"({numeral}) {title}", rating=read.text(f"{name}_rating"), reason=read.text(f"{name}_reason"))
            for numeral, (name, title) in zip(("i", "ii", "iii", "iv"), FACTORS, strict=True)
        ),
        outcome=_outcome(facts),
        people=_people(facts),
        breach_from=facts.incident.occurred_from,
        breach_to=facts.incident.occurred_to,
        discovered=discovery_day(facts),
        assessed_by=read.line("assessed_by"),
        assessed_on=read.date("assessed_on"),
    )


def _outcome(facts: BreachFacts) -> str:
    """The recorded outcome as a sentence; empty where none is recorded."""
    return OUTCOMES.get(str(facts.incident.risk_assessment or ""), "")


def _risk_documents(context: RiskContext) -> tuple[Document, ...]:
    return (
        page_document(
            "risk_assessment_memo",
            f"Risk assessment - {context.organization.name}",
            "formal/risk.html.j2",
            context,
            label="Risk assessment",
            missing=absent(
                Outcome_of_the_risk_assessment=context.outcome,
                Assessed_by=context.assessed_by,
                Date_of_the_assessment=context.assessed_on,
            ),
        ),
    )


def _risk_start(words: Start) -> Mapping[str, str]:
    found = {"assessed_by": words.organization.privacy_officer or ""}
    for name, rating, reason in words.risk:
        found |= {f"{name}_rating": str(rating), f"{name}_reason": reason}
    return found


RISK: Final = Paper(
    kind=Kind(
        name="risk_assessment_memo",
        title="Memo: risk assessment with its four factors",
        obligations=(),
        templates=(*_FRAME, "formal/risk.html.j2"),
        fields=(
            *(WHAT_HAPPENED, DATA_TYPES),
            *(
                field
                for name, title in FACTORS
                for field in (
                    Field(
                        name=f"{name}_rating",
                        label=f"{title}: rating",
                        help="1 (low) to 4 (high probability of compromise).",
                        type=FieldType.CHOICE,
                        required=True,
                        options=_RATINGS,
                    ),
                    Field(
                        name=f"{name}_reason",
                        label=f"{title}: reason",
                        help="Why it is rated so; an assessment without reasons proves nothing.",
                        required=True,
                    ),
                )
            ),
            Field(
                name="assessed_by",
                label="Assessed by",
                help="Who made the assessment.",
                type=FieldType.LINE,
                max_length=200,
            ),
            Field(
                name="assessed_on",
                label="Assessed on",
                help="The day of the assessment.",
                type=FieldType.DATE,
                max_length=10,
            ),
        ),
        cautions=("The conclusion is the one recorded under Assess (3); record it there before this is signed.",),
    ),
    context=RiskContext,
    build=_risk,
    write=_risk_documents,
    start=_risk_start,
)


# ---- the decision not to notify

_GROUNDS: Final = {
    "low_probability": "The organization demonstrates a low probability that the information has been compromised, on "
    "the four factors of 45 CFR 164.402, definition of breach, paragraph (2). The assessment is a record of its own.",
    "exception_workforce": "It was an unintentional acquisition, access, or use by a member of the workforce or a "
    "person acting under authority, in good faith and within the scope of authority, without further use or disclosure "
    "that the Privacy Rule does not permit (45 CFR 164.402, definition of breach, paragraph (1)(i)).",
    "exception_inadvertent": "It was an inadvertent disclosure between two persons authorized to access the "
    "information at the same entity or arrangement, without further use or disclosure that the Privacy Rule does not "
    "permit "
    "(45 CFR 164.402, definition of breach, paragraph (1)(ii)).",
    "exception_not_retained": "There is a good-faith belief that the unauthorized person could not reasonably have "
    "retained the information (45 CFR 164.402, definition of breach, paragraph (1)(iii)).",
    "secured": "The information was not unsecured: it was unusable, unreadable, or indecipherable by a method of the "
    "HHS guidance, and the key was not taken (45 CFR 164.402, unsecured protected health information).",
}


class NoNoticeContext(PaperContext, frozen=True, kw_only=True):
    """A decision not to notify under the HIPAA rule. `other_law` says a line for each other law that was looked at."""

    what_happened: str
    data_types: tuple[str, ...]
    ground: str
    reasons: str
    evidence: tuple[str, ...]
    other_law: tuple[str, ...]
    breach_from: date | None = None
    breach_to: date | None = None
    discovered: date | None = None
    decided_by: str | None = None
    decided_on: date | None = None


def _recorded_ground(facts: BreachFacts) -> str:
    """The ground that the facts support; empty where they support none."""
    outcome = str(facts.incident.risk_assessment or "")
    if outcome in _GROUNDS:
        return outcome
    sealed = facts.incident.encrypted is True and facts.incident.key_compromised is False
    return "secured" if sealed else ""


def _no_notice(read: Fields, ground: Ground) -> NoNoticeContext:
    facts = ground.facts
    chosen = read.text("ground")
    supported = _recorded_ground(facts)
    if chosen in _GROUNDS and chosen != supported:
        read.faults.append(
            f"ground: the record does not support {chosen!r}; it says "
            f"{supported or str(facts.incident.risk_assessment or 'nothing')!r}. Record the assessment first."
        )
    return NoNoticeContext(
        organization=ground.organization,
        exercise=ground.exercise,
        what_happened=read.text("what_happened"),
        data_types=read.lines("data_types"),
        ground=_GROUNDS.get(chosen, ""),
        reasons=read.text("reasons"),
        evidence=read.lines("evidence"),
        other_law=read.lines("other_law"),
        breach_from=facts.incident.occurred_from,
        breach_to=facts.incident.occurred_to,
        discovered=discovery_day(facts),
        decided_by=read.line("decided_by"),
        decided_on=read.date("decided_on"),
    )


def _no_notice_documents(context: NoNoticeContext) -> tuple[Document, ...]:
    return (
        page_document(
            "no_notice_memo",
            f"Decision not to notify - {context.organization.name}",
            "formal/no_notice.html.j2",
            context,
            label="Decision not to notify",
            missing=absent(Decided_by=context.decided_by, Date_of_the_decision=context.decided_on),
        ),
    )


def _no_notice_start(words: Start) -> Mapping[str, str]:
    found = words.assessment.obligations if words.assessment is not None else ()
    other = [each for each in found if not each.id.startswith("us.hipaa.")]
    lines = [
        f"{each.recipient}: {str(each.status).replace('_', ' ')}. {each.why[0] if each.why else ''}".strip()
        for each in other
    ]
    return {"ground": _recorded_ground(words.facts), "other_law": "\n".join(lines)[:4000]}


NO_NOTICE: Final = Paper(
    kind=Kind(
        name="no_notice_memo",
        title="Memo: decision not to notify",
        obligations=(),
        templates=(*_FRAME, "formal/no_notice.html.j2"),
        fields=(
            *(WHAT_HAPPENED, DATA_TYPES),
            Field(
                name="ground",
                label="Ground",
                help="Why it is not a breach of unsecured protected health information (45 CFR 164.402).",
                type=FieldType.CHOICE,
                required=True,
                options=tuple(_GROUNDS),
            ),
            Field(
                name="reasons",
                label="Reasons",
                help="The facts that meet the ground, one by one. Advice of counsel does not belong here.",
                required=True,
            ),
            Field(
                name="evidence",
                label="What shows it",
                help="One piece of evidence per line, such as: statement of the recipient of October 5, 2026.",
                type=FieldType.LIST,
                max_length=2000,
            ),
            Field(
                name="other_law",
                label="Other laws",
                help="One line for each other law, with what was found under it. It starts with the board.",
                type=FieldType.LIST,
                required=True,
            ),
            Field(
                name="decided_by",
                label="Decided by",
                help="Who decided.",
                type=FieldType.LINE,
                max_length=200,
            ),
            Field(
                name="decided_on",
                label="Decided on",
                help="The day of the decision.",
                type=FieldType.DATE,
                max_length=10,
            ),
        ),
        cautions=("A State's law may ask for notice where the HIPAA rule does not: look at the board first.",),
    ),
    context=NoNoticeContext,
    build=_no_notice,
    write=_no_notice_documents,
    start=_no_notice_start,
)
