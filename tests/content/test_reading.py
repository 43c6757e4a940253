"""How long and how hard texts are."""

import pytest

from app.authoring import from_document, minutes, word_count
from app.authoring.reading import reading_grade, sentences, syllables


@pytest.mark.parametrize(
    ("markdown", "count"),
    [
        ("", 0),
        ("One two three.", 3),
        ("**One** [two](https://example.org/a-b-c) `three`", 3),
        ("# One\n\n- two\n- three", 3),
        ("| One | two |\n|---|---|\n| three | four |", 4),
        ("It's e-mail no. 1,200.5 - or not?", 6),
        ("![a map](map.png)", 2),
        ("Line one\nline two", 4),
        ("```\ncode here\n```", 2),
    ],
)
def test_words_are_counted_without_markup(markdown: str, count: int) -> None:
    assert word_count(markdown) == count


@pytest.mark.parametrize(
    ("markdown", "count"),
    [
        ("One. Two! Three?", 3),
        ("It costs 1.5 million, i.e. a lot.", 1),
        ("- One\n- Two", 2),
        ('He said: "Stop." Then he left.', 2),
        ("One sentence\nover two lines.", 1),
        ("One paragraph\n\nanother", 2),
    ],
)
def test_sentences_are_told_apart(markdown: str, count: int) -> None:
    assert len(list(sentences(markdown))) == count


@pytest.mark.parametrize(
    ("word", "count"),
    [("cat", 1), ("data", 2), ("record", 2), ("make", 1), ("table", 2), ("agency", 3),
     ("information", 4), ("checked", 1), ("needed", 2), ("makes", 1), ("services", 3), ("x", 1)],
)  # fmt: skip
def test_syllables_are_counted(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_reading_grade_follows_the_formula() -> None:
    # 6 words, 1 sentence, 6 syllables: 0.39 * 6 + 11.8 * 1 - 15.59
    assert reading_grade("The cat sat on the mat.") == pytest.approx(-1.45)
    # 2 sentences of 2 words with 8 syllables: 0.39 * 2 + 11.8 * 2 - 15.59
    assert reading_grade("Agency record. Data cat.") == pytest.approx(0.39 * 2 + 11.8 * 2 - 15.59)
    assert reading_grade("") == 0.0


def test_a_lesson_takes_the_time_to_read_it() -> None:
    lesson = {"version": 1, "kind": "lesson", "format": "explanation", "title": "T"}
    assert minutes(from_document(lesson | {"text": "word " * 300})) == pytest.approx(1.5)


def test_an_exercise_takes_the_time_to_read_and_to_answer() -> None:
    options = [
        {"text": "word " * 10, "correct": n == 0, "feedback": "word " * 99} for n in range(4)
    ]
    exercise = {
        "version": 1,
        "kind": "exercise",
        "format": "single-choice",
        "title": "T",
        "question": "word " * 40,
        "hints": ["word " * 99],
        "explanation": "word " * 20,
        "options": options,
    }
    assert minutes(from_document(exercise)) == pytest.approx(100 / 200 + 0.5)
