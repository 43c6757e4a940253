"""XML written from the inside out: `el("p", text("a < b"))` is `<p>a &lt; b</p>`."""

import re
from html import escape
from xml.sax.saxutils import quoteattr

from markdown_it import MarkdownIt

# Signs that no XML 1.0 text may hold.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STYLE = re.compile(r' style="[^"]*"')
_SOURCE = re.compile(r'(<img src=")(?![a-z]+:)')

MEDIA = "media/"
_parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True}).enable("table")


def el(name: str, *parts: str, **attributes: str) -> str:
    """Return an element; an underscore in an attribute's name is a hyphen, a last one nothing."""
    said = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_clean(value))}"
        for key, value in attributes.items()
    )
    return f"<{name}{said}>{''.join(parts)}</{name}>" if parts else f"<{name}{said}/>"


def text(words: str) -> str:
    return escape(_clean(words), quote=False)


def page(markdown: str) -> str:
    """Return Markdown's blocks as XHTML; pictures are looked for in the package's media folder."""
    html = _STYLE.sub("", str(_parser.render(_clean(markdown))))
    return _SOURCE.sub(rf"\g<1>{MEDIA}", html)


def line(markdown: str) -> str:
    """Return one line of Markdown as XHTML."""
    return _SOURCE.sub(rf"\g<1>{MEDIA}", str(_parser.renderInline(_clean(markdown))).strip())


def _clean(words: str) -> str:
    return _FORBIDDEN.sub("", words)
