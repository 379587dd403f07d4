"""Pictures of a letterhead or a signature, made safe: they refer to nothing, run nothing, tell nothing of their making.

PNG and JPEG are decoded and written anew, so that only their dots are left. Of an SVG only shapes, lines and their
colours are kept; what could fetch, run, or print words that no check reads is refused with its line.
"""

from __future__ import annotations

import base64
import io
import re
from typing import Final

import tinycss2
from lxml import etree
from PIL import Image, UnidentifiedImageError

from notices.context import Picture
from notices.errors import NoticeError

LARGEST: Final = 150_000
"""Bytes of one picture. Engines carry it through every letter that they lay out whole."""
_SIDE: Final = 4_000
_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "{http://www.w3.org/1999/xlink}href"
_SHAPES: Final = frozenset(
    ["svg", "g", "defs", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "linearGradient",
     "radialGradient", "stop"]
)  # fmt: skip
_SILENT: Final = frozenset(["title", "desc", "metadata"])
"""Elements that print nothing and are left out."""
_LOOKS: Final = frozenset(
    ["fill", "fill-rule", "fill-opacity", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin",
     "stroke-miterlimit", "stroke-dasharray", "stroke-opacity", "opacity", "stop-color", "stop-opacity"]
)  # fmt: skip
_GEOMETRY: Final = frozenset(
    ["id", "viewBox", "width", "height", "transform", "d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx",
     "ry", "fx", "fy", "points", "offset", "gradientUnits", "gradientTransform", "spreadMethod"]
)  # fmt: skip
_VALUE: Final = re.compile(r"[\w#%.,()+ \t\r\n-]*|url\(#[\w-]+\)")
_INSIDE: Final = re.compile(r"#[\w-]+")
_LENGTH: Final = re.compile(r"([\d.]+)(px|pt|mm|cm|in)?")


def safe_picture(name: str, content: bytes) -> bytes:
    """The picture as it is kept; `name` is its file name, which tells the kind. Applied again it changes nothing.

    Raises:
        NoticeError: with one `file:line: message` line per fault.
    """
    ending = name.rpartition(".")[2].lower()
    match ending:
        case "svg":
            safe = _safe_svg(name, content)
        case "png":
            safe = _safe_dots(name, content, "PNG")
        case "jpg" | "jpeg":
            safe = _safe_dots(name, content, "JPEG")
        case _:
            raise NoticeError(f"{name}: a picture is a .png, .jpg or .svg file")
    if len(safe) > LARGEST:
        raise NoticeError(f"{name}: {len(safe):,} bytes when made safe; at most {LARGEST:,}. Use fewer dots or an SVG")
    return safe


def picture_of(name: str, safe: bytes, alt: str, *, width: int, height: int) -> Picture:
    """The picture as large as fits into a box of CSS pixels, in its own proportions.

    Raises:
        NoticeError: it is not one that `safe_picture` made.
    """
    ending = name.rpartition(".")[2].lower()
    if ending == "svg":
        if _safe_svg(name, safe) != safe:
            raise NoticeError(f"{name}: this is not the picture as it was made safe")
        kind, (own_width, own_height) = "svg+xml", _svg_size(name, etree.fromstring(safe, _parser()))
    else:
        kind = "png" if ending == "png" else "jpeg"
        with _opened(name, safe, kind.upper()) as image:
            own_width, own_height = float(image.width), float(image.height)
    scale = min(width / own_width, height / own_height)
    return Picture(
        src=f"data:image/{kind};base64,{base64.b64encode(safe).decode()}",
        alt=alt,
        width=max(1, round(own_width * scale)),
        height=max(1, round(own_height * scale)),
    )


def _opened(name: str, content: bytes, kind: str) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content), formats=(kind,))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        raise NoticeError(f"{name}: this is not a {kind} picture that can be read") from None
    if max(image.size) > _SIDE:
        raise NoticeError(f"{name}: {image.width:,} by {image.height:,} dots; at most {_SIDE:,} on a side")
    return image


_ENDS: Final = {"PNG": b"IEND\xaeB`\x82", "JPEG": b"\xff\xd9"}
"""With what a whole file ends. The library may have been told by others to fill up what is missing."""


def _safe_dots(name: str, content: bytes, kind: str) -> bytes:
    with _opened(name, content, kind) as image:
        if not content.rstrip(b"\0\r\n ").endswith(_ENDS[kind]):
            raise NoticeError(f"{name}: the picture breaks off")
        if _is_safe(image, kind):
            try:
                image.load()
            except (OSError, ValueError, SyntaxError):
                raise NoticeError(f"{name}: the picture breaks off or is damaged") from None
            if len(content) <= LARGEST:
                return content
        return _dots_anew(name, image, kind)


