"""QTI items of our own, in every spelling that the specifications know."""

import re
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from textwrap import dedent

import pytest

from app.exchange import Package, Question, Unsupported
from app.exchange.reading import entries_of, items_from

NAMES_3 = re.compile(r"(</?)([a-zA-Z]+)")
ATTRIBUTES_3 = re.compile(r" ([a-z]+[A-Z][a-zA-Z]*)=")
PLAIN = frozenset(
    {
        *("p", "div", "span", "strong", "em", "img", "br", "ul", "li", "table", "tr", "td", "b"),
        *("object", "math", "mi", "mn", "mo", "msup", "mfrac", "mrow", "video", "svg", "mtable"),
    }
)
CORRECT = (
    '<responseProcessing template="http://www.imsglobal.org/question/rptemplates/match_correct"/>'
)
MAPPED = (
    '<responseProcessing template="http://www.imsglobal.org/question/rptemplates/map_response"/>'
)
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(16)


def declared(cardinality: str, base: str, *correct: str, more: str = "") -> str:
    values = "".join(f"<value>{value}</value>" for value in correct)
    right = f"<correctResponse>{values}</correctResponse>" if correct else ""
    return (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}"'
        f' baseType="{base}">{right}{more}</responseDeclaration>'
    )


def item(
    body: str, declaration: str, rules: str = CORRECT, *, also: str = "", head: str = ""
) -> str:
    return dedent(
        f"""<?xml version="1.0" encoding="UTF-8"?>
        <assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i1"
          title="A title" adaptive="false" timeDependent="false" {head}>
        {declaration}
        <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
        <outcomeDeclaration identifier="FEEDBACK" cardinality="multiple" baseType="identifier"/>
        <itemBody>{body}</itemBody>{rules}{also}</assessmentItem>"""
    )


def as_22(xml: str) -> str:
    return xml.replace("imsqti_v2p1", "imsqti_v2p2")


def as_3(xml: str) -> str:
    """Return the item in the names of 3.0."""
    xml = NAMES_3.sub(lambda found: found[1] + _name_3(found[2]), xml)
    xml = ATTRIBUTES_3.sub(lambda found: f" {_kebab(found[1])}=", xml)
    return xml.replace("imsqti_v2p1", "imsqtiasi_v3p0")


def as_prefixed(xml: str) -> str:
    """Return the item with a prefix on every element of QTI."""
    opened = re.sub(r"<(/?)(?!\?)([a-zA-Z])", r"<\1q:\2", xml)
    return opened.replace('xmlns="', 'xmlns:q="', 1)


def _name_3(name: str) -> str:
    return name if name in PLAIN else f"qti-{_kebab(name)}"


def _kebab(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "2.1": str,
    "2.2": as_22,
    "3.0": as_3,
    "prefixed": as_prefixed,
}
spelled = pytest.mark.parametrize("spelling", SPELLINGS)


def read(xml: str, spelling: str = "2.1") -> Question:
    entry = entry_of(xml, spelling)
    assert isinstance(entry, Question), entry
    return entry


def entry_of(xml: str, spelling: str = "2.1") -> object:
    (entry,) = items_from("item.xml", SPELLINGS[spelling](xml).encode()).entries
    return entry


def unsupported(xml: str, spelling: str = "2.1") -> Unsupported:
    entry = entry_of(xml, spelling)
    assert isinstance(entry, Unsupported), entry
    assert entry.place.line > 0
    return entry


CHOICES = """
  <p>Who has the key?</p>
  <choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="{most}">
    <prompt>Choose.</prompt>
    <simpleChoice identifier="A">The <em>mayor</em><feedbackInline outcomeIdentifier="FEEDBACK"
      identifier="fA" showHide="show">She has none.</feedbackInline></simpleChoice>
    <simpleChoice identifier="B">The caretaker</simpleChoice>
    <simpleChoice identifier="C">Nobody</simpleChoice>
    <simpleChoice identifier="D">The guard</simpleChoice>
  </choiceInteraction>"""


def marks(question: Question) -> list[bool]:
    return [option["correct"] for option in question.item.answer["options"]]  # type: ignore[attr-defined]


ENTRY = """<p>Five halves are <textEntryInteraction responseIdentifier="RESPONSE"
  expectedLength="5"/> metres.</p>"""


def near(mode: str, tolerance: str) -> str:
    return f"""<responseProcessing><responseCondition><responseIf>
      <equal toleranceMode="{mode}" tolerance="{tolerance}"><variable identifier="RESPONSE"/>
      <correct identifier="RESPONSE"/></equal><setOutcomeValue identifier="SCORE">
      <baseValue baseType="float">1</baseValue></setOutcomeValue></responseIf></responseCondition>
      </responseProcessing>"""


def packed(files: Mapping[str, str | bytes]) -> Package:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, inner in files.items():
            archive.writestr(name, inner)
    return Package.of_content("package.zip", content.getvalue())


def manifest(*resources: str) -> str:
    return f"""<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"><metadata>
      <schema>QTI Package</schema></metadata><organizations/><resources>{"".join(resources)}
      </resources></manifest>"""


def resource(href: str, kind: str = "imsqti_item_xmlv2p1") -> str:
    return f'<resource identifier="r" type="{kind}" href="{href}"><file href="{href}"/></resource>'


def entries(files: Mapping[str, str | bytes]) -> tuple[object, ...]:
    return entries_of(packed(files)).entries
