"""XML files of a package as nodes, each opened once."""

from functools import lru_cache

from app.exchange.package import Package
from app.exchange.qti.tree import Node, plain_attribute, plain_name
from app.exchange.xml_text import Element, parse_xml


class Documents:
    """The XML documents of one package."""

    def __init__(self, package: Package) -> None:
        self.package = package

    def load(self, file: str) -> Node:
        """Return a document's root; raise Refused when it is not well-formed XML."""
        return node_of(parse_xml(self.package.read(file), file=file))


def node_of(element: Element) -> Node:
    """Return an lxml element as a node: names plain, comments left out."""
    parts: list[Node | str] = [element.text] if element.text else []
    for child in element:
        if isinstance(child.tag, str):
            parts.append(node_of(child))
        if child.tail:
            parts.append(child.tail)
    attributes = {_attribute(str(n)): str(v) for n, v in element.attrib.items()}
    return Node(_element(str(element.tag)), element.sourceline or 0, attributes, tuple(parts))


@lru_cache(maxsize=4096)
def _element(name: str) -> str:
    return plain_name(name.rpartition("}")[2])


@lru_cache(maxsize=4096)
def _attribute(name: str) -> str:
    return plain_attribute(name.rpartition("}")[2])
