"""Authors' Markdown, rendered to HTML that can do nothing but be read.

Two walls: markdown-it makes the HTML without passing any of the author's through, and nh3 then
keeps only the elements, attributes, classes and addresses listed here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

HIGHEST_HEADING = 2
MEDIA = "/media/"

CLASSES: dict[str, str] = {
    "p": "govuk-body",
    "h2": "govuk-heading-m",
    "h3": "govuk-heading-s",
    "h4": "govuk-heading-s",
    "h5": "govuk-heading-s",
    "h6": "govuk-heading-s",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "a": "govuk-link",
    "blockquote": "govuk-inset-text",
    "hr": "govuk-section-break govuk-section-break--m govuk-section-break--visible",
    "table": "govuk-table",
    "thead": "govuk-table__head",
    "tbody": "govuk-table__body",
    "tr": "govuk-table__row",
    "th": "govuk-table__header",
    "td": "govuk-table__cell",
}
INLINE_ELEMENTS = frozenset({"a", "br", "code", "em", "strong"})
ELEMENTS = INLINE_ELEMENTS | CLASSES.keys() | {"img", "li", "pre"}
ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt"}),
    "ol": frozenset({"start"}),
    "th": frozenset({"scope"}),
}
_ALLOWED_CLASSES = {element: set(names.split()) for element, names in CLASSES.items()}
_ALLOWED_CLASSES["td"].add("govuk-table__cell--numeric")
_ALLOWED_CLASSES["th"].add("govuk-table__header--numeric")

_LINK = re.compile(r"(?:https://[a-z0-9]|mailto:[^\s@]+@)[^\s\\]*", re.IGNORECASE)
_IMAGE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*\.(?:png|jpg|jpeg|webp|svg)")
_OUR_IMAGE = re.compile(re.escape(MEDIA) + _IMAGE.pattern)

_parser = MarkdownIt("commonmark", {"html": False}).enable("table")
_seer = MarkdownIt("commonmark", {"html": True}).enable("table")  # sees HTML, never renders


@dataclass(frozen=True, slots=True)
class Markup:
    """What the rules ask about a text; numbers are lines from its first, which is 0."""

    top_headings: tuple[int, ...]
    images_without_words: tuple[int, ...]
    unsafe_addresses: tuple[tuple[int, str], ...]
    raw_html: tuple[int, ...]


def render(markdown: str) -> str:
    """Return safe HTML for a text of paragraphs, headings, lists, tables and images."""
    tokens = _parser.parse(markdown)
    for token in _walk(tokens):
        _dress(token)
    html = _parser.renderer.render(tokens, _parser.options, {})
    return _clean(html, elements=ELEMENTS)


def render_inline(markdown: str) -> str:
    """Return safe HTML for one line of text: no paragraph, list, image or heading."""
    tokens = _parser.parseInline(markdown)
    for token in _walk(tokens):
        _dress(token)
    html = _parser.renderer.render(tokens, _parser.options, {})
    return _clean(html, elements=INLINE_ELEMENTS)


def plain_blocks(markdown: str) -> Iterator[str]:
    """Yield the words of each paragraph, heading, list entry and cell, without any markup."""
    for token in _parser.parse(markdown):
        if token.type == "inline":
            yield "".join(_words(token.children or []))
        elif token.type in {"fence", "code_block"}:
            yield token.content


def markup_of(markdown: str) -> Markup:
    tokens = list(_with_lines(_seer.parse(markdown)))
    images = [(line, token) for line, token in tokens if token.type == "image"]
    links = [
        (line, str(token.attrGet("href")))
        for line, token in tokens
        if token.tag == "a" and token.nesting == 1
    ]
    sources = [(line, str(token.attrGet("src"))) for line, token in images]
    return Markup(
        top_headings=tuple(
            line for line, token in tokens if token.type == "heading_open" and token.tag == "h1"
        ),
        images_without_words=tuple(line for line, token in images if not token.content.strip()),
        unsafe_addresses=(
            *((line, address) for line, address in links if not _LINK.fullmatch(address)),
            *((line, address) for line, address in sources if not _IMAGE.fullmatch(address)),
        ),
        raw_html=tuple(line for line, token in tokens if token.type.startswith("html_")),
    )


def _walk(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or [])


def _with_lines(tokens: Sequence[Token], line: int = 0) -> Iterator[tuple[int, Token]]:
    for token in tokens:
        line = token.map[0] if token.map else line
        yield line, token
        inner = line
        for child in token.children or []:
            yield inner, child
            inner += child.type in {"softbreak", "hardbreak"}


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            yield " "
        else:
            yield token.content


def _dress(token: Token) -> None:
    """Give an element its place in the design: class, heading level, scope; and nothing else."""
    aligned_right = "right" in str(token.attrs.pop("style", ""))
    if token.type in {"fence", "code_block"}:
        token.info = ""
        return
    if token.tag == "h1":
        token.tag = f"h{HIGHEST_HEADING}"
    if token.nesting < 0:
        return
    if token.tag in CLASSES:
        numeric = f" {CLASSES[token.tag]}--numeric" if aligned_right else ""
        token.attrSet("class", CLASSES[token.tag] + numeric)
    if token.tag == "th":
        token.attrSet("scope", "col")
    if token.type == "image":
        token.attrSet("src", MEDIA + str(token.attrGet("src")))


def _clean(html: str, *, elements: frozenset[str]) -> str:
    return nh3.clean(
        html,
        tags=set(elements),
        clean_content_tags={"script", "style"},
        attributes={element: set(names) for element, names in ATTRIBUTES.items()},
        allowed_classes=_ALLOWED_CLASSES,
        attribute_filter=_address_or_none,
        url_schemes={"https", "mailto"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def _address_or_none(element: str, attribute: str, value: str) -> str | None:
    """Return the value, None where an address leads to a place authors may not point to."""
    if (element, attribute) == ("a", "href"):
        return value if _LINK.fullmatch(value) else None
    if (element, attribute) == ("img", "src"):
        return value if _OUR_IMAGE.fullmatch(value) else None
    if (element, attribute) == ("ol", "start"):
        return value if value.isdecimal() else None
    return value
