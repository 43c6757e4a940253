"""QTI 2.1, 2.2 and 3.0: orders, pairs and gaps, and what Cairn has no format for."""

import pytest

from tests.exchange.qti_xml import (
    CHOICES,
    ENTRY,
    declared,
    item,
    marks,
    read,
    spelled,
    unsupported,
)


@spelled
def test_an_order(spelling: str) -> None:
    body = """<orderInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>Order.</prompt>
      <simpleChoice identifier="A">cut</simpleChoice>
      <simpleChoice identifier="B">wash</simpleChoice>
      <simpleChoice identifier="C">eat</simpleChoice></orderInteraction>"""
    found = read(item(body, declared("ordered", "identifier", "B", "A", "C")), spelling)
    assert [s["text"] for s in found.item.answer["steps"]] == ["wash", "cut", "eat"]  # type: ignore[attr-defined]


MATCH = """<matchInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="3">
  <prompt>Match.</prompt><simpleMatchSet>
  <simpleAssociableChoice identifier="F" matchMax="1">France</simpleAssociableChoice>
  <simpleAssociableChoice identifier="I" matchMax="1">Italy</simpleAssociableChoice>
  </simpleMatchSet>
  <simpleMatchSet><simpleAssociableChoice identifier="P" matchMax="1">Paris</simpleAssociableChoice>
  <simpleAssociableChoice identifier="R" matchMax="1">Rome</simpleAssociableChoice>
  <simpleAssociableChoice identifier="L" matchMax="1">Lima</simpleAssociableChoice></simpleMatchSet>
  </matchInteraction>"""


@spelled
def test_a_match_of_pairs_with_one_left_over(spelling: str) -> None:
    found = read(item(MATCH, declared("multiple", "directedPair", "F P", "I R")), spelling)
    pairs = [(p["left"], p["right"]) for p in found.item.answer["pairs"]]  # type: ignore[attr-defined]
    assert pairs == [("France", "Paris"), ("Italy", "Rome")]
    assert found.item.answer["extra"] == ["Lima"]


def test_a_match_whose_first_set_has_more_is_turned_round() -> None:
    flipped = MATCH.replace('"F"', '"x"').replace('"P"', '"F"').replace('"x"', '"P"')
    found = read(item(flipped, declared("multiple", "directedPair", "P F", "I R")))
    assert len(found.item.answer["pairs"]) == 2  # type: ignore[arg-type]


def test_a_match_that_sorts_many_into_one_is_refused() -> None:
    xml = item(MATCH, declared("multiple", "directedPair", "F P", "I P"))
    assert "one to one" in unsupported(xml).because


@spelled
def test_an_association(spelling: str) -> None:
    choices = "".join(
        f'<simpleAssociableChoice identifier="{n}" matchMax="1">{n}{n}</simpleAssociableChoice>'
        for n in "ABCD"
    )
    body = f"""<associateInteraction responseIdentifier="RESPONSE" shuffle="true"
      maxAssociations="2"><prompt>Pair.</prompt>{choices}</associateInteraction>"""
    found = read(item(body, declared("multiple", "pair", "A D", "C B")), spelling)
    pairs = [(p["left"], p["right"]) for p in found.item.answer["pairs"]]  # type: ignore[attr-defined]
    assert pairs == [("AA", "DD"), ("CC", "BB")]


@spelled
def test_gaps_to_fill_from_a_list(spelling: str) -> None:
    body = """<gapMatchInteraction responseIdentifier="RESPONSE" shuffle="false">
      <prompt>Fill.</prompt>
      <gapText identifier="W" matchMax="1">winter</gapText><gapText identifier="S"
      matchMax="1">summer</gapText><p>Now is the <gap identifier="G1"/> after <gap
      identifier="G2"/>.</p></gapMatchInteraction>"""
    found = read(item(body, declared("multiple", "directedPair", "W G1", "S G2")), spelling)
    assert found.item.text == "Fill.\n\nNow is the **(gap 1)** after **(gap 2)**."
    pairs = [(p["left"], p["right"]) for p in found.item.answer["pairs"]]  # type: ignore[attr-defined]
    assert pairs == [("Gap 1", "winter"), ("Gap 2", "summer")]


INLINE = """<inlineChoiceInteraction responseIdentifier="{name}" shuffle="false">
  <inlineChoice identifier="A">high</inlineChoice><inlineChoice identifier="B">low</inlineChoice>
  </inlineChoiceInteraction>"""


