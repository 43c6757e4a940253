"""What a file lacks is said in the words of a form, and alike rows in one sentence."""

from pathlib import PurePosixPath

import pytest

from app.authoring import RawItem, write_item
from app.authoring.item_file import read_item
from app.authoring.plain_problems import in_plain_words, is_plain
from app.authoring.problem import Problem
from app.words import Sentence

PLACE = PurePosixPath("skill/question.md")
OPTIONS = [{"text": f"Option {n}", "correct": n == 0, "feedback": ""} for n in range(4)]


def problems_of(answer: dict[str, object], format_: str, explanation: str) -> tuple[Problem, ...]:
    item = RawItem(
        kind="exercise",
        format=format_,
        id="aaaaaaaaaaaa",
        title="Who signs",
        text="Who signs the letter?",
        skills=("skill",),
        status="draft",
        explanation=explanation,
        answer=answer,
    )
    found = read_item(write_item(item), file=PLACE.name, path=PLACE)
    assert isinstance(found, tuple)
    return in_plain_words(found)


@pytest.mark.parametrize(
    ("answer", "format_", "explanation", "said"),
    [
        (
            {"options": OPTIONS},
            "single-choice",
            "",
            ["Options without feedback: 1, 2, 3, 4.", "The explanation is missing."],
        ),
        (
            {"options": [{**OPTIONS[1], "feedback": "Nobody does."}] * 4},
            "multiple-choice",
            "Somebody does.",
            ["Mark at least one option as right, and leave at least one that is wrong."],
        ),
        (
            {"steps": [{"text": "", "feedback": "First."}, {"text": "Two", "feedback": ""}]},
            "ordering",
            "In this order.",
            ["Steps without words: 1.", "Steps without feedback: 2."],
        ),
    ],
)
def test_what_is_missing_is_said_once_and_without_keys(
    answer: dict[str, object], format_: str, explanation: str, said: list[str]
) -> None:
    found = problems_of(answer, format_, explanation)
    assert sorted(problem.message for problem in found) == sorted(said)
    assert all(is_plain(problem) for problem in found)


def test_rows_that_are_mended_on_pages_of_their_own_stay_apart() -> None:
    rows = [
        Problem("module.toml", n, "required-keys", "-", path=("skills", n, "summary"))
        for n in range(2)
    ]
    together = [problem.message for problem in in_plain_words(rows)]
    apart = [problem.path for problem in in_plain_words(rows, apart=frozenset({"skills"}))]
    assert together == ["Skills without a summary: 1, 2."]
    assert apart == [("skills", 0, "summary"), ("skills", 1, "summary")]


def test_what_has_no_plain_words_keeps_its_own() -> None:
    said = Sentence("%(key)s must be text in quotes.", key="title")
    problem = Problem("module.toml", 1, "valid-values", said)
    assert in_plain_words([problem]) == (problem,)
    assert not is_plain(problem)
