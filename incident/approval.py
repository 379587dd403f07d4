"""Approval of a notice: who may give it, what it covers, and why it no longer does."""

from collections.abc import Sequence

from incident.errors import InvalidInput, NotAllowed, OutOfOrder
from incident.events import ChangesRequested, Event, NoticeApproved
from incident.notice import Covered, Notice, confirms, require_status


def decide_request_changes(state: Notice, user: str, role: str, comment: str) -> list[Event]:
    """Send the notice back to its drafter."""
    require_reviewer(state, user, role)
    require_status(state, "send back", {"in review", "approved", "rendered"})
    if not comment.strip():
        raise InvalidInput("comment: say what has to change")
    return [ChangesRequested(comment=comment.strip())]


def decide_approve(
    state: Notice,
    *,
    user: str,
    role: str,
    content_sha256: str,
    facts_sha256: str,
    rulebook_hash: str,
    problems: Sequence[str],
) -> list[Event]:
    """Approve the text as it would be sent now; an approval of counsel's own takes the place of a reported one.

    `problems` are the required elements that are missing and the forbidden content that was found.

    Raises:
        NotAllowed: the approver is not counsel, drafted or revised the notice, or took words of a reviewed file in
            that nobody else has handed in since.
        OutOfOrder: the notice was not submitted, or is incomplete.
    """
    require_reviewer(state, user, role)
    if user in state.amended_by:
        raise NotAllowed(
            f"another person has to read and submit it first: {user} took changes of a reviewed file in, and nobody "
            "else has seen them"
        )
    covered = Covered(content_sha256=content_sha256, facts_sha256=facts_sha256, rulebook_hash=rulebook_hash)
    if not confirms(state, covered):
        require_status(state, "approve", {"in review"})
    if problems:
        raise OutOfOrder("the notice cannot be approved: " + "; ".join(problems))
    return [NoticeApproved(content_sha256=content_sha256, facts_sha256=facts_sha256, rulebook_hash=rulebook_hash)]


def approval_problems(state: Notice, *, content_sha256: str, facts_sha256: str, rulebook_hash: str) -> tuple[str, ...]:
    """Why the notice may not leave now; empty where its approval covers it."""
    if state.approval is None:
        return ("counsel has not approved it",)
    now = Covered(content_sha256=content_sha256, facts_sha256=facts_sha256, rulebook_hash=rulebook_hash)
    return tuple(f"{change} after approval" for change in changed_since(Covered.by(state.approval), now))


def changed_since(then: Covered, now: Covered) -> tuple[str, ...]:
    """What an approval of then does not cover now; empty where nothing changed."""
    both = (
        ("the text changed", then.content_sha256, now.content_sha256),
        ("the facts of the incident changed", then.facts_sha256, now.facts_sha256),
        ("the rulebook changed", then.rulebook_hash, now.rulebook_hash),
    )
    return tuple(change for change, before, after in both if before != after)


def require_reviewer(state: Notice, user: str, role: str) -> None:
    """Refuse a review by anybody but counsel, and by whoever drafted the notice."""
    if role != "counsel":
        raise NotAllowed(f"{user} works here as {role.replace('_', ' ')}; a notice is reviewed by counsel")
    if user in state.drafters:
        raise NotAllowed(f"{user} drafted this notice; another person must review it")
