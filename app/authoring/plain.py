"""The words of a Markdown text, without its markup."""

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

_parser = MarkdownIt("commonmark", {"html": False}).enable("table")


def plain_blocks(markdown: str) -> Iterator[str]:
    """Yield the words of each paragraph, heading, list entry and cell, then of code."""
    for token in _parser.parse(markdown):
        if token.type == "inline":
            yield "".join(_words(token.children or []))
        elif token.type in {"fence", "code_block"}:
            yield token.content


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        yield " " if token.type in {"softbreak", "hardbreak"} else token.content
