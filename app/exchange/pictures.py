"""Pictures found in question files: named by what they hold, taken only when they are pictures."""

import base64
import binascii
import re
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import unquote, unquote_to_bytes

from app.exchange import limits
from app.exchange.result import Picture
from app.words import Sentence

# Finds the bytes an address of the file stands for; None when the file does not hold them.
Resolve = Callable[[str], bytes | None]

_SIGNS = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)
_SVG = re.compile(
    rb"\A\xef\xbb\xbf|\s*(?:<\?xml[^>]{0,200}\?>|<!--.{0,2000}?-->|\s)*<svg[\s>]", re.DOTALL
)
_DATA = re.compile(
    r"data:(?P<type>[^,;]*)(?P<more>(?:;[^,;]*)*),(?P<content>.*)", re.DOTALL | re.IGNORECASE
)
NAMED = 20  # signs of the digest: enough that no two pictures meet


class NotAPicture(Exception):
    """Why an address gives no picture; the sentence waits for the picture's name."""

    def __init__(self, why: Sentence, **values: object) -> None:
        super().__init__(why)
        self._why = why
        self._values = values

    def said_of(self, name: str) -> Sentence:
        return Sentence(self._why.template, **{**self._values, "name": name})


def nowhere(_address: str) -> bytes | None:
    """Resolve nothing: the file can hold no pictures."""
    return None


def picture_at(address: str, resolve: Resolve) -> Picture:
    """Return the picture an image's address stands for; raise NotAPicture with the reason."""
    content = content_of(address) if address[:5].lower() == "data:" else resolve(address)
    if content is None:
        if re.match(r"(?:https?:)?//", address, re.IGNORECASE):
            raise NotAPicture(
                Sentence("The picture %(name)s is on the web, and nothing is fetched from there.")
            )
        raise NotAPicture(Sentence("The picture %(name)s is not in the file."))
    return picture_of(content)


def picture_of(content: bytes) -> Picture:
    """Return the content as a picture named by its digest; raise NotAPicture for other content."""
    if len(content) > limits.PICTURE_BYTES:
        most = limits.PICTURE_BYTES // limits.MEGABYTE
        raise NotAPicture(Sentence("The picture %(name)s is larger than %(most)d MB."), most=most)
    ending = _ending(content)
    if ending is None:
        raise NotAPicture(
            Sentence("The picture %(name)s is no PNG, JPEG, GIF, WebP or SVG picture.")
        )
    return Picture(f"{sha256(content).hexdigest()[:NAMED]}.{ending}", content)


def file_name(address: str) -> str:
    """Return the last part of an address, as people would name the picture."""
    if address.lower().startswith("data:"):
        return Sentence("embedded in the text")
    path = re.split(r"[?#]", address, maxsplit=1)[0]
    return unquote(path).replace("\\", "/").rpartition("/")[2] or address


def _ending(content: bytes) -> str | None:
    for sign, ending in _SIGNS:
        if content.startswith(sign):
            return ending
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return "svg" if _SVG.match(content[:4096]) else None


def content_of(address: str) -> bytes | None:
    """Return what a `data:` address holds, None when it is damaged."""
    data = _DATA.fullmatch(address)
    if data is None:
        return None
    content = unquote_to_bytes(data["content"])
    return from_base64(content) if ";base64" in data["more"].lower() else content


def from_base64(text: bytes | str) -> bytes | None:
    """Return what base64 text holds, None when it is damaged."""
    try:
        packed = text.encode("ascii") if isinstance(text, str) else text
        return base64.b64decode(re.sub(rb"\s+", b"", packed), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
