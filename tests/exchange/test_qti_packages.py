"""QTI packages: pictures, passages, tests, and what is broken or missing in them."""

import zipfile
from io import BytesIO

from app.exchange import Fault, Question, Unsupported
from app.exchange.reading import items_from
from tests.exchange.qti_xml import (
    CHOICES,
    PICTURE,
    as_3,
    declared,
    entries,
    item,
    manifest,
    resource,
)


def test_a_picture_of_the_package_comes_with_its_words() -> None:
    body = '<p>See <img src="../media/a%20b.png" alt="a red door"/></p>' + CHOICES.format(most=1)
    xml = item(body, declared("single", "identifier", "B"))
    files = {"imsmanifest.xml": manifest(resource("items/i.xml")), "items/i.xml": xml}
    (found,) = entries({**files, "media/a b.png": PICTURE})
    assert isinstance(found, Question)
    assert [picture.content for picture in found.pictures] == [PICTURE]
    assert f"![a red door]({found.pictures[0].name})" in found.item.text


def test_a_shared_passage_is_read_before_the_question() -> None:
    xml = as_3(item(CHOICES.format(most=1), declared("single", "identifier", "B")))
    reference = '<qti-assessment-stimulus-ref identifier="s" href="passage.xml"/><qti-item-body>'
    passage = """<qti-assessment-stimulus xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
      identifier="s" title="P"><qti-stimulus-body><p>Once upon a time.</p></qti-stimulus-body>
      </qti-assessment-stimulus>"""
    files = {
        "imsmanifest.xml": manifest(
            resource("i.xml", "imsqti_item_xmlv3p0"),
            resource("passage.xml", "imsqti_stimulus_xmlv3p0"),
        ),
        "i.xml": xml.replace("<qti-item-body>", reference),
        "passage.xml": passage,
    }
    (found,) = entries(files)
    assert isinstance(found, Question)
    assert found.item.text.startswith("Once upon a time.\n\nWho has the key?")


def test_a_folder_that_questions_share_is_their_category() -> None:
    xml = item(CHOICES.format(most=1), declared("single", "identifier", "B"))
    names = ("letters/1.xml", "letters/2.xml", "style/3.xml", "style/4.xml", "alone/5.xml", "6.xml")
    found = entries({name: xml.replace("the key", f"key {name}") for name in names})
    categories = [one.category for one in found if isinstance(one, Question)]
    assert categories == ["", "", "letters", "letters", "style", "style"]


def test_an_item_only_its_test_names_is_read_too() -> None:
    plan = """<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"><testPart>
      <assessmentSection><assessmentItemRef identifier="a" href="i.xml"/>
      <assessmentItemRef identifier="b" href="no.xml"/>
      </assessmentSection></testPart></assessmentTest>"""
    files = {
        "imsmanifest.xml": manifest(resource("test.xml", "imsqti_test_xmlv2p1")),
        "test.xml": plan,
        "i.xml": item(CHOICES.format(most=1), declared("single", "identifier", "B")),
    }
    question, fault = entries(files)
    assert isinstance(question, Question)
    assert isinstance(fault, Fault)
    assert "no.xml" in fault.sentence


def test_a_broken_item_leaves_the_others() -> None:
    good = item(CHOICES.format(most=1), declared("single", "identifier", "B"))
    files = {
        "imsmanifest.xml": manifest(resource("bad.xml"), resource("good.xml")),
        "bad.xml": good.replace("</p>", "", 1),
        "good.xml": good,
    }
    fault, question = entries(files)
    assert isinstance(fault, Fault)
    assert fault.place.file == "bad.xml"
    assert fault.place.line > 1
    assert isinstance(question, Question)


def test_a_version_nobody_reads_is_named() -> None:
    files = {"imsmanifest.xml": manifest(resource("i.xml", "imsqti_item_xmlv9p0")), "i.xml": "<a/>"}
    (fault,) = entries(files)
    assert isinstance(fault, Fault)
    assert "imsqti_item_xmlv9p0" in fault.sentence


def test_a_folder_of_items_without_a_manifest_is_read() -> None:
    xml = item(CHOICES.format(most=1), declared("single", "identifier", "B"))
    (found,) = entries({"one/i.xml": xml})
    assert isinstance(found, Question)


SHARED = """<questestinterop><assessment title="T"><section ident="root_section">
  <item ident="s"><presentation><material><mattext>Once upon a time.</mattext></material>
  </presentation></item><item ident="q" parent_stimulus_item_ident="s"><presentation><material>
  <mattext>Who?</mattext></material><response_str ident="r"><render_fib fibtype="String">
  <response_label ident="a"/></render_fib></response_str></presentation><resprocessing>
  <respcondition title="correct"><conditionvar><varequal respident="r">Nobody</varequal>
  </conditionvar><setvar varname="SCORE" action="Set">SCORE.max</setvar></respcondition>
  </resprocessing></item></section></assessment></questestinterop>"""


def test_a_passage_of_1_2_is_read_before_its_questions() -> None:
    text, question = items_from("a.xml", SHARED.encode()).entries
    assert isinstance(text, Unsupported)
    assert isinstance(question, Question)
    assert question.item.text == "Once upon a time.\n\nWho?"
    assert question.category == "T"
    assert question.item.answer["answer"]["accepted"] == ["Nobody"]  # type: ignore[index]


def test_a_picture_that_is_damaged_is_left_out_and_named() -> None:
    body = '<p>See <img src="a.png" alt="a red door"/></p>' + CHOICES.format(most=1)
    files: dict[str, str | bytes] = {
        "imsmanifest.xml": manifest(resource("i.xml")),
        "i.xml": item(body, declared("single", "identifier", "B")),
        "a.png": PICTURE,
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, inner in files.items():
            archive.writestr(name, inner)
    content = out.getvalue().replace(PICTURE, bytes(len(PICTURE)))
    (found,) = items_from("package.zip", content).questions
    assert found.pictures == ()
    (loss,) = found.losses
    assert loss == "The picture a.png is left out. The archive is damaged at a.png."


def test_a_package_that_lost_bytes_on_the_way_is_refused() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("imsmanifest.xml", manifest(resource("i.xml")))
    content = out.getvalue()
    (fault,) = items_from("package.zip", content[:40] + content[47:]).faults
    assert "The archive is damaged" in fault.sentence
