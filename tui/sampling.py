"""The sample of printed letters in words: what is read, what it stands for, how it was answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from rich.text import Text

from incident.events import SampleRefused, SampleSigned
from incident.notice import Notice
from notices.errors import NoticeError
from notices.manifest import MANIFEST
from notices.sample import Sample, SampledLetter, drawn_sample

if TYPE_CHECKING:
    from tui.session import Session

AT_ONCE = 3
"""Letters on the screen together: a small case is read on one screen and signed with one key."""

Drawn = tuple[Notice, Sample]


def drawn(session: Session, notice_id: UUID) -> Drawn:
    """The notice as of the moment in view, and the sample of its last rendering.

    Raises:
        NoticeError: nothing was rendered, or no letters.
        NotFound, CaseUnusable: a file is missing or was altered.
    """
    state = (session.past or session.service.desk).notice(notice_id)
    listed = [file.sha256 for file in state.rendered.files if file.name == MANIFEST] if state.rendered else []
    if not listed:
        raise NoticeError("nothing was rendered yet; a sample is drawn from printed letters")
    return state, drawn_sample(session.service.blobs.get, listed[-1])


def letter_head(letter: SampledLetter, number: int, of: int) -> str:
    """Letter 3 of 59 · 2026-014-1-000123 · us.adult.en · 2 pages."""
    pages = f"{letter.pages} page{'' if letter.pages == 1 else 's'}"
    return f"Letter {number} of {of} · {letter.code} · {letter.variant} · {pages}"


def laid_out(sample: Sample, turn: int) -> str:
    """The letters of one turn, one under the other as they were printed."""
    parts = []
    for number in range(turn * AT_ONCE, min((turn + 1) * AT_ONCE, len(sample.sampled))):
        letter = sample.sampled[number]
        head = letter_head(letter, number + 1, len(sample.sampled))
        rule = "═" * 60
        parts.append(f"{rule}\n{head}\n{rule}\n{letter.text.replace(chr(12), '─' * 20 + ' next sheet')}")
    return "\n\n".join(parts)


def turns(sample: Sample) -> int:
    """How many screens the sample takes."""
    return -(-len(sample.sampled) // AT_ONCE)


def answer_words(state: Notice) -> Text:
    """Whether it was signed or refused."""
    match state.sample:
        case SampleSigned():
            return Text("✓ Signed: the letters were read and are right.", style="bold")
        case SampleRefused(reason=reason):
            return Text(f"✗ Refused: {reason}. Nothing of this rendering may leave.", style="bold")
        case _:
            return Text("Not signed yet: no letter may leave.", style="bold")


def sample_lines(state: Notice, sample: Sample) -> Sequence[str | Text]:
    """What the sample is, and how anybody can draw it again."""
    return (
        Text(f"Sample: {sample.why}.", style="bold"),
        answer_words(state),
        "",
        f"Manifest: {sample.manifest_sha256}",
        "Drawn are the letters with the lowest SHA-256 of MANIFEST:CODE. Nobody can choose them, anybody can check:",
        "  printf %s MANIFEST:CODE | sha256sum",
        "",
        *sample.codes,
    )
