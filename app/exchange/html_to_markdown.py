"""Clean HTML written as Cairn's Markdown: a page with blocks, or one line without any."""

# ruff: noqa: ARG002 - markdownify names what it hands over

import re

from bs4 import Tag
from markdownify import ATX, BACKSLASH, MarkdownConverter

from app.exchange.markdown_signs import escaped

_RAISED = dict(zip("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", strict=True))
_LOWERED = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))


class PageConverter(MarkdownConverter):
    """Writes blocks: paragraphs, lists, tables, headings from the second level, pictures."""

    def __init__(self) -> None:
        super().__init__(
            autolinks=False,
            bullets="-",
            heading_style=ATX,
            newline_style=BACKSLASH,
            table_infer_header=True,
        )

    def escape(self, text: str, parent_tags: set[str]) -> str:
        text = escaped(text)
        return text.replace("|", "\\|") if {"td", "th"} & parent_tags else text

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: N802
        words = " ".join(text.split())
        return f"\n\n{'#' * max(n, 2)} {words}\n\n" if words else ""

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        words, address = text.strip(), el.get("href")
        if not words or not address or "_noformat" in parent_tags:
            return text
        before = text[: len(text) - len(text.lstrip())]
        after = text[len(text.rstrip()) :]
        return f"{before}[{words}]({_address(str(address))}){after}"

    def convert_img(self, el: Tag, _text: str, parent_tags: set[str]) -> str:
        words = " ".join(escaped(str(el.get("alt") or "")).split())
        name = el.get("src")
        return f"![{words}]({name})" if name else words

    def convert_sup(self, _el: Tag, text: str, parent_tags: set[str]) -> str:
        return _shifted(text, _RAISED, mark="^")

    def convert_sub(self, _el: Tag, text: str, parent_tags: set[str]) -> str:
        return _shifted(text, _LOWERED, mark="\\_")


class LineConverter(PageConverter):
    """Writes one line: blocks become sentences beside each other, pictures their words."""

    def _block(self, _el: Tag, text: str, parent_tags: set[str]) -> str:
        return f" {text.strip()} "

    convert_p = convert_div = convert_blockquote = convert_table = convert_tr = _block
    convert_ul = convert_ol = convert_dl = convert_dd = convert_dt = convert_br = _block
    convert_thead = convert_tbody = _block

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: N802
        return f" {text.strip()} "

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        last = el.find_next_sibling("li") is None
        return f" {text.strip()}" + (" " if last else "; ")

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        last = el.find_next_sibling(["td", "th"]) is None
        return f" {text.strip()}" + ("; " if last else ", ")

    convert_th = convert_td

    def convert_hr(self, _el: Tag, _text: str, parent_tags: set[str]) -> str:
        return " "

    def convert_pre(self, el: Tag, _text: str, parent_tags: set[str]) -> str:
        code = " ".join(el.get_text().split())
        fence = "`" * (1 + max(map(len, re.findall("`+", code)), default=0))
        return f" {fence} {code} {fence} " if len(fence) > 1 else f" `{code}` "

    def convert_img(self, el: Tag, _text: str, parent_tags: set[str]) -> str:
        return " ".join(escaped(str(el.get("alt") or "")).split())


def _address(address: str) -> str:
    """Return an address whose brackets cannot end the link."""
    return address.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")


def _shifted(text: str, signs: dict[str, str], *, mark: str) -> str:
    """Return raised or lowered text in Unicode's own signs, or marked where there are none."""
    if not text.strip():
        return text
    if all(sign in signs for sign in text):
        return "".join(signs[sign] for sign in text)
    return f"{mark}({text})" if len(text) > 1 else f"{mark}{text}"
