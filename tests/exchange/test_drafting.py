"""What every format shares: numbers, marks and answers that Cairn reads alike."""

import pytest

from app.exchange import items_from

NUMERICAL = """<quiz><question type="numerical"><name><text>n</text></name>
<questiontext><text>How many?</text></questiontext>
<answer fraction="100"><text>{value}</text><tolerance>{margin}</tolerance></answer>
</question></quiz>"""
MULTICHOICE = """<quiz><question type="multichoice"><name><text>n</text></name>
<single>false</single><questiontext><text>Which?</text></questiontext>
<answer fraction="{share}"><text>one</text></answer><answer fraction="0"><text>two</text></answer>
<answer fraction="50"><text>three</text></answer></question></quiz>"""
TABLE = "type,question,correct,tolerance\nnumber,How many?,{value},{margin}\n"
LONG = "9" * 30


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.gift", f"How many? {{#{LONG}}}"),
        ("a.gift", f"How many? {{#1:{LONG}}}"),
        ("a.gift", f"How many? {{#1..{LONG}}}"),
        ("a.gift", f"How many? {{#=1 =%50%{LONG}}}"),
        ("a.xml", NUMERICAL.format(value=LONG, margin="0")),
        ("a.xml", NUMERICAL.format(value="1", margin="1e30")),
        ("a.csv", TABLE.format(value=LONG, margin="0")),
        ("a.csv", TABLE.format(value="1", margin=LONG)),
    ],
)
def test_a_number_too_long_to_keep_is_named(name: str, content: str) -> None:
    (entry,) = items_from(name, content.encode()).unsupported
    assert "more than 15 digits" in entry.because


@pytest.mark.parametrize("share", [LONG, f"-{LONG}", "33.33333", "100"])
def test_marks_of_any_size_are_said(share: str) -> None:
    read = items_from("a.xml", MULTICHOICE.format(share=share).encode())
    (said,) = [loss for entry in read.questions for loss in entry.losses]
    assert said.startswith("Marks for parts of the answer are not kept (one: ")


def test_an_answer_read_like_a_right_one_is_no_mistake() -> None:
    (question,) = items_from("a.gift", b"Sun of? {=York =%50%york =%50%Yorkshire#No}").questions
    assert question.losses == (
        "york earned 50 %; now all, as it is read like York.",
        "Yorkshire earned 50 %; now none.",
    )
    assert question.item.answer["mistakes"] == [{"accepted": ["Yorkshire"], "feedback": "No"}]


@pytest.mark.parametrize("heading", ["format,title,answer", "title;question"])
def test_a_table_with_other_columns_is_told_which_it_needs(heading: str) -> None:
    (fault,) = items_from("a.csv", f"{heading}\n1,2,3\n".encode()).faults
    assert fault.sentence == "The heading has no column type."
