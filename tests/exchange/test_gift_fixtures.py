"""Every GIFT file with the parse another grammar makes of it: the same is understood here."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.exchange.gift.blocks import Block, Category, blocks
from app.exchange.gift.grammar import Choice, GiftQuestion, Kind, Text, parse
from app.exchange.package import Package
from app.exchange.text_file import text_file
from tests.exchange.fixtures import FIXTURES

PAIRS = sorted((FIXTURES / "gift" / "questions").glob("*.gift"))
TYPES = {
    Kind.DESCRIPTION: "Description",
    Kind.ESSAY: "Essay",
    Kind.TRUE_FALSE: "TF",
    Kind.MULTIPLE_CHOICE: "MC",
    Kind.SHORT_ANSWER: "Short",
    Kind.NUMERICAL: "Numerical",
    Kind.MATCHING: "Matching",
}


def test_all_pairs_are_there() -> None:
    assert len(PAIRS) == 29


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_the_parse_is_the_one_expected(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    text = text_file(Package.of_path(path)).text
    assert [_understood(found) for found in blocks(text)] == [_tidied(row) for row in expected]


def _understood(found: Block | Category) -> dict[str, object]:
    if isinstance(found, Category):
        return {"type": "Category", "title": found.path}
    question = parse(found)
    understood: dict[str, object] = {
        "type": TYPES[question.kind],
        "title": question.title or None,
        "stem": {"format": question.before.format, "text": question.stem},
        "hasEmbeddedAnswers": question.has_gap,
        "id": question.id or None,
        "tags": list(question.tags) or None,
    }
    if question.kind is Kind.DESCRIPTION:
        return understood
    understood["globalFeedback"] = _text(question.general)
    return understood | _answers(question)


def _answers(question: GiftQuestion) -> dict[str, object]:
    if question.kind is Kind.TRUE_FALSE:
        first, second = map(_text, question.feedbacks)  # the grammar names them by their place
        return {"isTrue": question.is_true, "trueFeedback": first, "falseFeedback": second}
    if question.kind is Kind.ESSAY:
        return {}
    if question.kind is Kind.NUMERICAL and len(question.choices) == 1:
        return {"choices": _span(question.choices[0])}
    return {"choices": [_choice(choice) for choice in question.choices]}


def _choice(choice: Choice) -> dict[str, object]:
    return {
        "isCorrect": choice.mark == "=",
        "weight": choice.weight,
        "text": _span(choice) if choice.span else _text(choice.text),
        "feedback": _text(choice.feedback),
    }


def _span(choice: Choice) -> dict[str, object]:
    span = choice.span
    assert span is not None
    if span.is_range:
        return {"type": "high-low", "numberHigh": span.high, "numberLow": span.low}
    if span.tolerance is None:
        return {"type": "simple", "number": span.value}
    return {"type": "range", "number": span.value, "range": span.tolerance}


def _text(text: Text | None) -> dict[str, str] | None:
    return None if text is None else {"format": text.format, "text": text.text}


def _tidied(value: Any) -> Any:
    """Return the expected parse with its numbers as the decimals they were typed as."""
    if isinstance(value, dict):
        return {name: _tidied(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_tidied(inner) for inner in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    return value
