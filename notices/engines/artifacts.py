"""Footers as what they are: artifacts of pagination, which a screen reader leaves out (ISO 14289-1, 7.8).

WeasyPrint marks the words of a margin box as content, but hangs their elements into no structure: a reader that follows
the tags never comes to them, one that follows the pages reads the label of the sheet in the middle of a sentence.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

_FOOTER = pikepdf.Dictionary(Type=pikepdf.Name.Pagination)


def footers_as_artifacts(pdf: bytes) -> bytes:
    """The same file, in which marked content that no element of the structure holds is an artifact of pagination."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root.StructTreeRoot
        held = set(_held(root.K))
        parents = {
            int(number): entry
            for number, entry in zip(root.ParentTree.Nums[::2], root.ParentTree.Nums[1::2], strict=True)
        }
        for page in document.pages:
            place = page.obj.objgen
            instructions = [
                _as_artifact(each) if _mark(each) is not None and (place, _mark(each)) not in held else each
                for each in pikepdf.parse_content_stream(page)
            ]
            page.Contents = document.make_stream(pikepdf.unparse_content_stream(instructions))
            entries = parents.get(int(page.get("/StructParents", -1)))
            if isinstance(entries, pikepdf.Array):
                for number in range(len(entries)):
                    if (place, number) not in held:
                        entries[number] = None
        out = io.BytesIO()
        document.save(out, deterministic_id=True, compress_streams=True)
    return out.getvalue()


def _held(value: Any) -> Iterator[tuple[tuple[int, int], int]]:  # noqa: ANN401 - whatever a PDF holds
    """Page and number of each piece of content that the structure holds."""
    waiting: list[tuple[Any, Any]] = [(value, None)]
    while waiting:
        each, page = waiting.pop()
        if isinstance(each, pikepdf.Array):
            waiting += [(inner, page) for inner in each]
        elif isinstance(each, pikepdf.Dictionary):
            page = each.get("/Pg", page)
            if str(each.get("/Type", "")) == "/MCR":
                yield page.objgen, int(each.MCID)
            else:
                waiting.append((each.get("/K"), page))
        elif each is not None:
            yield page.objgen, int(each)


def _mark(instruction: Any) -> int | None:  # noqa: ANN401
    """The number of the marked content that an instruction begins."""
    if str(instruction.operator) != "BDC" or not isinstance(instruction.operands[1], pikepdf.Dictionary):
        return None
    number = instruction.operands[1].get("/MCID")
    return int(number) if number is not None else None


def _as_artifact(instruction: Any) -> pikepdf.ContentStreamInstruction:  # noqa: ANN401
    return pikepdf.ContentStreamInstruction([pikepdf.Name.Artifact, _FOOTER], instruction.operator)
