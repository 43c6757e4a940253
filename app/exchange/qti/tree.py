"""XML as QTI readers want it: one spelling for 2.x and 3.0, no prefixes, a line for each element.

QTI 3.0 is 2.2 with other names: `qti-simple-choice` for `simpleChoice`, `response-identifier` for
`responseIdentifier`. Read under the 2.x name, both are one format.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

QTI_3 = "qti-"
_AS_WRITTEN = ("data-", "aria-")
_HYPHEN = re.compile(r"-([a-z0-9])")
_EMPTY = frozenset({"br", "hr", "img", "col", "wbr"})
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Node:
    """An element: its name without prefix, its attributes, its texts and elements in order."""

    name: str
    line: int
    attributes: Mapping[str, str] = field(default_factory=dict)
    parts: tuple["Node | str", ...] = ()

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default).strip()

    @property
    def children(self) -> tuple["Node", ...]:
        return tuple(part for part in self.parts if isinstance(part, Node))

    def all(self, *names: str) -> tuple["Node", ...]:
        """Return the children of these names."""
        return tuple(child for child in self.children if child.name in names)

    def child(self, *names: str) -> "Node | None":
        return next(iter(self.all(*names)), None)

    def each(self, *names: str) -> Iterator["Node"]:
        """Yield every element of these names below this one, in the order of the text."""
        for child in self.children:
            if child.name in names:
                yield child
            yield from child.each(*names)

    def first(self, *names: str) -> "Node | None":
        return next(self.each(*names), None)

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.children:
            yield from child.walk()

    def words(self) -> str:
        """Return the text of the element and of all below it, its spaces folded."""
        return _SPACES.sub(" ", self.text()).strip()

    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text() for part in self.parts)

    def with_parts(self, parts: tuple["Node | str", ...]) -> "Node":
        return Node(self.name, self.line, self.attributes, parts)


def node(name: str, *parts: Node | str, line: int = 0, **attributes: str) -> Node:
    return Node(name, line, attributes, parts)


def plain_name(name: str) -> str:
    """Return an element's name as QTI 2.x spells it: `qti-item-body` is `itemBody`."""
    return camel(name.removeprefix(QTI_3)) if name.startswith(QTI_3) else name


def plain_attribute(name: str) -> str:
    return name if name.startswith(_AS_WRITTEN) else camel(name)


def camel(name: str) -> str:
    return _HYPHEN.sub(lambda found: found[1].upper(), name)


def html_of(part: Node | str) -> str:
    """Return an element as HTML text, from its start tag to its end tag."""
    if isinstance(part, str):
        return escape(part, quote=False)
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in part.attributes.items())
    if part.name in _EMPTY and not part.parts:
        return f"<{part.name}{attributes}>"
    return f"<{part.name}{attributes}>{inner_html(part)}</{part.name}>"


def inner_html(element: Node) -> str:
    return "".join(map(html_of, element.parts))
