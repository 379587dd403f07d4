"""Who may record what: one line for each kind of entry, and the reason why it is kept apart.

The table binds what the program lets people do, on the screens and on the command line alike. Reading is open to
everybody who may open the case, except for the words of counsel's advice, which need a key. Somebody who edits files
with another program is not bound by it; against that there are the checkpoints.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from incident.errors import NotAllowed
from incident.events import Event, FactCorrected, FactRecorded


class Role(StrEnum):
    """The part somebody has in a case."""

    INCIDENT_LEAD = "incident_lead"
    COUNSEL = "counsel"
    FACILITATOR = "facilitator"
    EXAMINER = "examiner"


_TITLES = {
    Role.INCIDENT_LEAD: "the incident lead",
    Role.COUNSEL: "counsel",
    Role.FACILITATOR: "the facilitator of an exercise",
    Role.EXAMINER: "the examiner",
}

_LEAD = frozenset({Role.INCIDENT_LEAD})
_COUNSEL = frozenset({Role.COUNSEL})
_BOTH = _LEAD | _COUNSEL
_ALL = frozenset(Role)
_NOBODY = frozenset[Role]()


class Line(msgspec.Struct, frozen=True):
    """Who may record a kind of entry, what recording it is called, and why nobody else may."""

    roles: frozenset[Role]
    act: str
    why: str


_FACTS = "whoever approves a notice must not write the facts that it is approved on"
_WORK = "one person answers for the course of the incident"
_RELEASE = "what leaves is released by who runs the incident, once another person has approved it"
_SAMPLE = "the letters are read by somebody who answers for them; nobody chooses which"
_REVIEW = "who drafts cannot approve, so that nothing leaves on the word of one person"
_PEOPLE = "the people affected are looked after by one person, who answers for every row"
_CASE = "who may open the case is for those who answer for it"
_RECORD = "the record is written by those who work on it"
_TURNS = "shifts are taken in turn by those who work on the incident"
_ONCE = "it is done once, when the case is made"
_OWN = "everybody looks after their own way into the case"
_COUNSELS = "what counsel advised is counsel's to share"

MAY_RECORD: dict[str, Line] = {
    "advice.corrected": Line(_COUNSEL, "correct advice", "advice is counsel's, under a key that is counsel's"),
    "advice.given": Line(_COUNSEL, "give advice", "advice is counsel's, under a key that is counsel's"),
    "call.erased": Line(_LEAD, "erase the words of a call", _PEOPLE),
    "call.followed_up": Line(_BOTH, "record a call", _RECORD),
    "call.logged": Line(_BOTH, "record a call", _RECORD),
    "case.access_refused": Line(_ALL, "record refused attempts", "whoever opens the case next records them"),
    "case.advice_shared": Line(_COUNSEL, "share counsel's advice", _COUNSELS),
    "case.advice_unshared": Line(_COUNSEL, "stop sharing counsel's advice", _COUNSELS),
    "case.exercise_started": Line(_NOBODY, "begin an exercise", _ONCE),
    "case.inject_delivered": Line(
        _BOTH | {Role.FACILITATOR}, "hand out an inject", "an exercise is run by its facilitator and its players"
    ),
    "case.keys_rotated": Line(_BOTH, "rotate the keys", _CASE),
    "case.list_profile_saved": Line(_LEAD, "keep how a list is read", _PEOPLE),
    "case.opened": Line(_NOBODY, "open the case file", _ONCE),
    "case.organization_described": Line(_LEAD, "describe the organization", _FACTS),
    "case.own_templates_removed": Line(_LEAD, "remove the organization's own templates", _REVIEW),
    "case.own_templates_taken_in": Line(_LEAD, "take the organization's own templates in", _REVIEW),
    "case.passphrase_changed": Line(_ALL, "change their passphrase", _OWN),
    "case.recovery_code_made": Line(_ALL, "have a recovery code", _OWN),
    "case.second_factor_changed": Line(_ALL, "change their second factor", _OWN),
    "case.user_enrolled": Line(_BOTH, "enroll a user", _CASE),
    "case.user_removed": Line(_BOTH, "remove a user", _CASE),
    "disclosure.described": Line(_LEAD, "say who received the information", _FACTS),
    "filing.addendum_filed": Line(_LEAD, "record an addendum", _RELEASE),
    "filing.addendum_prepared": Line(_LEAD, "prepare an addendum", _RELEASE),
    "filing.prepared": Line(_LEAD, "prepare a filing", _RELEASE),
    "filing.receipt_recorded": Line(_LEAD, "record a receipt", _RELEASE),
    "filing.submitted": Line(_LEAD, "record a filing", _RELEASE),
    "handover.acknowledged": Line(_BOTH, "take a shift over", _TURNS),
    "handover.given": Line(_BOTH, "hand a shift over", _TURNS),
    "incident.action_corrected": Line(_BOTH, "correct the log", _RECORD),
    "incident.action_logged": Line(_BOTH, "write into the log", _RECORD),
    "incident.assessment_made": Line(_BOTH, "pin an assessment", "it comes with what the lead or counsel records"),
    "incident.closed": Line(_LEAD, "close an incident", _WORK),
    "incident.covered_entity_recorded": Line(_LEAD, "name a covered entity", _FACTS),
    "incident.covered_entity_told": Line(_LEAD, "record that a covered entity was told", _RELEASE),
    "incident.decision_made": Line(_LEAD, "decide whether to notify", _WORK),
    "incident.evidence_attached": Line(_BOTH, "attach evidence", _RECORD),
    "incident.fact_corrected": Line(_BOTH, "correct a fact", _FACTS),
    "incident.fact_recorded": Line(_BOTH, "record a fact", _FACTS),
    "incident.opened": Line(_LEAD, "take up an incident", _WORK),
    "incident.reading_adopted": Line(
        _COUNSEL, "adopt a reading of the law", "which reading holds is a question of law; until then the earliest date"
    ),
    "incident.risk_assessed": Line(_LEAD, "assess the risk", _WORK),
    "notice.approval_reported": Line(
        _LEAD, "report counsel's approval", "whoever hears counsel's word answers for it; counsel records their own"
    ),
    "notice.approved": Line(_COUNSEL, "approve a notice", _REVIEW),
    "notice.changes_requested": Line(_COUNSEL, "send a notice back", _REVIEW),
    "notice.dispatched": Line(_LEAD, "record a sending", _RELEASE),
    "notice.drafted": Line(_BOTH, "draft a notice", "a notice is the work of the lead and counsel"),
    "notice.markup_decided": Line(_BOTH, "take a reviewed file in", "a notice is the work of the lead and counsel"),
    "notice.remail_printed": Line(_LEAD, "print letters anew", _RELEASE),
    "notice.remailed": Line(_LEAD, "record a sending", _RELEASE),
    "notice.rejected": Line(_COUNSEL, "reject a notice", _REVIEW),
    "notice.rendered": Line(_LEAD, "render a notice for release", _RELEASE),
    "notice.review_sent": Line(_LEAD, "send a notice to counsel as files", _RELEASE),
    "notice.revised": Line(_BOTH, "revise a notice", "a notice is the work of the lead and counsel"),
    "notice.sample_refused": Line(_BOTH, "refuse a sample of letters", _SAMPLE),
    "notice.sample_signed": Line(_BOTH, "sign a sample of letters", _SAMPLE),
    "notice.submitted": Line(_BOTH, "submit a notice for review", "a notice is the work of the lead and counsel"),
    "notice.withdrawn": Line(_BOTH, "withdraw a notice", "a notice is the work of the lead and counsel"),
    "posting.begun": Line(_LEAD, "record a posting", _RELEASE),
    "posting.ended": Line(_LEAD, "record the end of a posting", _RELEASE),
    "reading.marked": Line(_BOTH, "mark entries as read", _TURNS),
    "roster.closed": Line(_LEAD, "import a list of people", _PEOPLE),
    "roster.contact_outcome": Line(_LEAD, "record what became of a letter or a call", _PEOPLE),
    "roster.exported": Line(_LEAD, "export addresses", _PEOPLE),
    "roster.kinds_counted": Line(_LEAD, "import a list of people", _PEOPLE),
    "roster.opened": Line(_LEAD, "import a list of people", _PEOPLE),
    "roster.pairs_across_decided": Line(_LEAD, "decide on possible duplicates", _PEOPLE),
    "roster.pairs_across_suggested": Line(_LEAD, "import a list of people", _PEOPLE),
    "roster.pairs_kept_apart": Line(_LEAD, "decide on possible duplicates", _PEOPLE),
    "roster.pairs_reopened": Line(_LEAD, "decide on possible duplicates", _PEOPLE),
    "roster.pairs_suggested": Line(_LEAD, "import a list of people", _PEOPLE),
    "roster.person_corrected": Line(_LEAD, "correct a person", _PEOPLE),
    "roster.quarantine_resolved": Line(_LEAD, "resolve a row in quarantine", _PEOPLE),
    "roster.recipient_erased": Line(_LEAD, "erase a person", _PEOPLE),
    "roster.row_linked": Line(_LEAD, "merge two rows", _PEOPLE),
    "roster.row_merged": Line(_LEAD, "merge two rows", _PEOPLE),
    "roster.row_unlinked": Line(_LEAD, "take a merge back", _PEOPLE),
    "roster.row_unmerged": Line(_LEAD, "take a merge back", _PEOPLE),
    "roster.segment_sealed": Line(_LEAD, "import a list of people", _PEOPLE),
}
"""Topic -> its line. Without one an entry cannot be recorded at all."""

FOUNDING = frozenset({"case.opened", "case.organization_described", "case.exercise_started", "case.user_enrolled"})
"""What begins a case, before anybody is enrolled."""

ONLY_IN_EXERCISES = frozenset({"case.inject_delivered", "case.exercise_started"})

COUNSELS_FACTS = ("law_enforcement_holds",)
"""Paths of facts that counsel records as well: it is counsel whom a law-enforcement official asks for delay."""


_FACTS_ARE = frozenset({"incident.fact_recorded", "incident.fact_corrected"})


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A person in a case. `role` is None for somebody who is not enrolled; `founded` once anybody is."""

    user: str
    role: Role | None
    exercise: bool = False
    founded: bool = True
    removed: bool = False


