"""A stranger's XML, read without opening anything else: no DOCTYPE, no entity, no network.

It is counted first, by a parser that keeps nothing, and built into a tree only when it is small.
"""

from contextlib import suppress
from xml.parsers import expat

from lxml import etree

from app.exchange import limits
from app.exchange.package import larger
from app.exchange.result import Refused
from app.exchange.xml_faults import NO_ENCODING, fault_of, not_well_formed
from app.words import Sentence

Element = etree._Element  # noqa: SLF001 - lxml names no other type for it
_SCRAPS = 3  # signs that may come before the first element: a byte order mark


def parse_xml(content: bytes, *, file: str) -> Element:
    """Return the root element; `sourceline` of each element is its line.

    Raises Refused with the line when the text is not well-formed, is larger or deeper than any
    question file, or holds a DOCTYPE.
    """
    if len(content) > limits.FILE_BYTES:
        raise Refused(larger(file, limits.FILE_BYTES))
    _count(content, file=file)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,  # a picture may be one long text; size and depth were counted above
    )
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", 0) or 0
        raise Refused(not_well_formed(file), line=line) from error


def looks_like_xml(content: bytes) -> bool:
    """Say whether the content opens as XML does, whatever its encoding."""
    return content[:400].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] == b"<"


def root_name(content: bytes) -> str:
    """Return the local name of the first element, empty when the content is not XML."""
    found: list[str] = []

    class _Found(Exception):
        pass

    def start(name: str, _attributes: object) -> None:
        found.append(name.rpartition(":")[2])
        raise _Found

    if not looks_like_xml(content):
        return ""
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with suppress(_Found, expat.ExpatError, ValueError, LookupError):
        parser.Parse(content[:65_536], False)
    return found[0] if found else ""


def local(element: Element) -> str:
    """Return an element's name without its namespace, empty for what is no element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


class _Counter:
    """Counts elements and depth while expat goes through the text."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._depth = self._elements = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._entity

    def _start(self, _name: str, _attributes: object) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > limits.XML_DEPTH:
            most = limits.XML_DEPTH
            self._refuse(
                Sentence("%(file)s is nested more than %(most)d elements deep."), most=most
            )
        if self._elements > limits.XML_ELEMENTS:
            most = limits.XML_ELEMENTS
            self._refuse(Sentence("%(file)s holds more than %(most)d elements."), most=most)

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _doctype(self, *_: object) -> None:
        self._refuse(
            Sentence("%(file)s has a DOCTYPE, which could open other files. Take that line out.")
        )

    def _entity(self, *_: object) -> None:
        self._refuse(
            Sentence("%(file)s defines entities, which could open other files. Take them out.")
        )

    def _refuse(self, why: Sentence, **values: object) -> None:
        said = Sentence(why.template, **{**values, "file": self._file})
        raise Refused(said, line=self.parser.CurrentLineNumber)


def _count(content: bytes, *, file: str) -> None:
    counter = _Counter(file)
    try:
        counter.parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Refused(fault_of(error, file=file), line=error.lineno) from error
    except (ValueError, LookupError) as error:
        raise Refused(not_well_formed(file, NO_ENCODING), line=1) from error
