"""A stranger's text, brought to Markdown in which nothing is active.

Two walls, as for our own authors: nh3 keeps only elements that Markdown can say, and markdownify
then writes Markdown, in which HTML is only words. Cairn's renderer puts up two more.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape as html_escape

import nh3
from markdown_it import MarkdownIt

from app.authoring.rules.markup import markup_of
from app.exchange import limits
from app.exchange.markdown_signs import escaped
from app.exchange.pictures import (
    NotAPicture,
    Resolve,
    content_of,
    file_name,
    nowhere,
    picture_at,
)
from app.exchange.result import Picture, Refused, Telling
from app.words import Sentence

_ELEMENTS = {
    *("a", "b", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4"),
    *("h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "strong", "sub", "sup", "table"),
    *("tbody", "td", "th", "thead", "tr", "ul"),
}
_REMOVED = ("script", "style", "template", "noscript", "iframe", "object", "audio", "video", "svg")
_ACTIVE = re.compile(
    r"<\s*(script|iframe|object|embed|applet|audio|video|form|svg)\b", re.IGNORECASE
)
_FORMULA = re.compile(
    r"\$\$.{1,1000}?\$\$|\\\(.{1,1000}?\\\)|\\\[.{1,1000}?\\\]|<math\b", re.DOTALL
)
_BLANKS = re.compile(r"([ \t]{100})[ \t]++")  # layout of nobody's; a converter reads it often
_TAG = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")
_OPENING = re.compile(r"<[a-zA-Z]")
_EMBEDDED = re.compile(r"data:image/[^\"'\s<>)]{100,}", re.IGNORECASE)
_HELD = "embedded:picture-"
_VOID = frozenset({"br", "hr", "img"})
_LOOKS_LIKE_HTML = re.compile(r"<[a-zA-Z/!][^<>]*>|&(?:#\d+|#x[0-9a-f]+|[a-z]+\d*);", re.IGNORECASE)
_LINK = re.compile(r"(?:https://[a-z0-9]|mailto:[^\s@]+@)[^\s\\]*", re.IGNORECASE)

_markdown = MarkdownIt("commonmark", {"html": True}).enable("table")


class TooMuch(Telling):
    """A text no question has; the sentence says which limit it breaks."""


@dataclass(frozen=True, slots=True)
class Rich:
    """A text in Markdown. page: for a body, with blocks. line: for an option or feedback.

    pictures: those the page shows; a line cannot show any, so it has their words instead.
    """

    page: str = ""
    line: str = ""
    pictures: tuple[Picture, ...] = ()
    losses: tuple[Sentence, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.page)


NOTHING = Rich()


def from_plain(text: str) -> Rich:
    """Return text without markup; its line breaks are kept."""
    _check_length(text)
    tidy = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    marked = escaped(tidy)
    page = re.sub(r"(?<!\n)\n(?!\n)", "\\\\\n", re.sub(r"\n{3,}", "\n\n", marked))
    return _with_formula_loss(Rich(page, " ".join(escaped(" ".join(tidy.split())).split())), text)


def from_moodle(text: str, resolve: Resolve = nowhere) -> Rich:
    """Return text in Moodle's own format: plain or HTML, whose line breaks count."""
    if not _LOOKS_LIKE_HTML.search(text):
        return from_plain(text)
    return from_html(re.sub(r"(?<!>)\n(?!\s*<)", "<br>\n", text.strip()), resolve)


def from_markdown(text: str, resolve: Resolve = nowhere) -> Rich:
    """Return Markdown as it is when it holds no HTML and no pictures, else brought to ours."""
    text, resolve = _lifted(text, resolve)
    _check_length(text)
    tidy = text.strip()
    found = markup_of(tidy)
    strange = found.raw_html or not all(_is_safe(link.address) for link in found.links)
    if not strange and not found.images and "\n" not in tidy:
        return _with_formula_loss(Rich(tidy, tidy), text)
    rich = from_html(str(_markdown.render(tidy)), resolve)
    if strange or len(rich.pictures) < len({image.address for image in found.images}):
        return rich
    for image in found.images:
        name = picture_at(image.address, resolve).name
        tidy = tidy.replace(f"]({image.address}", f"]({name}")
    return replace(rich, page=tidy)


def from_html(html: str, resolve: Resolve = nowhere) -> Rich:
    """Return HTML as Markdown; pictures are asked for by their address."""
    if "<" not in html and "&" not in html:
        return from_plain(" ".join(html.split()))
    html, resolve = _lifted(_BLANKS.sub(r"\1", html), resolve)
    _check_length(html)
    _check_tags(html)
    return _cached_html(html) if "<img" not in html.lower() else _from_html(html, resolve)


