"""One line of plain words for each event, as the log screen and the chronology show it."""

from incident.events import (
    AccessRefused,
    ActionCorrected,
    ActionLogged,
    AddendumFiled,
    AddendumPrepared,
    AdviceCorrected,
    AdviceGiven,
    AdviceShared,
    AdviceUnshared,
    ApprovalReported,
    AssessmentMade,
    CallErased,
    CallFollowedUp,
    CallLogged,
    CaseOpened,
    ChangesRequested,
    ContactOutcome,
    CoveredEntityRecorded,
    CoveredEntityTold,
    DecisionMade,
    DisclosureDescribed,
    EntriesRead,
    Event,
    EvidenceAttached,
    ExerciseStarted,
    FactCorrected,
    FactRecorded,
    FilingPrepared,
    FilingSubmitted,
    HandoverAcknowledged,
    HandoverGiven,
    IncidentClosed,
    IncidentOpened,
    InjectDelivered,
    JsonValue,
    KeysRotated,
    KindsCounted,
    LettersRemailed,
    ListProfileSaved,
    MarkupDecided,
    NoticeApproved,
    NoticeDispatched,
    NoticeDrafted,
    NoticeRejected,
    NoticeRendered,
    NoticeRevised,
    NoticeSubmitted,
    NoticeWithdrawn,
    OrganizationDescribed,
    OwnTemplatesRemoved,
    OwnTemplatesTakenIn,
    PairsAcrossDecided,
    PairsAcrossSuggested,
    PairsKeptApart,
    PairsReopened,
    PairsSuggested,
    PassphraseChanged,
    PersonCorrected,
    PostingBegun,
    PostingEnded,
    QuarantineResolved,
    ReadingAdopted,
    ReceiptRecorded,
    RecipientErased,
    RecoveryCodeMade,
    RemailPrinted,
    ReviewSent,
    RiskAssessed,
    RosterClosed,
    RosterExported,
    RosterOpened,
    RowLinked,
    RowMerged,
    RowUnlinked,
    RowUnmerged,
    SampleRefused,
    SampleSigned,
    SecondFactorChanged,
    SegmentSealed,
    UserEnrolled,
    UserRemoved,
)
from incident.review import CHANNELS
from incident.roster.contact import outcome_words

_SHORT_HASH = 12


def value_words(value: JsonValue) -> str:  # noqa: PLR0911 - one line a kind of value
    """A fact's value in words; null is unknown, never empty."""
    match value:
        case None:
            return "unknown"
        case bool():
            return "yes" if value else "no"
        case {"min": low, "max": high}:
            return f"{low:,} to {high:,}"
        case int():
            return f"{value:,}"
        case list():
            return ", ".join(value_words(item) for item in value) or "none"
        case dict():
            return "; ".join(f"{key} {value_words(item)}" for key, item in value.items())
        case _:
            return str(value)


