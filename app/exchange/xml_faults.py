"""What keeps a stranger's text from being XML, in words for the person who sent it.

The parser says it in English alone, in the words of a grammar; what it says first is known here.
"""

from collections.abc import Mapping
from xml.parsers import expat

from app.words import Sentence

NO_ENCODING = Sentence("%(file)s is not well-formed XML: its encoding is not known.")
_BREAKS_OFF = Sentence("%(file)s is not well-formed XML: it breaks off before its end.")
_PREFIX = Sentence("%(file)s is not well-formed XML: a prefix is used that is not declared.")
_OTHER = Sentence("%(file)s is not well-formed XML: a sign stands here that does not belong.")
_FAULTS: Mapping[str, Sentence] = {
    expat.errors.XML_ERROR_NO_ELEMENTS: _BREAKS_OFF,
    expat.errors.XML_ERROR_UNCLOSED_TOKEN: _BREAKS_OFF,
    expat.errors.XML_ERROR_PARTIAL_CHAR: _BREAKS_OFF,
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION: _BREAKS_OFF,
    expat.errors.XML_ERROR_TAG_MISMATCH: Sentence(
        "%(file)s is not well-formed XML: this tag closes another one than the last that is open."
    ),
    expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE: Sentence(
        "%(file)s is not well-formed XML: a tag has the same attribute twice."
    ),
    expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: Sentence(
        "%(file)s is not well-formed XML: something stands after its end."
    ),
    expat.errors.XML_ERROR_UNDEFINED_ENTITY: Sentence(
        "%(file)s is not well-formed XML: write &amp; for a & in a text."
    ),
    expat.errors.XML_ERROR_UNKNOWN_ENCODING: NO_ENCODING,
    expat.errors.XML_ERROR_INCORRECT_ENCODING: NO_ENCODING,
    expat.errors.XML_ERROR_UNBOUND_PREFIX: _PREFIX,
}


def fault_of(error: expat.ExpatError, *, file: str) -> Sentence:
    """Return what is wrong, from what expat raised."""
    said = expat.errors.messages.get(error.code, "")
    return not_well_formed(file, _FAULTS.get(said, _OTHER))


def not_well_formed(file: str, why: Sentence = _OTHER) -> Sentence:
    return Sentence(why.template, file=file)
