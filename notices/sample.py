"""A random sample of printed letters, laid out to be read before it is signed; see `incident.sample`.

What is read are the pages that were kept for the printer, not letters made again for the occasion.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import msgspec
import pikepdf

from incident.sample import draw, why_so_many
from notices.errors import NoticeError
from notices.manifest import FileRecord, Get, LetterRecord, letters, read_manifest
from notices.sight import page_words


class SampledLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter of the sample. `file` and its pages (from 1) say where it stands; `text` is read from them."""

    code: str
    variant: str
    file: str
    first_page: int
    pages: int
    text: str


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """The letters to read, of `letters` that were printed; `why` is the size with its reason."""

    manifest_sha256: str
    letters: int
    why: str
    sampled: tuple[SampledLetter, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Their references."""
        return tuple(letter.code for letter in self.sampled)


def drawn_sample(get: Get, manifest_sha256: str) -> Sample:
    """Draw the sample of a rendering and read its letters.

    Raises:
        NoticeError: the manifest cannot be read, or lists no letters.
        NotFound, CaseUnusable: a file is missing or was altered.
    """
    try:
        manifest = read_manifest(get, manifest_sha256)
        codes = set(draw(manifest_sha256, ((letter.code, letter.variant) for _, letter in letters(manifest, get))))
        found = tuple(_read(get, (pair for pair in letters(manifest, get) if pair[1].code in codes)))
    except msgspec.MsgspecError as error:
        raise NoticeError(f"manifest: it cannot be read ({error}); render the letters again") from None
    if not found:
        raise NoticeError("there are no letters to draw from: everybody was excluded")
    return Sample(
        manifest_sha256=manifest_sha256,
        letters=manifest.documents,
        why=why_so_many(manifest.documents, len(found)),
        sampled=found,
    )


def sample_sheet(get: Get, manifest_sha256: str, codes: tuple[str, ...]) -> bytes:
    """The pages of these letters as one PDF, taken from the files that were kept."""
    manifest, wanted = read_manifest(get, manifest_sha256), frozenset(codes)
    opened: tuple[str, pikepdf.Pdf] | None = None
    with pikepdf.new() as sheet:
        for file, letter in letters(manifest, get):
            if letter.code not in wanted:
                continue
            if opened is None or opened[0] != file.sha256:
                opened = file.sha256, pikepdf.open(io.BytesIO(get(file.sha256)))
            sheet.pages.extend(opened[1].pages[letter.first_page - 1 : letter.first_page - 1 + letter.pages])
        out = io.BytesIO()
        sheet.save(out, deterministic_id=True)
    return out.getvalue()


def _read(get: Get, drawn: Iterator[tuple[FileRecord, LetterRecord]]) -> Iterator[SampledLetter]:
    held: tuple[str, bytes] = "", b""
    for file, letter in drawn:
        if held[0] != file.sha256:
            held = file.sha256, get(file.sha256)
        pages = range(letter.first_page - 1, letter.first_page - 1 + letter.pages)
        try:
            text = page_words(held[1], pages)
        except (ValueError, IndexError) as error:
            raise NoticeError(f"{letter.code}: its pages cannot be read in {file.name} ({error})") from None
        yield SampledLetter(
            code=letter.code,
            variant=letter.variant,
            file=file.name,
            first_page=letter.first_page,
            pages=letter.pages,
            text=text,
        )