@spelled
def test_one_list_within_a_sentence_is_a_choice(spelling: str) -> None:
    body = f"<p>The tide is {INLINE.format(name='RESPONSE')} now.</p>"
    found = read(item(body, declared("single", "identifier", "B")), spelling)
    assert found.item.format == "single-choice"
    assert found.item.text == "The tide is \\_\\_\\_\\_\\_ now."
    assert marks(found) == [False, True]


def test_lists_that_offer_the_same_are_a_matching() -> None:
    one, two = INLINE.format(name="RESPONSE"), INLINE.format(name="R2")
    second = declared("single", "identifier", "A").replace("RESPONSE", "R2")
    xml = item(f"<p>{one} and {two}</p>", declared("single", "identifier", "B") + second, "")
    found = read(xml)
    pairs = [(p["left"], p["right"]) for p in found.item.answer["pairs"]]  # type: ignore[attr-defined]
    assert pairs == [("Gap 1", "low"), ("Gap 2", "high")]


def test_words_to_choose_in_a_text() -> None:
    body = """<hottextInteraction responseIdentifier="RESPONSE" maxChoices="1">
      <prompt>Find it.</prompt>
      <p>Sponsors of the <hottext identifier="A">Olympics</hottext> put <hottext
      identifier="B">there
      </hottext> money in.</p></hottextInteraction>"""
    found = read(item(body, declared("single", "identifier", "B")))
    assert found.item.format == "single-choice"
    assert "**Olympics**" in found.item.text
    assert marks(found) == [False, True]


def test_a_slider_is_a_number() -> None:
    body = """<sliderInteraction responseIdentifier="RESPONSE" lowerBound="0" upperBound="100"
      step="5"><prompt>How many?</prompt></sliderInteraction>"""
    found = read(item(body, declared("single", "integer", "40")))
    assert found.item.format == "number"
    assert found.item.text == "How many?\n\nType a number from 0 to 100."


@spelled
@pytest.mark.parametrize(
    "kind",
    [
        *("extendedTextInteraction", "uploadInteraction", "drawingInteraction"),
        *("hotspotInteraction", "selectPointInteraction", "graphicOrderInteraction"),
        *("graphicAssociateInteraction", "graphicGapMatchInteraction", "mediaInteraction"),
        *("positionObjectInteraction", "customInteraction", "portableCustomInteraction"),
        "endAttemptInteraction",
    ],
)
def test_what_cairn_has_no_format_for_is_named(kind: str, spelling: str) -> None:
    body = f'<p>Do.</p><{kind} responseIdentifier="RESPONSE"/>'
    found = unsupported(item(body, declared("single", "identifier", "A")), spelling)
    assert found.kind == kind
    assert found.title == "A title"


def test_two_interactions_are_named_with_their_number() -> None:
    body = ENTRY + CHOICES.format(most=1)
    found = unsupported(item(body, declared("single", "identifier", "A")))
    assert found.kind == "textEntryInteraction, choiceInteraction"
    assert "2 interactions" in found.because


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('adaptive="false"', 'adaptive="true"', "adaptive"),
        ("<itemBody>", '<templateDeclaration identifier="T"/><itemBody>', "template"),
        ("Who has", '<video src="a.mp4"/> Who has', "sound, film"),
        ("Who has", "<svg/> Who has", "drawing"),
        ("Who has", "<math><mtable/></math>", "formula"),
        ('cardinality="single"', 'cardinality="record"', "record"),
        ('responseIdentifier="RESPONSE"', 'responseIdentifier="OTHER"', "no declared response"),
    ],
)
def test_an_item_that_cannot_be_kept_whole_is_refused(old: str, new: str, said: str) -> None:
    xml = item(CHOICES.format(most=1), declared("single", "identifier", "B")).replace(old, new, 1)
    assert said in unsupported(xml).because


def test_a_formula_is_typed() -> None:
    math = "<math><mrow><mi>x</mi><mo>=</mo><msup><mn>3</mn><mn>2</mn></msup></mrow></math>"
    xml = item(CHOICES.format(most=1), declared("single", "identifier", "B"))
    assert "x = 3^2" in read(xml.replace("Who has", f"{math} Who has")).item.text


def test_what_is_for_scorers_is_not_shown() -> None:
    body = """<rubricBlock view="scorer tutor"><p>Secret.</p></rubricBlock><rubricBlock
      view="candidate"><p>Read well.</p></rubricBlock>""" + CHOICES.format(most=1)
    text = read(item(body, declared("single", "identifier", "B"))).item.text
    assert "Secret" not in text
    assert text.startswith("Read well.")
