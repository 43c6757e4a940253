"""Pictures made harmless: pixels are decoded and written anew, drawings keep only what draws.

Nothing of the file that came in is kept as it was, so nothing hidden in it reaches a learner.
"""

import io
import re
import warnings
from dataclasses import dataclass
from hashlib import sha256
from xml.etree import ElementTree as ET

from PIL import Image, UnidentifiedImageError

from app.services.errors import Invalid

MOST_BYTES = 1_500_000
MOST_PIXELS = 16_000_000
LONGEST_SIDE = 1600
MOST_ELEMENTS = 5_000
DEEPEST = 50
NAME_LENGTH = 32
QUALITY = 85
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
SVG = "http://www.w3.org/2000/svg"
UNREADABLE = "This file is no picture we can read. Use PNG, JPEG, WebP or SVG."

SHAPES = frozenset(
    {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text"}
    | {"tspan", "title", "desc", "defs", "linearGradient", "radialGradient", "stop", "clipPath"}
)
ATTRIBUTES = frozenset(
    {"viewBox", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry"}
    | {"d", "points", "transform", "fill", "stroke", "stroke-width", "stroke-linecap", "id"}
    | {"stroke-linejoin", "stroke-dasharray", "fill-opacity", "stroke-opacity", "opacity", "dx"}
    | {"fill-rule", "clip-rule", "font-size", "font-family", "font-weight", "text-anchor", "dy"}
    | {"offset", "stop-color", "stop-opacity", "gradientUnits", "gradientTransform", "clip-path"}
    | {"preserveAspectRatio"}
)
# A value may name a part of the same drawing, and no other place.
_LOCAL = re.compile(r"url\(#[A-Za-z][\w-]*\)")
_PLACE = re.compile(r"url\s*\(|:\s*//|javascript|data\s*:|\\|&|<|expression|@import", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Picture:
    """A harmless picture. `name` is the digest of its content: it tells nothing about it."""

    name: str
    content_type: str
    content: bytes
    width: int
    height: int


def harmless(content: bytes) -> Picture:
    """The picture of an uploaded file, or Invalid with what is wrong."""
    if not content:
        raise Invalid("Choose a file", field="file")
    if len(content) > MOST_BYTES:
        raise Invalid("The file is larger than %(most)s MB.", field="file", most=MOST_BYTES / 1e6)
    head = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        return _drawing(content)
    return _pixels(content)


def _pixels(content: bytes) -> Picture:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow only warns of a picture that would burst
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Invalid("The picture has too many pixels.", field="file")
                return _written_anew(image)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
        Warning,
    ) as error:
        raise Invalid(UNREADABLE, field="file") from error


def _written_anew(image: Image.Image) -> Picture:
    plain = image.convert("RGBA" if _has_alpha(image) else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A fresh canvas takes the pixels and none of the notes a camera or a person put beside them.
    canvas = Image.new(plain.mode, plain.size)
    canvas.paste(plain)
    out = io.BytesIO()
    if image.format == "JPEG":
        canvas.save(out, "JPEG", quality=QUALITY, optimize=True)
        return _named(out.getvalue(), "jpg", "image/jpeg", *canvas.size)
    canvas.save(out, "PNG", optimize=True)
    return _named(out.getvalue(), "png", "image/png", *canvas.size)


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info


def _drawing(content: bytes) -> Picture:
    lowered = content.lower()
    if b"<!doctype" in lowered or b"<!entity" in lowered or b"\x00" in content:
        raise Invalid("A drawing must not declare a document type.", field="file")
    try:
        root = ET.fromstring(content)  # noqa: S314 - no document type, so no entity to expand
    except (ET.ParseError, ValueError, LookupError) as error:
        raise Invalid(UNREADABLE, field="file") from error
    if root.tag not in {f"{{{SVG}}}svg", "svg"} or sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise Invalid(UNREADABLE, field="file")
    clean = _cleaned(root, depth=0)
    if clean is None:
        raise Invalid(UNREADABLE, field="file")
    clean.set("xmlns", SVG)
    text = ET.tostring(clean, encoding="unicode")
    width, height = _size(clean)
    return _named(text.encode(), "svg", "image/svg+xml", width, height)


def _cleaned(element: ET.Element, *, depth: int) -> ET.Element | None:
    """The element with the parts that draw; None for what does anything else."""
    name = _local_name(element.tag)
    if name not in SHAPES or depth > DEEPEST:
        return None
    kept = {key: value for key, value in element.attrib.items() if _is_harmless(key, value)}
    clean = ET.Element(name, kept)
    clean.text = element.text
    for child in element:
        inner = _cleaned(child, depth=depth + 1)
        if inner is not None:
            inner.tail = child.tail
            clean.append(inner)
    return clean


def _local_name(tag: object) -> str:
    if not isinstance(tag, str):  # a comment or a processing instruction
        return ""
    return tag.removeprefix(f"{{{SVG}}}")


def _is_harmless(name: str, value: str) -> bool:
    return name in ATTRIBUTES and not _PLACE.search(_LOCAL.sub("", value))


def _size(svg: ET.Element) -> tuple[int, int]:
    box = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", svg.get("viewBox", ""))]
    found = [_NUMBER.match(svg.get(side, "")) for side in ("width", "height")]
    sides = [float(n[1]) if n else 0.0 for n in found]
    if len(box) == 4:  # noqa: PLR2004 - left, top, width, height
        sides = [side or span for side, span in zip(sides, box[2:], strict=True)]
    width, height = (min(max(round(side), 1), 10_000) for side in (sides[0], sides[1]))
    return width, height


def _named(content: bytes, suffix: str, content_type: str, width: int, height: int) -> Picture:
    name = sha256(content).hexdigest()[:NAME_LENGTH]
    return Picture(f"{name}.{suffix}", content_type, content, width, height)
