"""Cairn's items as QTI 3.0 assessment items.

Feedback is modal: the outcome FEEDBACK names the texts to show.  Hints and the explanation have
outcomes of their own, so that what comes back is what went out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.authoring import RawItem
from app.exchange.qti.asked import AS_TEXT, EXPLANATION, HINT, UNIT
from app.exchange.qti.written_xml import el, line, page, text
from app.exchange.writing import rows, said, table, words

NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
_SCHEMA = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
RESPONSE, SCORE, FEEDBACK = "RESPONSE", "SCORE", "FEEDBACK"
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Written:
    """The parts of an item that its format decides."""

    cardinality: str
    base: str
    correct: tuple[str, ...]
    body: str
    rules: tuple[str, ...]
    feedback: tuple[tuple[str, str], ...]  # identifier, Markdown
    mapping: str = ""
    feedback_cardinality: str = "single"


def write_qti_item(item: RawItem, *, identifier: str) -> str:
    """Return the XML of an exercise; raise KeyError for a format that QTI does not know."""
    written = _FORMATS[item.format](item)
    correct = el("qti-correct-response", *(el("qti-value", text(v)) for v in written.correct))
    parts = (
        el(
            "qti-response-declaration",
            correct,
            written.mapping,
            identifier=RESPONSE,
            cardinality=written.cardinality,
            base_type=written.base,
        ),
        *_outcomes(item, written),
        el("qti-item-body", written.body),
        el("qti-response-processing", *written.rules, *_after(item)),
        *(_modal(FEEDBACK, name, line(said)) for name, said in written.feedback if said),
        *(_modal(HINT, f"hint{n}", page(h)) for n, h in enumerate(item.hints, start=1)),
        *((_modal(EXPLANATION, "shown", page(item.explanation)),) if item.explanation else ()),
    )
    attributes = {
        "xmlns": NAMESPACE,
        "xmlns:xsi": _XSI,
        "xsi:schemaLocation": f"{NAMESPACE} {_SCHEMA}",
        "identifier": identifier,
        "title": item.title,
        "adaptive": "false",
        "time_dependent": "false",
    }
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + el(
        "qti-assessment-item", "\n", "\n".join(parts), "\n", **attributes
    )


def _outcomes(item: RawItem, written: _Written) -> Iterable[str]:
    zero = el("qti-default-value", el("qti-value", "0"))
    yield el(
        "qti-outcome-declaration", zero, identifier=SCORE, cardinality="single", base_type="float"
    )
    named = [(FEEDBACK, written.feedback_cardinality)]
    named += [(HINT, "single")] if item.hints else []
    named += [(EXPLANATION, "single")] if item.explanation else []
    for name, cardinality in named:
        yield el(
            "qti-outcome-declaration",
            identifier=name,
            cardinality=cardinality,
            base_type="identifier",
        )


def _after(item: RawItem) -> tuple[str, ...]:
    return (_set(EXPLANATION, _value("shown", "identifier")),) if item.explanation else ()


def _modal(outcome: str, name: str, html: str) -> str:
    return el(
        "qti-modal-feedback",
        el("qti-content-body", html),
        outcome_identifier=outcome,
        identifier=name,
        show_hide="show",
    )


def _choice(item: RawItem) -> _Written:
    several = item.format == "multiple-choice"
    options = [(f"option{n}", row) for n, row in enumerate(rows(item, "options"), start=1)]
    choices = (
        el("qti-simple-choice", line(said(row, "text")), identifier=name) for name, row in options
    )
    interaction = el(
        "qti-choice-interaction",
        *choices,
        response_identifier=RESPONSE,
        shuffle="true",
        max_choices="0" if several else "1",
    )
    return _Written(
        cardinality="multiple" if several else "single",
        base="identifier",
        correct=tuple(name for name, row in options if row.get("correct") is True),
        body=page(item.text) + interaction,
        rules=(_match_correct(), _set(FEEDBACK, _variable())),
        feedback=tuple((name, said(row, "feedback")) for name, row in options),
        feedback_cardinality="multiple" if several else "single",
    )


def _number(item: RawItem) -> _Written:
    answer, mistakes = table(item, "answer"), rows(item, "mistakes")
    unit = said(answer, "unit")
    entry = el("qti-text-entry-interaction", response_identifier=RESPONSE, expected_length="12")
    beside = " " + el("span", text(unit), class_=UNIT) if unit else ""
    branches = [(_near(answer), "right", 1)]
    branches += [(_near(row), f"mistake{n}", 0) for n, row in enumerate(mistakes, start=1)]
    return _Written(
        cardinality="single",
        base="float",
        correct=(_plain(answer.get("value")),),
        body=page(item.text) + el("p", entry, beside),
        rules=(_branched(branches),),
        feedback=_typed_feedback(answer, mistakes),
    )


def _short_text(item: RawItem) -> _Written:
    answer, mistakes = table(item, "answer"), rows(item, "mistakes")
    accepted = words(answer, "accepted")
    entries = (
        el("qti-map-entry", map_key=words, mapped_value="1", case_sensitive="false")
        for words in accepted
    )
    entry = el(
        "qti-text-entry-interaction",
        response_identifier=RESPONSE,
        expected_length="30",
        class_=AS_TEXT,
    )
    branches = [(_is_one_of(accepted), "right", 1)]
    branches += [
        (_is_one_of(words(row, "accepted")), f"mistake{n}", 0)
        for n, row in enumerate(mistakes, start=1)
    ]
    return _Written(
        cardinality="single",
        base="string",
        correct=tuple(accepted[:1]),
        mapping=el("qti-mapping", *entries, default_value="0"),
        body=page(item.text) + el("p", entry),
        rules=(_branched(branches),),
        feedback=_typed_feedback(answer, mistakes),
    )


def _ordering(item: RawItem) -> _Written:
    steps = [(f"step{n}", row) for n, row in enumerate(rows(item, "steps"), start=1)]
    names = _scattered(steps)
    choices = (
        el(
            "qti-simple-choice",
            line(said(row, "text")),
            _inline(names[key], row),
            identifier=names[key],
        )
        for key, row in sorted(steps, key=lambda step: names[step[0]])
    )
    interaction = el(
        "qti-order-interaction", *choices, response_identifier=RESPONSE, shuffle="true"
    )
    return _Written(
        cardinality="ordered",
        base="identifier",
        correct=tuple(names[key] for key, _ in steps),
        body=page(item.text) + interaction,
        rules=(_match_correct(), _set(FEEDBACK, el("qti-multiple", _variable()))),
        feedback=(),
        feedback_cardinality="multiple",
    )


def _matching(item: RawItem) -> _Written:
    pairs = [(f"line{n}", row) for n, row in enumerate(rows(item, "pairs"), start=1)]
    others = words(item.answer, "extra")
    rights = [said(row, "right") for _, row in pairs]
    order = sorted((*rights, *others))
    names = {words: f"match{n}" for n, words in enumerate(order, start=1)}
    lefts = (_associable(key, line(said(row, "left")) + _inline(key, row)) for key, row in pairs)
    matches = (_associable(names[words], line(words)) for words in order)
    interaction = el(
        "qti-match-interaction",
        el("qti-simple-match-set", *lefts),
        el("qti-simple-match-set", *matches),
        response_identifier=RESPONSE,
        shuffle="true",
        max_associations=str(len(pairs)),
    )
    shown = el("qti-multiple", *(_value(key, "identifier") for key, _ in pairs))
    return _Written(
        cardinality="multiple",
        base="directedPair",
        correct=tuple(f"{key} {names[said(row, 'right')]}" for key, row in pairs),
        body=page(item.text) + interaction,
        rules=(_match_correct(), _set(FEEDBACK, shown)),
        feedback=(),
        feedback_cardinality="multiple",
    )


def _associable(name: str, html: str) -> str:
    return el("qti-simple-associable-choice", html, identifier=name, match_max="1")


def _inline(name: str, row: Row) -> str:
    feedback = said(row, "feedback")
    if not feedback:
        return ""
    return el(
        "qti-feedback-inline",
        line(feedback),
        outcome_identifier=FEEDBACK,
        identifier=name,
        show_hide="show",
    )


def _scattered(steps: list[tuple[str, Row]]) -> dict[str, str]:
    """Return names for steps that do not betray their order: by the alphabet of their texts."""
    order = sorted(steps, key=lambda step: said(step[1], "text"))
    return {key: f"step{n}" for n, (key, _) in enumerate(order, start=1)}


def _typed_feedback(answer: Row, mistakes: Sequence[Row]) -> tuple[tuple[str, str], ...]:
    foreseen = ((f"mistake{n}", said(m, "feedback")) for n, m in enumerate(mistakes, start=1))
    return (
        ("right", said(answer, "right")),
        *foreseen,
        ("otherwise", said(answer, "otherwise")),
    )


def _branched(branches: Sequence[tuple[str, str, int]]) -> str:
    """Return the condition that gives each foreseen answer its score and feedback."""
    parts = [
        el(
            "qti-response-if" if place == 0 else "qti-response-else-if",
            condition,
            _set(SCORE, _value(str(score), "float")),
            _set(FEEDBACK, _value(name, "identifier")),
        )
        for place, (condition, name, score) in enumerate(branches)
    ]
    otherwise = el("qti-response-else", _set(FEEDBACK, _value("otherwise", "identifier")))
    return el("qti-response-condition", *parts, otherwise)


def _match_correct() -> str:
    right = el("qti-match", _variable(), el("qti-correct", identifier=RESPONSE))
    full = el("qti-response-if", right, _set(SCORE, _value("1", "float")))
    return el("qti-response-condition", full)


def _near(row: Row) -> str:
    tolerance = _plain(row.get("tolerance", 0))
    return el(
        "qti-equal",
        _variable(),
        _value(_plain(row.get("value")), "float"),
        tolerance_mode="absolute",
        tolerance=f"{tolerance} {tolerance}",
    )


def _is_one_of(texts: Sequence[str]) -> str:
    return el(
        "qti-or",
        *(
            el("qti-string-match", _variable(), _value(words, "string"), case_sensitive="false")
            for words in texts
        ),
    )


def _variable() -> str:
    return el("qti-variable", identifier=RESPONSE)


def _value(words: str, base: str) -> str:
    return el("qti-base-value", text(words), base_type=base)


def _set(outcome: str, expression: str) -> str:
    return el("qti-set-outcome-value", expression, identifier=outcome)


def _plain(value: object) -> str:
    """Return a number as a person writes it, without an exponent."""
    number = Decimal(repr(value)) if isinstance(value, int | float) else Decimal(0)
    return f"{number.normalize() + 0:f}"


_FORMATS: Mapping[str, Callable[[RawItem], _Written]] = {
    "single-choice": _choice,
    "multiple-choice": _choice,
    "number": _number,
    "short-text": _short_text,
    "ordering": _ordering,
    "matching": _matching,
}
FORMATS = frozenset(_FORMATS)
