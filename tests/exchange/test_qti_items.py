"""QTI 2.1, 2.2 and 3.0: choices, numbers and texts, written here from the specification."""

import pytest

from tests.exchange.qti_xml import (
    CHOICES,
    ENTRY,
    MAPPED,
    declared,
    item,
    marks,
    near,
    read,
    spelled,
    unsupported,
)


@spelled
def test_a_single_choice(spelling: str) -> None:
    found = read(item(CHOICES.format(most=1), declared("single", "identifier", "B")), spelling)
    assert found.item.format == "single-choice"
    assert found.item.title == "A title"
    assert found.item.text == "Who has the key?\n\nChoose."
    assert found.item.answer["options"][0] == {  # type: ignore[index]
        "text": "The *mayor*",
        "correct": False,
        "feedback": "She has none.",
    }
    assert marks(found) == [False, True, False, False]


@spelled
def test_a_multiple_choice_with_weights(spelling: str) -> None:
    mapping = """<mapping defaultValue="0" lowerBound="0"><mapEntry mapKey="A" mappedValue="1"/>
      <mapEntry mapKey="B" mappedValue="1"/><mapEntry mapKey="C" mappedValue="-1"/></mapping>"""
    declaration = declared("multiple", "identifier", "A", "B", more=mapping)
    found = read(item(CHOICES.format(most=0), declaration, MAPPED), spelling)
    assert found.item.format == "multiple-choice"
    assert marks(found) == [True, True, False, False]
    assert "Nobody: -50 %" in "".join(found.losses)


def test_a_key_is_found_in_the_mapping_alone() -> None:
    mapping = '<mapping><mapEntry mapKey="D" mappedValue="2"/></mapping>'
    declaration = declared("multiple", "identifier", more=mapping)
    assert marks(read(item(CHOICES.format(most=0), declaration, MAPPED))) == [False] * 3 + [True]


def test_a_key_is_found_in_the_rules_alone() -> None:
    rules = """<responseProcessing><responseCondition><responseIf><match>
      <variable identifier="RESPONSE"/><multiple><baseValue baseType="identifier">A</baseValue>
      <baseValue baseType="identifier">D</baseValue></multiple></match>
      <setOutcomeValue identifier="SCORE"><baseValue
      baseType="float">1</baseValue></setOutcomeValue>
      </responseIf></responseCondition></responseProcessing>"""
    found = read(item(CHOICES.format(most=0), declared("multiple", "identifier"), rules))
    assert marks(found) == [True, False, False, True]


def test_two_right_options_of_which_one_is_chosen_are_refused() -> None:
    mapping = """<mapping><mapEntry mapKey="A" mappedValue="1"/><mapEntry mapKey="B"
      mappedValue="1"/></mapping>"""
    xml = item(CHOICES.format(most=1), declared("single", "identifier", more=mapping), MAPPED)
    assert "several options is right" in unsupported(xml).because


def test_a_choice_without_a_key_is_refused() -> None:
    xml = item(CHOICES.format(most=1), declared("single", "identifier"), "")
    assert unsupported(xml).because == "The file does not say which option is right."


@spelled
def test_modal_feedback_goes_to_its_option(spelling: str) -> None:
    rules = """<responseProcessing><responseCondition><responseIf><match>
      <variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>
      <setOutcomeValue identifier="SCORE"><baseValue
      baseType="float">1</baseValue></setOutcomeValue>
      <setOutcomeValue identifier="FEEDBACK"><multiple>
      <baseValue baseType="identifier">good</baseValue>
      </multiple></setOutcomeValue></responseIf>
      <responseElseIf><match><variable identifier="RESPONSE"/>
      <baseValue baseType="identifier">C</baseValue>
      </match><setOutcomeValue identifier="FEEDBACK"><multiple>
      <baseValue baseType="identifier">none</baseValue>
      </multiple></setOutcomeValue></responseElseIf>
      <responseElse><setOutcomeValue identifier="FEEDBACK"><multiple><baseValue
      baseType="identifier">bad</baseValue></multiple></setOutcomeValue></responseElse>
      </responseCondition></responseProcessing>"""
    modal = "".join(
        f'<modalFeedback outcomeIdentifier="FEEDBACK" identifier="{name}" showHide="show">'
        f"{said}</modalFeedback>"
        for name, said in (("good", "Well done."), ("bad", "No key."), ("none", "Think."))
    )
    always = """<modalFeedback outcomeIdentifier="FEEDBACK" identifier="never" showHide="hide">
      <p>Keys hang in the office.</p></modalFeedback>"""
    body = CHOICES.format(most=1)
    xml = item(body, declared("single", "identifier", "B"), rules, also=modal + always)
    found = read(xml, spelling)
    told = [option["feedback"] for option in found.item.answer["options"]]  # type: ignore[attr-defined]
    assert told == ["She has none. No key.", "Well done.", "Think.", "No key."]
    assert found.item.explanation == "Keys hang in the office."


