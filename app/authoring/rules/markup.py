"""What a text's Markdown holds that a rule asks about, with lines counted from its first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_parser = MarkdownIt("commonmark", {"html": True}).enable("table")  # sees HTML; never renders


@dataclass(frozen=True, slots=True)
class Address:
    line: int
    address: str
    words: str  # the alternative text of an image, empty for a link


@dataclass(frozen=True, slots=True)
class Markup:
    top_headings: tuple[int, ...]
    raw_html: tuple[int, ...]
    images: tuple[Address, ...]
    links: tuple[Address, ...]


@lru_cache(maxsize=20_000)  # several rules ask about each text
def markup_of(markdown: str) -> Markup:
    tokens = list(_placed(_parser.parse(markdown)))
    return Markup(
        top_headings=tuple(
            line for line, token in tokens if token.type == "heading_open" and token.tag == "h1"
        ),
        raw_html=tuple(line for line, token in tokens if token.type.startswith("html_")),
        images=tuple(
            Address(line, str(token.attrGet("src")), token.content.strip())
            for line, token in tokens
            if token.type == "image"
        ),
        links=tuple(
            Address(line, str(token.attrGet("href")), "")
            for line, token in tokens
            if token.type == "link_open"
        ),
    )


def _placed(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """Yield each token with its line; inside a paragraph the line breaks are counted."""
    line = 0
    for token in tokens:
        line = token.map[0] if token.map else line
        yield line, token
        inner = line
        for child in token.children or []:
            yield inner, child
            inner += child.type in {"softbreak", "hardbreak"}
