"""Authors' Markdown, rendered to HTML that can do nothing but be read.

Two walls: markdown-it makes the HTML without passing any of the author's through, and nh3 then
keeps only the elements, attributes, classes and addresses listed here.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

HIGHEST_HEADING = "h2"  # h1 is the page's own
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
# A narrow screen shows the rows of a wide table as cards; it must still be told as a table.
ROLES = {
    "table": "table",
    "thead": "rowgroup",
    "tbody": "rowgroup",
    "tr": "row",
    "th": "columnheader",
    "td": "cell",
}
ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt"}),
    "ol": frozenset({"start"}),
    **{element: frozenset({"role"}) for element in ROLES},
    "th": frozenset({"role", "scope"}),
    "td": frozenset({"role", "data-label"}),
}
NUMERIC = {"td": "govuk-table__cell--numeric", "th": "govuk-table__header--numeric"}

_LINK = re.compile(r"(?:https://[a-z0-9]|mailto:[^\s@]+@)[^\s\\]*", re.IGNORECASE)
_MEDIA_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*\.(?:png|jpg|jpeg|webp|svg)")

_parser = MarkdownIt("commonmark", {"html": False}).enable("table")


def render(markdown: str, *, media: str = MEDIA) -> str:
    """Return safe HTML for a text; images are looked for under the path `media`."""
    return _render(markdown, media)


@lru_cache(maxsize=4096)
def render_inline(markdown: str) -> str:
    """Return safe HTML for one line of text: no paragraph, list, image or heading."""
    return _inline_cleaner.clean(_html(_parser.parseInline(markdown), media=None)).strip()


def is_safe_link(address: str) -> bool:
    return _LINK.fullmatch(address) is not None


def is_media_name(name: str) -> bool:
    return _MEDIA_NAME.fullmatch(name) is not None


@lru_cache(maxsize=4096)
def _render(markdown: str, media: str) -> str:
    return _cleaner.clean(_html(_parser.parse(markdown), media=media))


def _html(tokens: Sequence[Token], *, media: str | None) -> str:
    _label_cells(tokens)
    for token in _walk(tokens):
        _dress(token, media=media)
        if token.children:
            _unlink(token.children)
    return str(_parser.renderer.render(tokens, _parser.options, {}))


def _label_cells(tokens: Sequence[Token]) -> None:
    """Give every cell the name of its column, for screens that are too narrow for columns."""
    names: list[str] = []
    column = 0
    for token, inside in pairwise(tokens):
        if token.type == "thead_open":
            names = []
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            names.append("".join(part.content for part in inside.children or []))
        elif token.type == "td_open":
            token.attrSet("data-label", names[column])
            column += 1


def _walk(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or [])


def _dress(token: Token, *, media: str | None) -> None:
    """Give an element its place in the design: class, heading level, scope; and nothing else."""
    aligned_right = "right" in str(token.attrs.pop("style", ""))
    token.attrs.pop("title", None)
    token.info = ""
    if token.tag == "h1":
        token.tag = HIGHEST_HEADING
    if token.type == "image":
        _place_image(token, media=media)
    if token.nesting < 0 or token.tag not in CLASSES:
        return
    numeric = f" {NUMERIC[token.tag]}" if aligned_right else ""
    token.attrSet("class", CLASSES[token.tag] + numeric)
    if token.tag in ROLES:
        token.attrSet("role", ROLES[token.tag])
    if token.tag == "th":
        token.attrSet("scope", "col")


def _place_image(token: Token, *, media: str | None) -> None:
    """Point an image at its media file; where that cannot be, leave its words in its place."""
    name = str(token.attrGet("src"))
    if media is not None and is_media_name(name):
        token.attrSet("src", media + name)
    else:
        token.type, token.tag, token.children = "text", "", None


def _unlink(tokens: Sequence[Token]) -> None:
    """Leave only the words of links that lead to a place authors may not point to."""
    hide = False
    for token in tokens:
        if token.type == "link_open":
            hide = not is_safe_link(str(token.attrGet("href")))
        if token.type in {"link_open", "link_close"}:
            token.hidden = hide


def _address_or_none(element: str, attribute: str, value: str) -> str | None:
    """Return the value; None for an address that came past the first wall."""
    if (element, attribute) == ("a", "href"):
        return value if is_safe_link(value) else None
    if (element, attribute) == ("img", "src"):
        return value if is_media_name(value.rpartition("/")[2]) and value[0] == "/" else None
    if (element, attribute) == ("ol", "start"):
        return value if value.isdecimal() else None
    return value


def _new_cleaner(elements: frozenset[str]) -> nh3.Cleaner:
    classes = {element: set(names.split()) for element, names in CLASSES.items()}
    for element, name in NUMERIC.items():
        classes[element].add(name)
    return nh3.Cleaner(
        tags=set(elements),
        attributes={name: set(kept) for name, kept in ATTRIBUTES.items() if name in elements},
        allowed_classes={name: kept for name, kept in classes.items() if name in elements},
        attribute_filter=_address_or_none,
        url_schemes={"https", "mailto"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


_cleaner = _new_cleaner(ELEMENTS)
_inline_cleaner = _new_cleaner(INLINE_ELEMENTS)