def sentence(event: Event) -> str:  # noqa: PLR0911, PLR0912, PLR0915 - one line an event, read as a table
    """What happened, in one line."""
    match event:
        case CaseOpened():
            return f"Case file opened: {event.name}" + (
                f" (EXERCISE on {event.exercise_of})" if event.exercise_of else ""
            )
        case OrganizationDescribed():
            return f"Organization described: {event.facts.get('organization.name', 'unnamed')}"
        case UserEnrolled():
            return f"{event.name} enrolled as {event.role.replace('_', ' ')}"
        case UserRemoved():
            return f"{event.user} removed: can open the case no longer"
        case PassphraseChanged():
            return f"Passphrase of {event.user} {'set by recovery code' if event.recovered else 'changed'}"
        case RecoveryCodeMade():
            return f"Recovery code made for {event.user}"
        case SecondFactorChanged():
            return f"Second factor of {event.user} switched {'on' if event.on else 'off'}"
        case KeysRotated():
            epochs = ", ".join(f"{name} {epoch}" for name, epoch in sorted(event.epochs.items()))
            return f"Keys rotated: {epochs}"
        case AdviceShared():
            return f"Advice of counsel can be read by {event.user} (key {event.epoch})"
        case AdviceUnshared():
            return f"Advice of counsel from now on is closed to {event.user} (key {event.epoch})"
        case AccessRefused():
            times = "1 attempt" if event.attempts == 1 else f"{event.attempts:,} attempts"
            return f"Access refused: {times} to open the case as {event.user or 'somebody who is no user'}"
        case ExerciseStarted():
            return (
                f"EXERCISE started: {event.scenario}, virtual time {event.starts_at.isoformat()}, speed {event.speed:,}"
            )
        case OwnTemplatesTakenIn():
            return f"Own templates taken in: {event.title} ({len(event.files)} files)"
        case OwnTemplatesRemoved():
            return f"Own templates removed: {event.title}"
        case ListProfileSaved():
            return f"Kept how a list is read: {event.name}"
        case InjectDelivered():
            return f"Inject {event.number}: {event.title}"
        case IncidentOpened():
            return f"Incident {event.reference} opened: {event.title}"
        case FactRecorded():
            return f"{event.path} = {value_words(event.value)}"
        case FactCorrected():
            return f"{event.path} corrected to {value_words(event.value)}"
        case ActionLogged() | ActionCorrected():
            return event.text
        case EvidenceAttached():
            return f"Evidence {event.name} ({event.size:,} bytes, SHA-256 {event.sha256[:_SHORT_HASH]}…)"
        case RiskAssessed():
            ratings = "/".join(str(finding.rating) for finding in event.factors)
            return f"Risk assessment ({ratings}): {event.outcome.replace('_', ' ')}"
        case DecisionMade():
            return f"Decision: {event.decision.replace('_', ' ')}"
        case ReadingAdopted():
            return f"{event.obligation_id}: reading {event.reading_id} adopted"
        case AssessmentMade():
            return f"Duties assessed: {len(event.duties)}" + (
                f"; {len(event.changes)} changed" if event.changes else ""
            )
        case CoveredEntityRecorded():
            files = {True: "we file for it", False: "it files itself", None: "who files is open"}[event.delegated]
            return f"Covered entity {event.number}: {event.name}, {value_words(event.individuals)} individuals, {files}"
        case CoveredEntityTold():
            return f"Covered entity {event.number} told on {event.on}: {event.how}"
        case IncidentClosed():
            return "Incident closed"
        case NoticeDrafted():
            return f"Notice drafted: {event.kind.replace('_', ' ')}"
        case NoticeRevised():
            return "Notice revised"
        case MarkupDecided():
            return _markup(event)
        case NoticeSubmitted():
            return "Notice submitted for review"
        case ChangesRequested():
            return f"Changes requested: {event.comment}"
        case NoticeApproved():
            return f"Notice approved (text {event.content_sha256[:_SHORT_HASH]}…)"
        case ApprovalReported():
            return (
                f"Approval REPORTED, not recorded by counsel: {event.counsel}, {dict(CHANNELS)[event.channel]}, "
                f"code {event.code} (text {event.content_sha256[:_SHORT_HASH]}…)"
            )
        case NoticeRejected():
            return f"Notice rejected, not to be used: {event.comment}"
        case ReviewSent():
            return f"Notice sent to {event.counsel} for review as files (text {event.content_sha256[:_SHORT_HASH]}…)"
        case NoticeRendered():
            left_out = sum(row.count for row in event.excluded)
            return f"Rendered: {event.rows:,} rows = {event.documents:,} documents + {left_out:,} excluded"
        case SampleSigned():
            return f"Sample signed: {len(event.codes):,} of {event.letters:,} letters read, no fault found"
        case SampleRefused():
            return f"Sample refused, {len(event.codes):,} of {event.letters:,} letters read: {event.reason}"
        case NoticeDispatched():
            left = f"; {event.remaining:,} not yet sent" if event.remaining else ""
            return f"Sent on {event.on}: {event.count:,} by {event.method.replace('_', ' ')}{left}"
        case RemailPrinted():
            return f"Letters printed anew for {len(event.people):,} people of whom a newer address was found"
        case LettersRemailed():
            return f"Mailed again on {event.on}: {len(event.people):,} by {event.method.replace('_', ' ')}"
        case PostingBegun():
            number = f"; toll-free number {event.phone} since {event.phone_on}" if event.phone else ""
            return f"Substitute notice since {event.on}: {event.place} ({event.form}){number}"
        case PostingEnded():
            return f"End of the {'posting' if event.what == 'posting' else 'toll-free number'} on {event.on}"
        case CallLogged():
            due = f"; follow up by {event.follow_up}" if event.follow_up else ""
            return f"Call {event.direction} about {event.topic.replace('_', ' ')} (words sealed){due}"
        case CallFollowedUp():
            return "Call followed up (words sealed)"
        case CallErased():
            return "Words of a call erased"
        case EntriesRead():
            return f"Has read the log up to #{event.upto}"
        case HandoverGiven():
            return f"Handed over to {event.to}, with #{event.since + 1} to #{event.upto}: {event.note}"
        case HandoverAcknowledged():
            return "Took the shift over"
        case DisclosureDescribed():
            return f"For the accounting of disclosures: received by {event.recipient or 'not known'}"
        case NoticeWithdrawn():
            return "Notice withdrawn"
        case FilingPrepared():
            of = f", for {len(event.entities):,} covered entities" if len(event.entities) > 1 else ""
            return f"Filing prepared: {event.recipient}{of}"
        case FilingSubmitted():
            return f"Filed on {event.on} by {event.channel}{_told(event)}"
        case ReceiptRecorded():
            parts = [f"tracking {event.tracking}" if event.tracking else "", "receipt" if event.receipt_sha256 else ""]
            return f"From the regulator: {', '.join(filter(None, parts))}"
        case AddendumPrepared():
            return "Addendum prepared"
        case AddendumFiled():
            return f"Addendum filed on {event.on}{f' by {event.channel}' if event.channel else ''}{_told(event)}"
        case AdviceGiven():
            return "Advice of counsel recorded (sealed)"
        case AdviceCorrected():
            return "Advice of counsel corrected (sealed)"
        case RosterOpened():
            return f"Roster import of {event.source_name} ({event.size:,} bytes)"
        case SegmentSealed():
            return f"Segment {event.number}: {event.count:,} people sealed"
        case RosterClosed():
            return (
                f"Roster: {event.rows_in:,} in = {event.accepted:,} accepted + {event.quarantined:,} quarantined "
                f"+ {event.merged:,} merged"
            )
        case QuarantineResolved():
            return f"Quarantined row {event.row} {event.outcome}"
        case KindsCounted():
            people = sum(count for kinds in event.by_state.values() for of, count in kinds.items() if of)
            return f"Kinds of data counted for each of {people:,} people"
        case PersonCorrected():
            return f"Person of row {event.row} corrected: {', '.join(each.replace('_', ' ') for each in event.fields)}"
        case ContactOutcome():
            return f"Row {event.row}: {outcome_words(event)}"
        case RosterExported():
            return (
                f"Addresses exported in clear text to {event.file_name}: {event.people:,} people = {event.exported:,} "
                f"lines + {sum(each.count for each in event.left_out):,} left out"
            )
        case PairsSuggested():
            return f"Possible duplicates: {event.pairs:,} pair{'s' if event.pairs != 1 else ''} to decide on"
        case PairsKeptApart(pairs=((one, other),)):
            return f"Rows {one} and {other} are two people"
        case PairsKeptApart(pairs=pairs, below=below):
            under = f", all that scored below {below:.2f}" if below is not None else ""
            return f"{len(pairs):,} pairs of rows are two people each{under}"
        case PairsReopened(pairs=pairs):
            shown = ", ".join(f"{one} and {other}" for one, other in pairs[:3])
            more = f" and {len(pairs) - 3:,} more pairs" if len(pairs) > 3 else ""
            return f"Whether rows {shown}{more} are one person is open again"
        case RowMerged():
            return f"Row {event.row} merged into row {event.into}: one person"
        case RowUnmerged():
            return f"Row {event.row} taken out of row {event.out_of} again: {event.becomes}"
        case PairsAcrossSuggested():
            many = "1 pair" if event.pairs == 1 else f"{event.pairs:,} pairs"
            return f"Possible duplicates of other lists: {many} to decide on"
        case PairsAcrossDecided(pairs=pairs):
            shown = ", ".join(f"{row} and {other} of another list" for row, _, other in pairs[:3])
            more = f" and {len(pairs) - 3:,} more pairs" if len(pairs) > 3 else ""
            return f"Rows {shown}{more}: {'two people' if event.apart else 'open again'}"
        case RowLinked():
            return f"Row {event.row} is the person of row {event.other} of another list: one person, counted there"
        case RowUnlinked():
            return f"Row {event.row} is not the person of row {event.other} of another list: {event.becomes}"
        case RecipientErased():
            return f"Person of row {event.row} erased"
        case _:
            raise AssertionError(f"no wording for {event.TOPIC}")


def _markup(event: MarkupDecided) -> str:
    taken = sum(change.accepted for change in event.changes)
    authors = ", ".join(dict.fromkeys(change.author or "tracking off" for change in event.changes))
    return f"Review file {event.name} ({authors}): {taken:,} changes accepted, {len(event.changes) - taken:,} rejected"


def _told(event: FilingSubmitted | AddendumFiled) -> str:
    """What a regulator was told, and the number it gave."""
    words = f", tracking {event.tracking}" if event.tracking else ""
    if event.count is not None:
        words += f", {event.count:,} {'person' if event.count == 1 else 'people'}"
        words += " (an estimate)" if event.estimated else ""
    return words
