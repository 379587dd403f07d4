"""What an action of a screen records, so that one which a role forbids is shown as unavailable, with the reason.

This only saves people from filling in a form in vain: whoever records anything is asked again where it is recorded
(`incident.commands.desk.Desk.append`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from incident.access.roles import refusal

if TYPE_CHECKING:
    from incident.access.roles import Standing


class Records(NamedTuple):
    """The topic of what an action records, and the path of the fact where it is one ("": facts of any kind)."""

    topic: str
    path: str | None = None


_FACT = Records("incident.fact_recorded", "")
_HOLD = Records("incident.fact_recorded", "law_enforcement_holds")
_INJECT = Records("case.inject_delivered")

RECORDS: dict[str, Records] = {
    "AccessScreen.enroll": Records("case.user_enrolled"),
    "AccessScreen.passphrase": Records("case.passphrase_changed"),
    "AccessScreen.recovery_code": Records("case.recovery_code_made"),
    "AccessScreen.remove": Records("case.user_removed"),
    "AccessScreen.rotate": Records("case.keys_rotated"),
    "AccessScreen.second_factor": Records("case.second_factor_changed"),
    "AccessScreen.share": Records("case.advice_shared"),
    "AccessScreen.unshare": Records("case.advice_unshared"),
    "AdviceScreen.correct": Records("advice.corrected"),
    "AdviceScreen.new": Records("advice.given"),
    "AssessScreen.decide": Records("incident.decision_made"),
    "AssessScreen.edit": Records("incident.risk_assessed"),
    "AssessScreen.exception": Records("incident.risk_assessed"),
    "AssessScreen.rate": Records("incident.risk_assessed"),
    "AssessScreen.record": Records("incident.risk_assessed"),
    "BoardScreen.close": Records("incident.closed"),
    "BoardScreen.done": _FACT,
    "BoardScreen.hold": _HOLD,
    "CallsScreen.erase": Records("call.erased"),
    "CallsScreen.follow_up": Records("call.followed_up"),
    "CallsScreen.made": Records("call.logged"),
    "CallsScreen.received": Records("call.logged"),
    "HandoverScreen.give": Records("handover.given"),
    "HandoverScreen.mark": Records("reading.marked"),
    "HandoverScreen.take": Records("handover.acknowledged"),
    "DeliveryScreen.again": Records("notice.remail_printed"),
    "DeliveryScreen.again_sent": Records("notice.remailed"),
    "DeliveryScreen.end": Records("posting.ended"),
    "DeliveryScreen.post": Records("posting.begun"),
    "DeliveryScreen.send": Records("notice.dispatched"),
    "ExerciseBody.next": _INJECT,
    "ExerciseBody.record": _FACT,
    "DuplicatesScreen.apart": Records("roster.pairs_kept_apart"),
    "DuplicatesScreen.below": Records("roster.pairs_kept_apart"),
    "DuplicatesScreen.identical": Records("roster.row_linked"),
    "DuplicatesScreen.merge_left": Records("roster.row_merged"),
    "DuplicatesScreen.merge_right": Records("roster.row_merged"),
    "DuplicatesScreen.undo": Records("roster.row_unmerged"),
    "EntitiesScreen.edit": Records("incident.covered_entity_recorded"),
    "EntitiesScreen.new": Records("incident.covered_entity_recorded"),
    "EntitiesScreen.told": Records("incident.covered_entity_told"),
    "FactsScreen.answer": _FACT,
    "FactsScreen.hold": _HOLD,
    "FilingsScreen.addendum": Records("filing.addendum_filed"),
    "FilingsScreen.file": Records("filing.submitted"),
    "FilingsScreen.prepare": Records("filing.prepared"),
    "FilingsScreen.receipt": Records("filing.receipt_recorded"),
    "GapsScreen.answer": _FACT,
    "HomeScreen.enroll": Records("case.user_enrolled"),
    "HomeScreen.new_incident": Records("incident.opened"),
    "HomeScreen.organization": Records("case.organization_described"),
    "ImportScreen.confirm": Records("roster.opened"),
    "ImportScreen.save_profile": Records("case.list_profile_saved"),
    "LogScreen.add": Records("incident.action_logged"),
    "LogScreen.attach": Records("incident.evidence_attached"),
    "LogScreen.mark_read": Records("reading.marked"),
    "LogScreen.correct": Records("incident.action_corrected"),
    "NoticeFormScreen.record": Records("notice.drafted"),
    "NoticeScreen.dispatch": Records("notice.dispatched"),
    "NoticeScreen.export": Records("incident.action_logged"),
    "NoticeScreen.render": Records("notice.rendered"),
    "NoticeScreen.revise": Records("notice.revised"),
    "NoticeScreen.submit": Records("notice.submitted"),
    "NoticeScreen.withdraw": Records("notice.withdrawn"),
    "NoticesScreen.new": Records("notice.drafted"),
    "PeopleScreen.export": Records("roster.exported"),
    "PeopleScreen.import": Records("roster.opened"),
    "PeopleScreen.returned": Records("roster.contact_outcome"),
    "PersonScreen.correct": Records("roster.person_corrected"),
    "PersonScreen.erase": Records("roster.recipient_erased"),
    "PersonScreen.outcome": Records("roster.contact_outcome"),
    "QuarantineScreen.exclude": Records("roster.quarantine_resolved"),
    "QuarantineScreen.mend": Records("roster.quarantine_resolved"),
    "LetterScreen.save": Records("incident.action_logged"),
    "PreflightScreen.save": Records("incident.action_logged"),
    "RecordedNoticeScreen.approve": Records("notice.approved"),
    "RecordedNoticeScreen.reject": Records("notice.rejected"),
    "RecordedNoticeScreen.request_changes": Records("notice.changes_requested"),
    "ReviewNoticeScreen.code": Records("notice.approval_reported"),
    "ReviewNoticeScreen.same": Records("notice.revised"),
    "ReviewNoticeScreen.send": Records("notice.review_sent"),
    "MarkupScreen.record": Records("notice.markup_decided"),
    "SampleScreen.refuse": Records("notice.sample_refused"),
    "SampleScreen.save": Records("incident.action_logged"),
    "SampleScreen.sign": Records("notice.sample_signed"),
    "TemplatesScreen.remove": Records("case.own_templates_removed"),
    "TemplatesScreen.take_in": Records("case.own_templates_taken_in"),
    "WhyScreen.adopt": Records("incident.reading_adopted"),
    "WorksheetScreen.file": Records("filing.submitted"),
}
"""Screen class and action -> what it records. An action that is not here reads, or moves about."""


def forbidden(screen: type, action: str, standing: Standing) -> str | None:
    """Why the person may not do this here, and who may; None where they may, or where it records nothing."""
    for cls in screen.__mro__:
        records = RECORDS.get(f"{cls.__name__}.{action}")
        if records is not None:
            return refusal(standing, records.topic, path=records.path)
    return None
