"""What Cairn writes in another format it reads back as the same item, but for what was said."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from app.authoring import RawItem
from app.exchange import csv_writing, writers
from app.exchange.moodle import writing as moodle_writing
from app.exchange.reading import items_from
from tests.exchange.items import exercise

FORMATS = ("gift", "moodle-xml", "csv")


def nothing(_name: str) -> bytes | None:
    return None


@pytest.mark.parametrize("format_", FORMATS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(item=exercise)
def test_an_item_comes_back_as_it_went(format_: str, item: RawItem) -> None:
    writer = writers.named(format_)
    assert writer is not None
    expected = _sayable(item, format_)
    written = writer.write([item], nothing)
    if expected is None:
        assert written.losses
        return
    read = items_from(f"file{writer.ending}", written.content)
    assert read.format == format_
    assert [question.item for question in read.questions] == [expected]
    assert not read.faults
    assert not read.unsupported


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("right", [1, 2, 3, 7])
def test_no_marks_are_lost_of_what_was_written_here(format_: str, right: int) -> None:
    options = [
        {"text": f"Option {number}", "correct": number < right, "feedback": "Read it once more."}
        for number in range(right + 2)
    ]
    item = RawItem(
        kind="exercise",
        format="multiple-choice",
        title="All of them",
        text="Which of these?",
        answer={"options": options},
        status="draft",
    )
    writer = writers.named(format_)
    assert writer is not None
    (question,) = items_from(
        f"file{writer.ending}", writer.write([item], nothing).content
    ).questions
    assert question.item.answer == item.answer
    assert question.losses == ()


def test_what_a_table_has_no_room_for_is_said() -> None:
    mistakes = [{"accepted": [f"no {n}"], "feedback": "-"} for n in range(11)]
    answer = {"answer": {"accepted": ["yes|no"]}, "mistakes": mistakes}
    item = RawItem(kind="exercise", format="short-text", title="Full", text="?", answer=answer)
    assert csv_writing.write([item], nothing).losses == (
        "Full: only the first 10 parts are kept.",
        "Full: an answer with | in it is two answers there.",
    )


def test_a_picture_that_is_not_there_is_said() -> None:
    item = RawItem(kind="exercise", format="ordering", title="Seen", text="![a door](door.png)")
    assert moodle_writing.write([item], nothing).losses == (
        "Seen: the picture door.png is missing.",
    )


def _sayable(item: RawItem, format_: str) -> RawItem | None:
    """Return the item with what the format has a place for, None when it has none at all."""
    if format_ == "csv":
        return item
    answer = dict(item.answer)
    if item.format in {"ordering", "matching"}:
        name = "steps" if item.format == "ordering" else "pairs"
        rows = answer[name]
        assert isinstance(rows, list)
        answer[name] = [{**row, "feedback": ""} for row in rows]
    if format_ == "moodle-xml":
        return replace(item, answer=answer)
    return None if item.format == "ordering" else replace(item, answer=answer, hints=())
