"""Whether the HIPAA breach rule applies at all: 45 CFR 160.103 and 164.400 to 164.402, in their order."""

from __future__ import annotations

from typing import Final

from jurisdictions.case import Case
from jurisdictions.conditions import Finding
from jurisdictions.duties import Option
from jurisdictions.obligations import NotOwed
from jurisdictions.vocabulary import HarmAssessment, HipaaRole, RiskAssessment


def covered_entity(case: Case) -> Finding:
    """Whether the duties of a covered entity are the organization's own (160.103)."""
    match case.facts.organization.hipaa_role:
        case HipaaRole.COVERED_ENTITY:
            return Finding(truth=True, line="The organization is a HIPAA covered entity (45 CFR 160.103).")
        case HipaaRole.BUSINESS_ASSOCIATE:
            line = "A business associate owes notice to the covered entity (164.410), not this one."
            return Finding(truth=False, line=line)
        case HipaaRole.NONE:
            line = (
                "Recorded as neither covered entity nor business associate: a provider that sends no standard "
                "electronic transaction is not covered (45 CFR 160.103). That is counsel's decision to record."
            )
            return Finding(truth=False, line=line)
        case None:
            line = "Not recorded whether the organization is a covered entity."
            return Finding(truth=None, line=line, needs=("organization.hipaa_role",))


def in_force(case: Case) -> Finding:
    """The rule reaches breaches occurring on or after its date (164.400)."""
    version = case.law("us.hipaa.applies", case.occurred)
    known = case.facts.incident.occurred_to or case.facts.incident.occurred_from
    what = (
        f"The breach occurred on {case.occurred}" if known else f"Date of occurrence unknown; taken as {case.occurred}"
    )
    if version is None:
        first = case.rulebook.provisions["us.hipaa.applies"].version[0]
        line = f"{what}; the rule reaches breaches occurring on or after {first.since} ({first.citation})."
        return Finding(truth=False, line=line)
    return Finding(truth=True, line=f"{what}, when the rule was in force (from {version.since}, {version.citation}).")


_EXCEPTIONS: Final = {
    RiskAssessment.EXCEPTION_WORKFORCE: "good-faith access by the workforce within its authority, 164.402(1)(i)",
    RiskAssessment.EXCEPTION_INADVERTENT: "inadvertent disclosure between authorised persons, 164.402(1)(ii)",
    RiskAssessment.EXCEPTION_NOT_RETAINED: "the recipient could not reasonably have retained it, 164.402(1)(iii)",
}


def is_breach(case: Case) -> Finding:
    """The definition of breach on the date of occurrence (164.402): exceptions, presumption, or the 2009 harm test."""
    outcome, harm = case.facts.incident.risk_assessment, case.facts.incident.harm_assessment
    if outcome in _EXCEPTIONS:
        line = (
            f"Excluded from the definition of breach: {_EXCEPTIONS[outcome]}. Keep the record, 164.414(b), 164.530(j)."
        )
        return Finding(truth=False, line=line)
    if case.law("us.hipaa.presumption", case.occurred) is not None:
        return _presumed(outcome)
    return _harmful(outcome, harm)


def _presumed(outcome: RiskAssessment | None) -> Finding:
    """Paragraph (2) since 2013: a breach unless a low probability of compromise has been demonstrated."""
    if outcome is RiskAssessment.LOW_PROBABILITY:
        line = (
            "The presumption of breach is rebutted: the four-factor assessment found a low probability of compromise "
            "(164.402(2)). Keep it six years, 164.414(b), 164.530(j)."
        )
        return Finding(truth=False, line=line)
    if outcome is RiskAssessment.BREACH:
        return Finding(truth=True, line="The risk assessment found a breach (164.402).")
    line = "Presumed to be a breach: no low probability of compromise has been demonstrated (164.402(2))."
    return Finding(truth=True, line=line)


def _harmful(outcome: RiskAssessment | None, harm: HarmAssessment | None) -> Finding:
    """The rule of 2009: a breach only with a significant risk of financial, reputational or other harm."""
    if harm is HarmAssessment.NO_SIGNIFICANT_RISK:
        line = "Under the rule of 2009 a breach needs a significant risk of harm, and none was found (164.402)."
        return Finding(truth=False, line=line)
    if harm is HarmAssessment.SIGNIFICANT_RISK or outcome is RiskAssessment.BREACH:
        return Finding(truth=True, line="A breach under the rule of 2009: significant risk of harm (164.402).")
    line = "Under the rule of 2009 it depends on whether there was a significant risk of harm (164.402)."
    return Finding(truth=None, line=line, needs=("incident.harm_assessment",))


def harm_standard_escape(case: Case) -> tuple[Option, ...]:
    """Between the effective and the compliance date of the 2013 rule an entity could still use the harm test."""
    harm = case.law("us.hipaa.harm_standard", case.occurred)
    presumption = case.law("us.hipaa.presumption", case.occurred)
    if harm is None or presumption is None:
        return ()
    if case.facts.incident.harm_assessment is not HarmAssessment.NO_SIGNIFICANT_RISK:
        return ()
    why = (
        f"The breach occurred on {case.occurred}, between the effective date {presumption.since} of the 2013 rule and "
        f"its compliance date {harm.until}: the harm test of 2009 could still be used and found no significant risk.",
        "If the entity had already adopted the 2013 standard, the other reading applies.",
    )
    return (
        Option(
            id="definition.harm-standard",
            deadline=NotOwed(),
            reading=f"the 2009 harm standard, usable until {harm.until}",
            citation=harm.citation,
            why=why,
            version=harm.since,
        ),
    )


def unsecured(case: Case, what: str = "PHI") -> Finding:
    """Unsecured: not made unreadable by a method of the HHS guidance; encryption counts only if the key is safe."""
    incident = case.facts.incident
    if incident.encrypted is False:
        return Finding(truth=True, line=f"The {what} was unsecured: not encrypted (164.402).")
    if incident.encrypted is None:
        line = f"Not recorded whether the {what} was encrypted."
        return Finding(truth=None, line=line, needs=("incident.encrypted",))
    if incident.key_compromised is None:
        line = "Encrypted, but not recorded whether the key or process was breached too."
        return Finding(truth=None, line=line, needs=("incident.key_compromised",))
    if incident.key_compromised:
        return Finding(truth=True, line=f"The {what} was encrypted, but the key was breached with it: unsecured.")
    line = f"The {what} was encrypted and the key was not breached: it is not unsecured (164.402, HHS guidance)."
    return Finding(truth=False, line=line)


def anybody(case: Case) -> Finding:
    """At least one individual is affected; an unknown number is some."""
    if case.total.high == 0:
        return Finding(truth=False, line="Nobody is recorded as affected.")
    line = f"Individuals affected in all: {case.total}."
    return Finding(truth=True, line=f"{line} {case.adds_up}" if case.adds_up else line)


def breach_gates(case: Case) -> tuple[Finding, ...]:
    """164.400 to 164.402 in their order, for a covered entity."""
    return (covered_entity(case), in_force(case), is_breach(case), unsecured(case), anybody(case))
