"""A document is one text, whichever way it came to be."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.authoring import (
    Document,
    Exercise,
    Lesson,
    MalformedDocument,
    canonical_json,
    digest,
    document_from_json,
    from_document,
)

if TYPE_CHECKING:
    from tests.content.conftest import Folder

texts = st.text(min_size=1, max_size=30)
amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=6).map(float)
tolerances = st.decimals(min_value=0, max_value=10**6, places=6).map(float)


def tables(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields)


@st.composite
def choices(draw: st.DrawFn, *, format_: str) -> dict[str, Any]:
    rows = draw(st.lists(tables(text=texts, feedback=texts), min_size=2, max_size=6))
    right = (
        {0}
        if format_ == "single-choice"
        else draw(st.sets(st.integers(0, len(rows) - 2), min_size=1))
    )
    return {
        "format": format_,
        "options": [row | {"correct": n in right} for n, row in enumerate(rows)],
    }


numbers = tables(
    format=st.just("number"),
    answer=tables(
        value=amounts, tolerance=tolerances, unit=st.none() | texts, right=texts, otherwise=texts
    ),
    mistakes=st.lists(tables(value=amounts, tolerance=tolerances, feedback=texts), max_size=3),
)
short_texts = tables(
    format=st.just("short-text"),
    answer=tables(accepted=st.lists(texts, min_size=1, max_size=3), right=texts, otherwise=texts),
    mistakes=st.lists(tables(accepted=st.lists(texts, min_size=1), feedback=texts), max_size=3),
)
orderings = tables(
    format=st.just("ordering"),
    steps=st.lists(tables(text=texts, feedback=texts), min_size=3, max_size=6),
)
matchings = tables(
    format=st.just("matching"),
    pairs=st.lists(tables(left=texts, right=texts, feedback=texts), min_size=3, max_size=6),
    extra=st.lists(tables(text=texts), max_size=3),
)
shared = tables(
    version=st.just(1),
    kind=st.just("exercise"),
    title=texts,
    question=texts,
    hints=st.lists(texts, max_size=2),
    explanation=texts,
)
answers = st.one_of(
    choices(format_="single-choice"),
    choices(format_="multiple-choice"),
    numbers,
    short_texts,
    orderings,
    matchings,
)
exercises = st.builds(lambda common, answer: common | answer, shared, answers)
lessons = tables(
    version=st.just(1),
    kind=st.just("lesson"),
    format=st.sampled_from(["explanation", "worked-case"]),
    title=texts,
    text=texts,
)
documents: st.SearchStrategy[Document] = st.one_of(exercises, lessons).map(from_document)


@given(documents)
def test_a_document_comes_back_the_same(document: Document) -> None:
    assert from_document(document.to_document()) == document


@given(documents)
def test_a_document_survives_json(document: Document) -> None:
    text = canonical_json(document)
    again = document_from_json(text)
    assert again == document
    assert canonical_json(again) == text


@given(documents, st.randoms())
def test_the_digest_does_not_depend_on_the_order_of_keys(document: Document, random: Any) -> None:
    keys = list(document.to_document().items())
    random.shuffle(keys)
    assert digest(from_document(dict(keys))) == digest(document)


@given(documents, documents)
def test_two_documents_share_a_digest_only_when_they_are_one(
    one: Document, other: Document
) -> None:
    assert (digest(one) == digest(other)) == (one == other)


@given(documents)
def test_the_right_answer_of_any_exercise_is_right(document: Document) -> None:
    if not isinstance(document, Exercise) or document.format == "short-text":
        return  # an accepted answer without a letter cannot be typed; the schema keeps it out
    assert document.grade(document.right_answer()).correct


@given(documents)
def test_the_chance_of_guessing_is_a_probability(document: Document) -> None:
    if isinstance(document, Exercise):
        assert 0.01 <= document.guess <= 0.5


@given(documents)
def test_the_keys_of_the_parts_differ(document: Document) -> None:
    stored = document.to_document()
    for name in ("options", "steps"):
        rows = stored.get(name, [])
        assert isinstance(rows, list)
        assert len({row["key"] for row in rows}) == len(rows)
    pairs, extra = stored.get("pairs", []), stored.get("extra", [])
    assert isinstance(pairs, list)
    assert isinstance(extra, list)
    keys = [row["right_key"] for row in pairs] + [row["key"] for row in extra]
    assert len(set(keys)) == len(keys)


def test_the_canonical_form_does_not_change() -> None:
    """Digests are in the database: a change here needs a new document version."""
    document = from_document(
        {
            "version": 1,
            "kind": "exercise",
            "format": "ordering",
            "title": "Straße",
            "question": "Which first?",
            "hints": [],
            "explanation": "So it is.",
            "steps": [{"text": "One", "feedback": "1"}, {"text": "Two", "feedback": "2"}],
        }
    )
    assert canonical_json(document) == (
        '{"explanation":"So it is.","format":"ordering","hints":[],"kind":"exercise",'
        '"question":"Which first?","steps":[{"feedback":"1","key":"a","text":"One"},'
        '{"feedback":"2","key":"b","text":"Two"}],"title":"Straße","version":1}'
    )
    assert digest(document) == ("6b5b728022d2a520ba5af6a7cbf0176bae7685ed3a72a0c0c4915d69298f5d98")


def test_stored_keys_are_kept() -> None:
    rows = [{"key": key, "text": key, "feedback": "f"} for key in ("q", "p", "r")]
    stored = {
        "version": 1,
        "kind": "exercise",
        "format": "ordering",
        "title": "T",
        "question": "Q",
        "hints": [],
        "explanation": "E",
        "steps": rows,
    }
    assert from_document(stored).to_document() == stored


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 2}, "version must be 1, got 2"),
        ({"version": True}, "version must be a whole number"),
        ({"format": "essay"}, "format 'essay' is not known"),
        ({"title": 3}, "title must be text, got 3"),
        ({"text": None}, "text must be text, got None"),
    ],
)
def test_a_document_of_another_shape_is_refused(change: dict[str, object], said: str) -> None:
    stored = {"version": 1, "kind": "lesson", "format": "explanation", "title": "T", "text": "X"}
    with pytest.raises(MalformedDocument, match=said):
        from_document(stored | change)


@pytest.mark.parametrize("text", ["", "[]", "3", "{", '{"version":1}'])
def test_a_text_that_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(MalformedDocument):
        document_from_json(text)


def test_what_a_file_says_is_what_the_document_says(folder: "Folder") -> None:
    catalogue = folder.read()
    for item in catalogue.items:
        assert document_from_json(canonical_json(item.document)) == item.document
    titles = {item.slug: item.document for item in catalogue.items}
    single, lesson = titles["filing-single"], titles["filing-explanation"]
    assert isinstance(single, Exercise)
    assert isinstance(lesson, Lesson)
    assert single.question == "A citizen asks for her record. What do you do?"
    assert [hint.split()[0] for hint in single.hints] == ["Think", "The"]
    assert single.explanation.startswith("A record is kept")
    assert lesson.text.startswith("The office keeps")


def test_reading_twice_gives_the_same_documents(folder: "Folder") -> None:
    first = [digest(item.document) for item in folder.read().items]
    assert [digest(item.document) for item in folder.read().items] == first
    assert json.loads(canonical_json(folder.read().items[0].document))["version"] == 1
