"""MathML as a line of text: enough for the sums of a question, and refused where it is not."""

from collections.abc import Callable, Mapping

from app.exchange.qti.tree import Node


class NoPlainText(Exception):
    """A formula that no line of text can hold without changing what it says."""


def formula_text(math: Node) -> str:
    """Return a formula as it would be typed: `x^2`, `(a + b)/2`; its own words where it has any."""
    words = math.get("alttext") or _annotation(math)
    return words or " ".join(_row(math.children).split())


def _annotation(math: Node) -> str:
    found = math.first("annotation")
    return found.words() if found is not None and "tex" in found.get("encoding").lower() else ""


def _row(parts: tuple[Node, ...]) -> str:
    return "".join(map(_part, parts))


def _part(part: Node) -> str:
    if part.name in _TOKENS:
        text = part.words()
        return f" {text} " if part.name == "mo" and text in _SPACED else text
    written = _LAYOUTS.get(part.name)
    if written is None:
        raise NoPlainText(part.name)
    return written(part)


def _bracketed(part: Node) -> str:
    text = _part(part).strip()
    return text if len(text) == 1 or text.isalnum() else f"({text})"


def _two(part: Node) -> tuple[Node, Node]:
    if len(part.children) != 2:  # noqa: PLR2004
        raise NoPlainText(part.name)
    return part.children[0], part.children[1]


def _fraction(part: Node) -> str:
    above, below = _two(part)
    return f"{_bracketed(above)}/{_bracketed(below)}"


def _raised(part: Node) -> str:
    base, power = _two(part)
    return f"{_bracketed(base)}^{_bracketed(power)}"


def _lowered(part: Node) -> str:
    base, index = _two(part)
    return f"{_part(base)}_{_bracketed(index)}"


def _both(part: Node) -> str:
    if len(part.children) != 3:  # noqa: PLR2004
        raise NoPlainText(part.name)
    base, index, power = part.children
    return f"{_part(base)}_{_bracketed(index)}^{_bracketed(power)}"


def _rooted(part: Node) -> str:
    return f"√({_row(part.children).strip()})"


def _nth_root(part: Node) -> str:
    inner, degree = _two(part)
    return f"({_part(inner).strip()})^(1/{_part(degree).strip()})"


def _fenced(part: Node) -> str:
    inner = ", ".join(_part(child).strip() for child in part.children)
    return f"{part.get('open', '(')}{inner}{part.get('close', ')')}"


def _inner(part: Node) -> str:
    return _row(part.children)


def _first(part: Node) -> str:
    return _part(part.children[0]) if part.children else ""


def _nothing(_: Node) -> str:
    return " "


_TOKENS = frozenset({"mi", "mn", "mo", "mtext", "ms"})
_SPACED = frozenset("+-−=<>≤≥≠±×÷·→⇒")  # noqa: RUF001 - the signs of sums
_LAYOUTS: Mapping[str, Callable[[Node], str]] = {
    "mrow": _inner,
    "mstyle": _inner,
    "mpadded": _inner,
    "semantics": _first,
    "mfrac": _fraction,
    "msup": _raised,
    "msub": _lowered,
    "msubsup": _both,
    "msqrt": _rooted,
    "mroot": _nth_root,
    "mfenced": _fenced,
    "mspace": _nothing,
    "mphantom": _nothing,
}