def _is_safe(image: Image.Image, kind: str) -> bool:
    """Whether it holds dots alone, as `_dots_anew` writes them."""
    marks = {"jfif", "jfif_version", "jfif_unit", "jfif_density"} if kind == "JPEG" else set()
    return image.mode in ("RGB", "L") and set(image.info) <= marks


def _dots_anew(name: str, image: Image.Image, kind: str) -> bytes:
    try:
        if image.mode in ("1", "L"):
            flat = image.convert("L")
        else:
            seen = image.convert("RGBA")
            paper = Image.new("RGBA", seen.size, "white")
            flat = Image.alpha_composite(paper, seen).convert("RGB")
    except (OSError, ValueError, SyntaxError):
        raise NoticeError(f"{name}: the picture breaks off or is damaged") from None
    out = io.BytesIO()
    if kind == "PNG":
        flat.save(out, "PNG", optimize=True)
    else:
        flat.save(out, "JPEG", quality=90, optimize=True)
    return out.getvalue()


# ---- SVG


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _safe_svg(name: str, content: bytes) -> bytes:
    try:
        root = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        raise NoticeError(f"{name}:{error.lineno or 1}: this is not an SVG picture: {error.msg}") from None
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise NoticeError(f"{name}:1: a picture declares no entities")
    if root.tag != f"{{{_SVG}}}svg":
        raise NoticeError(f"{name}:1: this is not an SVG picture")
    faults: list[str] = []
    kept = _kept(name, root, faults)
    if faults:
        raise NoticeError(*faults)
    assert kept is not None
    _svg_size(name, kept)
    return bytes(etree.tostring(kept, encoding="utf-8"))


def _kept(name: str, element: etree._Element, faults: list[str]) -> etree._Element | None:
    """The element with what may stay in it; None where nothing of it prints."""
    if not isinstance(element.tag, str):
        return None  # a comment or a processing instruction
    tag = etree.QName(element)
    if tag.namespace != _SVG or tag.localname in _SILENT:
        return None
    if tag.localname not in _SHAPES:
        advice = ": turn text into paths" if tag.localname in ("text", "tspan") else ": export it as plain shapes"
        faults.append(f"{name}:{element.sourceline}: <{tag.localname}> has no place in a letterhead{advice}")
        return None
    kept = etree.Element(f"{{{_SVG}}}{tag.localname}", nsmap={None: _SVG})
    for attribute, value in _looks(element):
        fault = _fault(attribute, value)
        if fault:
            faults.append(f"{name}:{element.sourceline}: {attribute}= {fault}")
        elif attribute in _LOOKS | _GEOMETRY | {_XLINK}:
            kept.set(attribute, value)
    for child in element:
        found = _kept(name, child, faults)
        if found is not None:
            kept.append(found)
    return kept


def _fault(attribute: str, value: str) -> str:
    """What is wrong with an attribute that means something; others are left out."""
    if attribute.startswith("on"):
        return "a picture runs nothing"
    if attribute in (_XLINK, "href") and not _INSIDE.fullmatch(value):
        return "a picture refers to nothing outside itself"
    if attribute in _LOOKS | _GEOMETRY and not _VALUE.fullmatch(value):
        return f"{value[:40]!r} cannot stand here"
    return ""


def _looks(element: etree._Element) -> list[tuple[str, str]]:
    """The attributes, with what a `style` says as attributes of its own."""
    found = [(str(key), str(value)) for key, value in element.attrib.items() if key != "style"]
    for declared in tinycss2.parse_declaration_list(element.get("style", ""), skip_comments=True, skip_whitespace=True):
        if declared.type == "declaration" and declared.lower_name in _LOOKS:
            found.append((declared.lower_name, tinycss2.serialize(declared.value).strip()))
    return found


def _svg_size(name: str, root: etree._Element) -> tuple[float, float]:
    box = root.get("viewBox", "").replace(",", " ").split()
    try:
        if len(box) == 4:
            width, height = float(box[2]), float(box[3])
        else:
            width, height = (
                float(found.group(1))
                for found in (_LENGTH.fullmatch(root.get(side, "")) for side in ("width", "height"))
                if found is not None
            )
    except ValueError:
        raise NoticeError(f"{name}:1: the picture does not say its size (viewBox, or width and height)") from None
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise NoticeError(f"{name}:1: the picture has no size")
    return width, height