def refusal(standing: Standing, topic: str, *, path: str | None = None) -> str | None:
    """Why this person may not record an entry of a topic, and who may; None where they may.

    `path` is that of the fact, where the entry is one; without it the answer is whether there is any such fact.

    Raises:
        LookupError: the topic has no line.
    """
    line = MAY_RECORD.get(topic)
    if line is None:
        raise LookupError(f"{topic} has no line in incident.access.roles: say there which role may record it, and why")
    if not standing.founded and topic in FOUNDING:
        return None
    if standing.removed:
        return f"{standing.user} was removed from this case and may not {line.act}."
    if standing.role is None:
        return f"{standing.user} is not enrolled in this case and may not {line.act}."
    if topic in ONLY_IN_EXERCISES and not standing.exercise:
        return f"This is not an exercise: nobody may {line.act} here."
    may = line.roles
    if topic in _FACTS_ARE and path is not None and path.partition(".")[0] not in COUNSELS_FACTS:
        may -= _COUNSEL
    if standing.role in may:
        return None
    who = _either(may) if may else "nobody"
    return f"{standing.user} works here as {_word(standing.role)}; only {who} may {line.act}: {line.why}."


def check(standing: Standing, events: Sequence[Event]) -> None:
    """See that a person may record all of these.

    Raises:
        NotAllowed: one of them is not theirs to record; the sentence says who may.
    """
    for event in events:
        path = event.path if isinstance(event, FactRecorded | FactCorrected) else None
        why = refusal(standing, event.TOPIC, path=path)
        if why is not None:
            raise NotAllowed(why)


def _word(role: Role) -> str:
    return role.replace("_", " ")


def _either(roles: frozenset[Role]) -> str:
    titles = [_TITLES[role] for role in Role if role in roles]
    return " or ".join([", ".join(titles[:-1]), titles[-1]] if len(titles) > 1 else titles)
