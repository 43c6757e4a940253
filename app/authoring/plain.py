"""The words of a Markdown text, without its markup."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_parser = MarkdownIt("commonmark", {"html": False}).enable("table")


@lru_cache(maxsize=20_000)  # counted once for words, once for sentences
def plain_blocks(markdown: str) -> tuple[str, ...]:
    """Return the words of each paragraph, heading, list entry and cell, then of code."""
    return tuple(_blocks(_parser.parse(markdown)))


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(_words(token.children or []))
        elif token.type in {"fence", "code_block"}:
            yield token.content


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        yield " " if token.type in {"softbreak", "hardbreak"} else token.content
