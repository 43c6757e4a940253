"""Question files of others that no reader takes whole, each for reasons of its own."""

from app.exchange import Question, Read, Unsupported
from app.words import Sentence
from tests.exchange.hostile import zipped

GIFT = (
    "$CATEGORY: 7\n\n7?{=7 ~8}\n\n$CATEGORY: 8\n\n7?{=8 ~7}",
    "7?{=7 ~7",
    "7?{=7 ~7}\n\n7 }",
    "7?{=7 ~7} {=7}",
    "7 }7{",
    "7?{7 = 7}",
    "7?{=7 <a=7>}",
    "7?{#7x}",
    "7?{}\n\n7",
    "7?{=7}\n\n7?{~7 ~7}\n\n7?{=7 =7 ~7}\n\n7?{~%50%7 ~%25%8 ~%-10%9}",
    "7?{=7* =%50%8 =*}\n\n7?{#=7 =8 =%50%9}\n\n7?{#1234567890123456}\n\n7?{#0.12345678901}",
    "[html]7<script>7</script><img src\\=7.png><img src\\=//7.png><a href\\=7>7</a>\\(7\\){=7 ~8}",
    "7?{=7 -> 7 =8 -> 7}\n\n7?{=7 -> 7}",
    "7?{" + "=7 " * 102 + "}",
    "7" * 30_001 + "{=7 ~8}",
    "",
)
AIKEN = (
    "7\nA. 7\nB. 8\nANSWER: 7\n\n7\nA. 7\nC. 8\nANSWER: A\n\n7\nA. 7\n8\nANSWER: A\n\n"
    "7\nA. 7\nB. 8\nANSWER: C\n\n7\nANSWER: A\n\n7\nA. 7\nB. 8\n"
)
HEADING = "type,question,correct,option_1,option_2,match_1,tolerance\n"
CSV = (
    "type\n7",
    "type,question,7\n7,7,7",
    "type,question,type\n7,7,7",
    HEADING + "7,7\n,7\n7,7,7,7,7,7,7,7\n",
    HEADING + "single-choice,7,,7,8\nsingle-choice,7,9,7,8\nsingle-choice,7,1|2,7,8\n",
    HEADING + "true-false,7,7\nnumber,7\nnumber,7,x\nmatching,7,,7\nordering,7,,7\n",
    HEADING + 'number,7,"7',
    HEADING + 'number,"7"7,7',
    HEADING + f"number,{'7' * 140_000},7",
)
MOODLE = (
    "<quiz><question/></quiz>",
    "<quiz><question type='essay'/><question type='cloze'/><question type='calculated'/></quiz>",
    "<quiz><question type='description'/><question type='random'/><question type='7'/></quiz>",
    (
        "<quiz><question type='truefalse'/><question type='randomsamatch'/>"
        "<question type='ddmarker'/></quiz>"
    ),
    (
        "<quiz><question type='truefalse'><answer fraction='0'><text>true</text></answer>"
        "<answer fraction='0'><text>false</text></answer></question></quiz>"
    ),
    "<quiz><question type='numerical'><answer><text>x</text></answer></question></quiz>",
    "<quiz><question type='matching'><subquestion><text>7</text></subquestion></question></quiz>",
    (
        "<quiz><question type='numerical'><defaultgrade>7</defaultgrade><questiontext><text>7"
        "</text></questiontext><answer fraction='100'><text>7</text></answer><units><unit>"
        "<multiplier>7</multiplier><unit_name>7</unit_name></unit></units></question></quiz>"
    ),
    (
        "<quiz><question type='ordering'><selecttype>1</selecttype><questiontext><text>7</text>"
        "</questiontext><answer><text>7</text></answer><answer><text>8</text></answer></question>"
        "</quiz>"
    ),
    "<quiz><question></quiz>",
    "<quiz>",
    "<quiz>&x;</quiz>",
    "<quiz 7='7'/>",
    "<quiz x='7' x='7'/>",
    "<quiz/>7",
    "<x:quiz/>",
    "<?xml version='1.0' encoding='7'?><quiz/>",
    "<!DOCTYPE quiz><quiz/>",
    "<quiz>" + "<a>" * 60 + "</a>" * 60 + "</quiz>",
)
QTI_1 = (
    "<questestinterop/>",
    (
        "<questestinterop><item/><item ident='7'><presentation><response_xy/></presentation></item>"
        "<item ident='8'><presentation><material><mattext>7</mattext></material><response_str>"
        "<render_fib/></response_str></presentation></item><item ident='9'><presentation>"
        "<response_lid ident='7'><render_choice><response_label ident='7'/></render_choice>"
        "</response_lid></presentation></item></questestinterop>"
    ),
)
INTERACTIONS = (
    "",
    "<extendedTextInteraction/>",
    "<hotspotInteraction/>",
    "<mediaInteraction/><customInteraction/>",
    "<choiceInteraction/>",
    "<choiceInteraction/><orderInteraction/>",
    "<choiceInteraction responseIdentifier='R'/>",
    "<orderInteraction responseIdentifier='R'/>",
    "<matchInteraction responseIdentifier='R'/>",
    "<textEntryInteraction responseIdentifier='R'/>",
    "<textEntryInteraction responseIdentifier='R'/><video/>",
    (
        "<choiceInteraction responseIdentifier='R'><simpleChoice identifier='7'><object type='7'/>"
        "</simpleChoice></choiceInteraction>"
    ),
)
QTI_2 = tuple(
    f"<assessmentItem identifier='7'><responseDeclaration identifier='R' cardinality='single' "
    f"baseType='identifier'/><itemBody>{body}</itemBody></assessmentItem>"
    for body in INTERACTIONS
)
MANIFESTS = (
    "<manifest/>",
    "<manifest><metadata><schema>7</schema></metadata></manifest>",
    (
        "<manifest><resources>"
        "<resource identifier='7' type='imsqti_xmlv1p2/imscc_xmlv1p1/assessment'>"
        "<file href='7.xml'/></resource><resource type='imswl_xmlv1p1'/><resource identifier='8'"
        " type='imsqti_xmlv9p0'/><resource type='webcontent'/></resources></manifest>"
    ),
)
ZIPS = (
    zipped(("7", b"7")),
    zipped(("../7", b"7")),
    zipped(("7.zip", b"7")),
    zipped(("7", b"7"), ("\N{FULLWIDTH DIGIT SEVEN}", b"7")),
    zipped(("7", bytes(5_000_000))),
    b"PK\x03\x04",
    zipped(("programmes/7/7/module.toml", b""), ("programmes/7/7/7/7.md", b"7"), ("7", b"7")),
    *(zipped(("imsmanifest.xml", text.encode())) for text in MANIFESTS),
)
FILES: tuple[tuple[str, bytes], ...] = (
    *(("7.gift", text.encode()) for text in GIFT),
    *(("7", text.encode()) for text in (AIKEN, *CSV, *MOODLE, *QTI_1, *QTI_2)),
    *(("7", content) for content in ZIPS),
    ("7.gift", "7?{=7 ~é}".encode("latin-1")),
    ("7.gift", b"\x00"),
    ("7", b"7"),
)


def own_words(read: Read) -> set[str]:
    """What a page says of a file in the file's own words: its names, titles and kinds."""
    words = {entry.place.spot for entry in read.entries}
    words |= {e.place.element for e in read.entries if not isinstance(e.place.element, Sentence)}
    for entry in read.entries:
        if isinstance(entry, Question | Unsupported):
            words |= {entry.title, "" if isinstance(entry.kind, Sentence) else entry.kind}
    return words
