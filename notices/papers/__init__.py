"""The kinds of documents that are made from one template each, by name."""

from __future__ import annotations

from typing import Final

from notices.paper import Paper

_ALL: tuple[Paper, ...] = ()

PAPERS: Final[dict[str, Paper]] = {paper.kind.name: paper for paper in _ALL}
