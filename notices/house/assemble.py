"""From the files of the organization's own templates to what a letter carries of them."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Final

import msgspec

from notices.context import House, Letterhead, Picture, Signature
from notices.errors import NoticeError
from notices.glyphs import described, missing_glyphs, width_in_points
from notices.house.pictures import picture_of
from notices.house.sections import NAME, section_faults
from notices.house.style import Style, style_of

MANIFEST: Final = "own.toml"
STYLE: Final = "own.css"
_LINES_ALONE: Final = 4
_LINES_UNDER: Final = 2
_ALONE: Final = (624, 106)
_ABOVE: Final = (624, 48)
"""Width and height in CSS pixels of a picture alone, or with lines under it: with the mark of an exercise and in large
print all of it still stays in the 1.5 inches above the envelope window (css/letter.css)."""
_PICTURES: Final = "img { display: block; }"
"""Without the room that a line leaves below its letters."""
_SIGNATURE: Final = (260, 70)
_LINE_WIDTH: Final = 6.5 * 72
_NAME_SIZE: Final = 20.0
"""Points: 18 as in large print, and the breadth of bold type."""


class LetterheadPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[letterhead]` of own.toml: a picture with its words for those who cannot see it, lines, or both."""

    picture: str | None = None
    alt: str | None = None
    lines: tuple[str, ...] = ()


