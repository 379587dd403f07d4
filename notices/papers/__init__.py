"""The kinds of documents that are made from templates through a context of their own, by name."""

from __future__ import annotations

from typing import Final

from notices.paper import Paper
from notices.papers.cdph import CDPH
from notices.papers.electronic import CREDENTIALS, EMAIL
from notices.papers.hold import HOLD
from notices.papers.memos import NO_NOTICE, RISK
from notices.papers.partners import BUREAUS, OWNER
from notices.papers.public import MEDIA, SUBSTITUTE
from notices.papers.scripts import ANSWERS, CALL

_ALL: Final = (
    *(EMAIL, CREDENTIALS, SUBSTITUTE, MEDIA, CALL, ANSWERS),
    *(OWNER, CDPH, BUREAUS, HOLD, RISK, NO_NOTICE),
)

PAPERS: Final[dict[str, Paper]] = {paper.kind.name: paper for paper in _ALL}
"""Every one of them, in the order in which they are offered."""