@lru_cache(maxsize=1024)
def _cached_html(html: str) -> Rich:
    return _from_html(html, nowhere)


def _from_html(html: str, resolve: Resolve) -> Rich:
    # Only here: they take a sixth of a second that no server start needs.
    from bs4 import BeautifulSoup  # noqa: PLC0415

    from app.exchange.html_to_markdown import LineConverter, PageConverter  # noqa: PLC0415

    losses = [Sentence("A %(name)s was left out.", name=name) for name in _active(html)]
    gallery = _Gallery(resolve)
    clean = nh3.clean(
        html,
        tags=_ELEMENTS,
        clean_content_tags=set(_REMOVED),
        attributes={"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}},
        attribute_filter=gallery.place,
        url_schemes={"https", "mailto", "data", "http", "embedded"},
        link_rel=None,
    )
    if _depth(clean) > limits.HTML_DEPTH:
        clean = html_escape(nh3.clean(clean, tags=set()), quote=False)
        losses.append(
            Sentence("A text is nested too deeply; its words were kept without their layout.")
        )
    soup = BeautifulSoup(clean, "html.parser")
    page, line = PageConverter().convert_soup(soup), LineConverter().convert_soup(soup)
    losses += gallery.losses
    rich = Rich(_tidy(page), " ".join(line.split()), tuple(gallery.pictures), tuple(losses))
    return _with_formula_loss(rich, html)


class _Gallery:
    """Takes the pictures and links of one text as nh3 comes upon them."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self.pictures: list[Picture] = []
        self.losses: list[Sentence] = []

    def place(self, element: str, attribute: str, value: str) -> str | None:
        """Return the value an attribute keeps, None to drop it."""
        if (element, attribute) == ("img", "src"):
            return self._picture(value)
        if (element, attribute) == ("a", "href") and not _LINK.fullmatch(value):
            self.losses.append(
                Sentence(
                    "The link to %(address)s was left out; its words were kept.",
                    address=_short(value),
                )
            )
            return None
        return value

    def _picture(self, address: str) -> str | None:
        try:
            picture = picture_at(address, self._resolve)
        except NotAPicture as why:
            self.losses.append(why.said_of(_short(file_name(address))))
            return None
        except Refused as refusal:  # nh3 would swallow it, and keep an address that leads nowhere
            self.losses.append(
                Sentence(
                    "The picture %(name)s is left out. %(why)s",
                    name=_short(file_name(address)),
                    why=refusal.sentence,
                )
            )
            return None
        if picture not in self.pictures:
            self.pictures.append(picture)
        return picture.name


def _lifted(text: str, resolve: Resolve) -> tuple[str, Resolve]:
    """Take pictures written into the text itself out of it; they would count as words."""
    held: list[str] = []

    def lift(found: "re.Match[str]") -> str:
        held.append(found[0])
        return f"{_HELD}{len(held)}"

    text = _EMBEDDED.sub(lift, text)
    if not held:
        return text, resolve

    def find(address: str) -> bytes | None:
        number = address.removeprefix(_HELD)
        if number == address or not number.isdecimal() or not 0 < int(number) <= len(held):
            return resolve(address)
        return content_of(held[int(number) - 1])

    return text, find


def _is_safe(address: str) -> bool:
    return _LINK.fullmatch(address) is not None


def _active(html: str) -> list[str]:
    return sorted({found.lower() for found in _ACTIVE.findall(html)})


def _depth(html: str) -> int:
    """Return how deep the elements of clean HTML are nested."""
    deepest = depth = 0
    for closing, name in _TAG.findall(html):
        if name in _VOID:
            continue
        depth += -1 if closing else 1
        deepest = max(deepest, depth)
    return deepest


def _tidy(markdown: str) -> str:
    lines = [line.rstrip() if line.strip() else "" for line in markdown.split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    while text.endswith("\\"):  # a line break after the last line
        text = text[:-1].rstrip()
    return text


def _check_length(text: str) -> None:
    if len(text) > limits.TEXT_CHARACTERS:
        raise TooMuch(
            Sentence("A text has more than %(most)d characters.", most=limits.TEXT_CHARACTERS)
        )


def _check_tags(html: str) -> None:
    """Refuse a text whose tags alone would keep a parser busy."""
    if len(_OPENING.findall(html)) > limits.TEXT_TAGS:
        raise TooMuch(Sentence("A text has more than %(most)d HTML tags.", most=limits.TEXT_TAGS))


def _with_formula_loss(rich: Rich, source: str) -> Rich:
    if not _FORMULA.search(source):
        return rich
    said = Sentence("A formula is shown as it was typed.")
    return replace(rich, losses=(*rich.losses, said))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - a line of a list