class SignaturePart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[signature]` of own.toml. Without a name the organization's signatory stands under the picture."""

    picture: str | None = None
    alt: str | None = None
    name: str | None = None
    title: str | None = None


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """own.toml."""

    title: str
    letterhead: LetterheadPart | None = None
    signature: SignaturePart | None = None

    @property
    def pictures(self) -> tuple[str, ...]:
        """The files it names."""
        parts = (self.letterhead, self.signature)
        return tuple(part.picture for part in parts if part is not None and part.picture is not None)


def manifest_of(content: bytes) -> Manifest:
    """own.toml, read strictly.

    Raises:
        NoticeError: naming file and line, or file and field.
    """
    try:
        return msgspec.convert(tomllib.loads(content.decode()), Manifest)
    except UnicodeDecodeError:
        raise NoticeError(f"{MANIFEST}: this is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise NoticeError(f"{MANIFEST}: {error}") from None
    except msgspec.ValidationError as error:
        raise NoticeError(f"{MANIFEST}: {error}") from None


def house_of(files: Mapping[str, bytes]) -> House:
    """The templates of these files, checked as far as can be told without writing a letter.

    `files` are names (such as `sections/en/hipaa.contact.html.j2`) with contents, pictures made safe.

    Raises:
        NoticeError: with one `file:line: message` line per fault.
    """
    return _house_of(tuple(sorted(files.items())))


@lru_cache(maxsize=2)
def _house_of(content: tuple[tuple[str, bytes], ...]) -> House:
    """Once for each set: a letter is written again after every entry."""
    files = dict(content)
    found, faults = _read(files)
    if faults:
        raise NoticeError(*faults)
    return found


def house_faults(files: Mapping[str, bytes], *, but: Collection[str] = ()) -> tuple[str, ...]:
    """What `house_of` would refuse; pictures named in `but` are taken for granted."""
    return _read(files, but)[1]


def _read(files: Mapping[str, bytes], but: Collection[str] = ()) -> tuple[House, tuple[str, ...]]:
    """The templates as far as they can be read, and what is wrong with them."""
    if MANIFEST not in files:
        raise NoticeError(f"{MANIFEST}: it is missing; it names the templates and what belongs to them")
    manifest = manifest_of(files[MANIFEST])
    faults = [*_worded(manifest), *written_faults(files)]
    letterhead = _letterhead(manifest.letterhead, files, faults, but)
    signature = _signature(manifest.signature, files, faults, but)
    style, _ = _style(files)
    house = House(
        title=manifest.title,
        sha256=_sha256(files),
        letterhead=letterhead,
        signature=signature,
        sections=tuple((name, files[name].decode(errors="replace")) for name in sorted(files) if NAME.fullmatch(name)),
        style=f"{_PICTURES}\n{style.normal}",
        style_large=f"{_PICTURES}\n{style.large}",
    )
    return house, tuple(faults)


def written_faults(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """What is wrong with the sections and the style sheet, as `file:line: message` lines."""
    faults: list[str] = []
    for name in sorted(name for name in files if NAME.fullmatch(name)):
        try:
            source = files[name].decode()
        except UnicodeDecodeError:
            faults.append(f"{name}: this is not UTF-8 text")
            continue
        faults += section_faults(name, source) or _unprintable(name, source)
    return (*faults, *_style(files)[1])


def _sha256(files: Mapping[str, bytes]) -> str:
    hashed = hashlib.sha256()
    for name, content in sorted(files.items()):
        hashed.update(f"{name}\0{len(content)}\0".encode() + content)
    return hashed.hexdigest()


def _style(files: Mapping[str, bytes]) -> tuple[Style, tuple[str, ...]]:
    if STYLE not in files:
        return Style(), ()
    try:
        return style_of(files[STYLE].decode(), STYLE)
    except UnicodeDecodeError:
        return Style(), (f"{STYLE}: this is not UTF-8 text",)


def _worded(manifest: Manifest) -> list[str]:
    """Words of own.toml that the fonts cannot print, or that are not words."""
    head, sign = manifest.letterhead or LetterheadPart(), manifest.signature or SignaturePart()
    said = {"title": manifest.title, "letterhead.alt": head.alt, "signature.alt": sign.alt}
    said |= {"signature.name": sign.name, "signature.title": sign.title}
    said |= {f"letterhead.lines, line {number}": line for number, line in enumerate(head.lines, start=1)}
    faults = []
    for field, words in said.items():
        if words is None:
            continue
        if not words.strip() or not words.isprintable() or len(words) > 120:
            faults.append(f"{MANIFEST}: {field}: words of up to 120 printable characters")
        faults += _unprintable(f"{MANIFEST}: {field}", words)
    return faults


def _unprintable(place: str, words: str) -> list[str]:
    lines = ((number, missing_glyphs(line)) for number, line in enumerate(words.split("\n"), start=1))
    return [
        f"{place}{f':{number}' if chr(10) in words else ''}: the fonts cannot print {described(missing)}"
        for number, missing in lines
        if missing
    ]


def _letterhead(
    part: LetterheadPart | None, files: Mapping[str, bytes], faults: list[str], but: Collection[str]
) -> Letterhead | None:
    if part is None:
        return None
    if part.picture is None and not part.lines:
        faults.append(f"{MANIFEST}: letterhead: give a picture, lines, or both")
    most = _LINES_UNDER if part.picture is not None else _LINES_ALONE
    if len(part.lines) > most:
        faults.append(f"{MANIFEST}: letterhead.lines: {len(part.lines)} lines; there is room for {most}")
    for number, line in enumerate(part.lines, start=1):
        if width_in_points(line, _NAME_SIZE if number == 1 else 14.0) > _LINE_WIDTH:
            faults.append(f"{MANIFEST}: letterhead.lines, line {number}: wider than the sheet")
    picture = None
    try:
        picture = _picture(part, files, _ABOVE if part.lines else _ALONE, but)
    except NoticeError as error:
        faults += [f"{MANIFEST}: letterhead: {fault}" for fault in error.faults]
    return Letterhead(picture=picture, name=part.lines[0] if part.lines else None, lines=part.lines[1:])


def _signature(
    part: SignaturePart | None, files: Mapping[str, bytes], faults: list[str], but: Collection[str]
) -> Signature | None:
    if part is None:
        return None
    if part.picture is None and part.name is None:
        faults.append(f"{MANIFEST}: signature: give a picture, a name, or both")
    if part.title is not None and part.name is None:
        faults.append(f"{MANIFEST}: signature.title: a title needs the name that it belongs to")
    picture = None
    try:
        picture = _picture(part, files, _SIGNATURE, but)
    except NoticeError as error:
        faults += [f"{MANIFEST}: signature: {fault}" for fault in error.faults]
    return Signature(picture=picture, name=part.name, title=part.title)


def _picture(
    part: LetterheadPart | SignaturePart, files: Mapping[str, bytes], box: tuple[int, int], but: Collection[str]
) -> Picture | None:
    if part.picture is None:
        if part.alt is not None:
            raise NoticeError("alt: there is no picture")
        return None
    if part.alt is None:
        raise NoticeError("alt: say in words what the picture shows, for people who cannot see it")
    if part.picture in but:
        return None
    if part.picture not in files:
        raise NoticeError(f"picture: there is no file {part.picture!r} in the folder")
    return picture_of(part.picture, files[part.picture], part.alt, width=box[0], height=box[1])