@spelled
@pytest.mark.parametrize(
    ("mode", "tolerance", "value", "margin"),
    [
        ("absolute", "0.1", 2.5, 0.1),
        ("absolute", "0.1 0.3", 2.6, 0.2),
        ("relative", "10 10", 2.5, 0.25),
    ],
)
def test_a_number_keeps_its_tolerance(
    mode: str, tolerance: str, value: float, margin: float, spelling: str
) -> None:
    xml = item(ENTRY, declared("single", "float", "2.5"), near(mode, tolerance))
    found = read(xml, spelling)
    answer = found.item.answer["answer"]
    assert found.item.format == "number"
    assert (answer["value"], answer["tolerance"]) == (value, margin)  # type: ignore[index]
    assert found.item.text == "Five halves are \\_\\_\\_\\_\\_ metres."


def test_a_range_is_a_number_with_a_tolerance() -> None:
    rules = """<responseProcessing><responseCondition><responseIf><and>
      <not><isNull><variable identifier="RESPONSE"/></isNull></not>
      <gte><variable identifier="RESPONSE"/><baseValue baseType="float">10</baseValue></gte>
      <gte><baseValue baseType="float">20</baseValue><variable identifier="RESPONSE"/></gte></and>
      <setOutcomeValue identifier="SCORE"><baseValue
      baseType="float">2</baseValue></setOutcomeValue>
      </responseIf></responseCondition></responseProcessing>"""
    answer = read(item(ENTRY, declared("single", "float", "15"), rules)).item.answer["answer"]
    assert (answer["value"], answer["tolerance"]) == (15.0, 5.0)  # type: ignore[index]


def test_rounding_is_a_tolerance_of_half_a_unit() -> None:
    rules = near("", "").replace("equal ", 'equalRounded roundingMode="decimalPlaces" figures="1" ')
    rules = rules.replace("</equal>", "</equalRounded>")
    answer = read(item(ENTRY, declared("single", "float", "3.1"), rules)).item.answer["answer"]
    assert (answer["value"], answer["tolerance"]) == (3.1, 0.05)  # type: ignore[index]


def test_two_right_numbers_are_refused() -> None:
    mapping = """<mapping><mapEntry mapKey="1" mappedValue="1"/><mapEntry mapKey="9"
      mappedValue="1"/></mapping>"""
    xml = item(ENTRY, declared("single", "integer", "1", more=mapping), MAPPED)
    assert "More than one range" in unsupported(xml).because


def test_a_partly_right_number_becomes_a_foreseen_mistake() -> None:
    mapping = """<mapping><mapEntry mapKey="5" mappedValue="2"/><mapEntry mapKey="4"
      mappedValue="1"/></mapping>"""
    found = read(item(ENTRY, declared("single", "integer", "5", more=mapping), MAPPED))
    assert found.item.answer["mistakes"][0]["value"] == 4.0  # type: ignore[index]
    assert "4 earned 50 %; now none." in found.losses


@spelled
def test_a_text_keeps_what_is_accepted_and_what_is_partly_right(spelling: str) -> None:
    mapping = """<mapping defaultValue="0"><mapEntry mapKey="Oslo" mappedValue="1"
      caseSensitive="false"/><mapEntry mapKey="Kristiania" mappedValue="1"/><mapEntry
      mapKey="Bergen"
      mappedValue="0.5"/></mapping>"""
    xml = item(ENTRY, declared("single", "string", "Oslo", more=mapping), MAPPED)
    found = read(xml, spelling)
    assert found.item.format == "short-text"
    assert found.item.answer["answer"]["accepted"] == ["Oslo", "Kristiania"]  # type: ignore[index]
    assert found.item.answer["mistakes"][0]["accepted"] == ["Bergen"]  # type: ignore[index]
    assert "Upper and lower case no longer count." in found.losses
    assert "Bergen earned 50 %; now none." in found.losses


def test_a_text_that_is_a_number_is_a_number() -> None:
    assert read(item(ENTRY, declared("single", "string", "-0.5"))).item.format == "number"


def test_an_answer_by_pattern_is_refused_by_name() -> None:
    rules = near("exact", "").replace("equal ", 'patternMatch pattern="(a+)+$" ')
    rules = rules.replace("</equal>", "</patternMatch>")
    found = unsupported(item(ENTRY, declared("single", "string", "aa"), rules))
    assert "patternMatch" in found.because
