"""The texts of a Moodle question: their format, and the pictures that come with them."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from urllib.parse import unquote

from app.exchange.pictures import Resolve, from_base64
from app.exchange.rich_text import (
    NOTHING,
    Rich,
    from_html,
    from_markdown,
    from_moodle,
    from_plain,
)
from app.exchange.xml_text import Element

_HELD = "@@PLUGINFILE@@/"


def word(parent: Element, path: str) -> str:
    """Return the text of the element at the path, trimmed; empty when there is none."""
    found = parent.find(path)
    return "" if found is None else "".join(found.itertext()).strip()


def rich(parent: Element, path: str) -> Rich:
    """Return the formatted text of the element at the path."""
    found = parent.find(path)
    return NOTHING if found is None else rich_of(found)


def rich_of(element: Element, *, usual: str = "html") -> Rich:
    """Return the formatted text of an element that holds `<text>` and perhaps `<file>`."""
    text = element.find("text")
    words = "".join((element if text is None else text).itertext())
    if not words.strip():
        return NOTHING
    format_ = element.get("format", usual)
    if format_ == "plain_text":
        return from_plain(words)
    resolve = files_of(element)
    if format_ == "moodle_auto_format":
        return from_moodle(words, resolve)
    return from_markdown(words, resolve) if format_ == "markdown" else from_html(words, resolve)


def files_of(element: Element) -> Resolve:
    """Return what finds a file among those of the text, else among those of its question."""

    def resolve(address: str) -> bytes | None:
        name = unquote(address.removeprefix(_HELD)).partition("?")[0].lstrip("/")
        for file in _files(element):
            path = (file.get("path") or "/").strip("/")
            full = f"{path}/{file.get('name')}" if path else file.get("name")
            if name in {full, file.get("name")}:
                return from_base64((file.text or "").strip())
        return None

    return resolve


def _files(element: Element) -> Iterator[Element]:
    yield from element.iterfind("file")
    question = next((a for a in element.iterancestors("question")), None)
    if question is not None:
        yield from question.iterfind(".//file")


def decimal(text: str) -> Decimal | None:
    """Return a finite number of sensible size, None for anything else."""
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    sensible = number.is_finite() and abs(number.adjusted()) < 40  # noqa: PLR2004
    return number if sensible else None


def fraction(element: Element) -> Decimal:
    """Return the share of the marks an answer earns, 1 for all."""
    return (decimal(element.get("fraction", "0")) or Decimal(0)) / 100
