"""Review by counsel who is not at the keyboard, and rejection: what may be decided, and the code that comes back.

A code stands for exactly one text on exactly one set of facts under exactly one rulebook. It shows which text was
approved. Who read it out, only the person shows who reports it: such an approval ranks below counsel's own.
"""

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

from incident.approval import changed_since, require_reviewer
from incident.errors import ApprovalVoid, InvalidInput, NotAllowed
from incident.events import ApprovalReported, Event, NoticeRejected, RenderedFile, ReviewSent
from incident.notice import Covered, Notice, require_status

CHANNELS: tuple[tuple[str, str], ...] = (
    ("telephone", "by telephone"),
    ("email", "by e-mail"),
    ("letter", "by letter"),
    ("in_person", "in person"),
)
"""How an approval reached whoever reports it, and in words."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HEARD_AS = str.maketrans("OIL", "011")
_SYMBOLS, _GROUP, _CHECK_BITS = 15, 5, 10
_BODY_BITS = _SYMBOLS * 5 - _CHECK_BITS
_LONGEST_NAME = 120


def approval_code(notice_id: UUID, covered: Covered) -> str:
    """Three groups of five letters and digits (Crockford's alphabet), such as `7Q2KM-9F3AX-K4M2P`.

    65 bits of a hash, and 10 check bits that tell a slip of the tongue from a code of another text.
    """
    parts = (notice_id.hex, covered.content_sha256, covered.facts_sha256, covered.rulebook_hash)
    digest = hashlib.sha256("|".join(("breach approval 1", *parts)).encode()).digest()
    body = int.from_bytes(digest) >> len(digest) * 8 - _BODY_BITS
    number = body << _CHECK_BITS | _check_bits(body)
    symbols = "".join(_ALPHABET[number >> shift & 31] for shift in range((_SYMBOLS - 1) * 5, -1, -5))
    return "-".join(symbols[start : start + _GROUP] for start in range(0, _SYMBOLS, _GROUP))


def read_code(text: str) -> str:
    """A code as it was typed, in its printed form; spaces, hyphens and small letters do not matter.

    Raises:
        InvalidInput: it is no code, or a character of it is wrong.
    """
    symbols = "".join(text.split()).replace("-", "").upper().translate(_HEARD_AS)
    if len(symbols) != _SYMBOLS or not set(symbols) <= set(_ALPHABET):
        raise InvalidInput(f"code: it has {_SYMBOLS} letters and digits, without U; this one has not")
    number = 0
    for symbol in symbols:
        number = number << 5 | _ALPHABET.index(symbol)
    if number & (1 << _CHECK_BITS) - 1 != _check_bits(number >> _CHECK_BITS):
        raise InvalidInput("code: a character is wrong; have it read out again, group by group")
    return "-".join(symbols[start : start + _GROUP] for start in range(0, _SYMBOLS, _GROUP))


def _check_bits(body: int) -> int:
    return int.from_bytes(hashlib.sha256(b"breach approval check" + body.to_bytes(9)).digest()[:2]) >> 16 - _CHECK_BITS


def decide_reject(state: Notice, user: str, role: str, comment: str) -> list[Event]:
    """Take a notice out of use for good, as its reviewer.

    Raises:
        NotAllowed: the person is not counsel, or drafted it.
        InvalidInput: it does not say why.
    """
    require_reviewer(state, user, role)
    require_status(state, "reject", {"in review", "changes requested", "approved", "rendered"})
    if not comment.strip():
        raise InvalidInput("comment: say why it is not to be used")
    return [NoticeRejected(comment=comment.strip())]


def decide_send(
    state: Notice, *, counsel: str, counsel_user: str | None, covered: Covered, files: Sequence[RenderedFile]
) -> list[Event]:
    """Record that the notice went to counsel as files.

    Raises:
        InvalidInput: nobody is named.
        NotAllowed: whoever is named drafted it.
    """
    require_status(state, "send to counsel", {"in review"})
    name = " ".join(counsel.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise InvalidInput(f"counsel: a user name or a name of up to {_LONGEST_NAME} printable characters")
    if counsel_user in state.drafters | state.amended_by:
        raise NotAllowed(f"{name} drafted this notice, or took changes in; another person must review it")
    return [
        ReviewSent(
            counsel=name,
            counsel_user=counsel_user,
            content_sha256=covered.content_sha256,
            facts_sha256=covered.facts_sha256,
            rulebook_hash=covered.rulebook_hash,
            files=tuple(files),
        )
    ]


def decide_report(
    state: Notice, *, code: str, channel: str, covered: Covered, problems: Sequence[str], names: Mapping[str, str]
) -> list[Event]:
    """Record that counsel's approval was reported, by the code of the files that went to them.

    `covered` is the notice as it would leave now, `problems` what is missing or forbidden in it, `names` what users are
    called by their user names.

    Raises:
        InvalidInput: it is not a code of files for review of this notice, or the channel is unknown.
        ApprovalVoid: it is, and something changed since; the message says what.
        NotAllowed: the counsel who is named drafted the notice.
    """
    require_status(state, "take a reported approval for", {"in review"})
    if channel not in dict(CHANNELS):
        raise InvalidInput(f"channel: {channel!r} is not one of {', '.join(dict(CHANNELS))}")
    typed = read_code(code)
    sent = next((each for each in reversed(state.sent_for_review) if _code_of(state, each) == typed), None)
    if sent is None:
        raise InvalidInput("code: no files for review of this notice have it; is it of another notice?")
    if changes := changed_since(Covered.by(sent), covered):
        raise ApprovalVoid(f"code: it stands for what {sent.counsel} was sent, and since then {'; '.join(changes)}")
    if problems:
        raise ApprovalVoid("the notice cannot be approved: " + "; ".join(problems))
    wrote = state.drafters | state.amended_by
    if sent.counsel_user in wrote or sent.counsel.casefold() in {names.get(user, user).casefold() for user in wrote}:
        raise NotAllowed(f"{sent.counsel} drafted this notice, or took changes in; another person must review it")
    return [
        ApprovalReported(
            counsel=sent.counsel,
            counsel_user=sent.counsel_user,
            channel=channel,
            code=typed,
            content_sha256=covered.content_sha256,
            facts_sha256=covered.facts_sha256,
            rulebook_hash=covered.rulebook_hash,
        )
    ]


def _code_of(state: Notice, sent: ReviewSent) -> str:
    return approval_code(state.id, Covered.by(sent))
