"""Every QTI and Common Cartridge fixture imports, or is refused with a sentence and its place."""

import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest

from app.authoring import Document, from_document
from app.exchange import Package, Question, Read
from app.exchange.qti.package import CARTRIDGE, QTI
from app.exchange.reading import entries_of
from tests.exchange.fixtures import FIXTURES

ITEMS = FIXTURES / "qti" / "items_1.2"

# file: formats of the questions, kinds that are not taken, faults
TABLE = {
    "qti/items_1.2/canvas_multiple_fib.xml": ((), ("fill_in_multiple_blanks_question",), 0),
    "qti/items_1.2/choice.xml": (("single-choice",) * 3 + ("multiple-choice",), (), 0),
    "qti/items_1.2/choice_vary_points_by_answer.xml": ((), (), 1),
    "qti/items_1.2/choice_vary_points_by_answer_zero_points.xml": ((), (), 1),
    "qti/items_1.2/essay.xml": ((), ("response_str",), 0),
    "qti/items_1.2/essay_custom_settings.xml": ((), ("response_str",), 0),
    "qti/items_1.2/fib.xml": ((), (), 1),
    "qti/items_1.2/fib_feedback.xml": (("short-text",), (), 0),
    "qti/items_1.2/formula.xml": ((), ("calculated_question",), 0),
    "qti/items_1.2/formula_mvar.xml": ((), ("calculated_question",), 0),
    "qti/items_1.2/formula_scientific.xml": ((), ("calculated_question",), 0),
    "qti/items_1.2/hot_spot.xml": ((), ("hot_spot_question",) * 4, 0),
    "qti/items_1.2/matching.xml": (("matching",), (), 0),
    "qti/items_1.2/mc_feedback.xml": (("single-choice",), (), 0),
    "qti/items_1.2/multiple_answer.xml": (("multiple-choice",), (), 0),
    "qti/items_1.2/multiple_answer_canvas.xml": (("multiple-choice",), (), 0),
    "qti/items_1.2/multiple_choice.xml": (("single-choice",), (), 0),
    "qti/items_1.2/numeric_exact_match.xml": (("number",), ("response_str",), 0),
    "qti/items_1.2/numeric_margin_error.xml": (("number",), (), 0),
    "qti/items_1.2/numeric_margin_error_percent.xml": (("number",), (), 0),
    "qti/items_1.2/numeric_precision_decimals.xml": ((), ("numerical_question",), 0),
    "qti/items_1.2/numeric_within_range.xml": (("number",), (), 0),
    "qti/items_1.2/ordering.xml": ((), (), 1),
    "qti/items_1.2/question_group.xml": (("single-choice",) * 10, (), 0),
    "qti/items_1.2/single_fib.xml": (("short-text",), (), 0),
    "qti/items_1.2/stimulus.xml": ((), ("text_only_question",), 0),
    "qti/items_1.2/stimulus_passage.xml": ((), ("text_only_question",), 0),
    "qti/items_1.2/text.no.question.xml": ((), ("text_only_question",), 0),
    "qti/items_1.2/true_false.xml": (("single-choice",), (), 0),
    "qti/all_canvas_simple_1.2.xml": (
        ("single-choice",) * 3 + ("short-text", "multiple-choice"),
        (
            "fill_in_multiple_blanks_question",
            "matching_question",
            "numerical_question",
            "calculated_question",
            "essay_question",
        ),
        0,
    ),
    "qti/edge_cases_1.2.xml": (("single-choice",) * 3, ("response_lid",), 0),
    "qti/interaction_checks_1.2.xml": (
        ("single-choice",) * 3 + ("short-text", "multiple-choice"),
        ("response_lid",) * 2 + ("response_str",) * 3,
        0,
    ),
    "qti/no_assessment_xml": ((), ("choiceInteraction",), 0),
    "qti/test_qti_1.2_canvas_extended_1": ((), (), 1),
    "qti/test_qti_1.2_canvas_extended_2": ((), (), 1),
    "qti/test_qti_2.1_taxonpath": ((), (), 1),
    "qti/test_with_comments": (("single-choice",), (), 0),
    "qti/unsupported_version": ((), (), 1),
    "qti/with_banks": (
        ("single-choice",) * 3,
        (
            "text_only_question",
            "multiple_answers_question",
            "essay_question",
            "true_false_question",
            "essay_question",
        ),
        0,
    ),
    "common-cartridge/all-question-types": (
        ("single-choice",) * 2 + ("multiple-choice", "matching", "number"),
        (
            "multiple_dropdowns_question",
            "calculated_question",
            "essay_question",
            "text_only_question",
            "file_upload_question",
            "course material",
        ),
        0,
    ),
    "common-cartridge/multiple-pages": ((), ("course material", *("page or file",) * 3), 0),
    "common-cartridge/latex.imscc": ((), ("course material", *("page or file",) * 2), 0),
}


def read(name: str) -> Read:
    return entries_of(Package.of_path(FIXTURES / name))


@pytest.mark.parametrize("name", TABLE)
def test_every_question_is_understood_or_named(name: str) -> None:
    found = read(name)
    formats = Counter(question.item.format for question in found.questions)
    kinds = Counter(entry.kind for entry in found.unsupported)
    questions, unsupported, faults = TABLE[name]
    assert (formats, kinds, len(found.faults)) == (
        Counter(questions),
        Counter(unsupported),
        faults,
    )


@pytest.mark.parametrize("name", TABLE)
def test_every_place_and_reason_is_said(name: str) -> None:
    for entry in read(name).entries:
        assert entry.place.file
        if not isinstance(entry, Question):
            said = entry.because if hasattr(entry, "because") else entry.sentence
            assert said.endswith(".")


@pytest.mark.parametrize("name", TABLE)
def test_every_question_can_be_asked(name: str) -> None:
    for question in read(name).questions:
        exercise = document_of(question)
        assert exercise.grade(exercise.right_answer()).correct  # type: ignore[union-attr]


def document_of(question: Question) -> Document:
    """Return the item's document, with a word put where the file says nothing."""
    item = question.item
    return from_document(
        {
            "version": 1,
            "format": item.format,
            "title": item.title,
            "question": item.text,
            "hints": list(item.hints),
            "explanation": item.explanation or "-",
            **{k: _filled(k, v) for k, v in item.answer.items()},
        }
    )


def _filled(name: str, value: object) -> object:
    if name == "extra" and isinstance(value, list):
        return [{"text": text} for text in value]
    return value


def test_the_whole_fixture_folder_is_in_the_table() -> None:
    single = {f"qti/items_1.2/{path.name}" for path in ITEMS.iterdir()}
    whole = {f"qti/{path.name}" for path in (FIXTURES / "qti").glob("*.xml")}
    packages = {f"qti/{p.name}" for p in (FIXTURES / "qti").iterdir() if p.is_dir()}
    left = (single | whole | packages) - {"qti/items_1.2", "qti/canvas_cartridge"}
    assert left <= set(TABLE)


def test_feedback_goes_to_the_answer_it_is_about() -> None:
    (question,) = read("qti/items_1.2/mc_feedback.xml").questions
    assert question.item.explanation == "General Feedback"
    assert question.item.answer["options"][:2] == [  # type: ignore[index]
        {
            "text": "A",
            "correct": True,
            "feedback": "General Correct Feedback Answer A Feedback",
        },
        {
            "text": "B",
            "correct": False,
            "feedback": "General Incorrect Feedback Answer B Feedback",
        },
    ]


@pytest.mark.parametrize(
    ("name", "value", "tolerance"),
    [
        ("numeric_margin_error", 77.0, 7.0),
        ("numeric_margin_error_percent", 200.0, 40.0),
        ("numeric_within_range", 11.5, 10.5),
        ("numeric_exact_match", 1234.0, 0.0),
    ],
)
def test_tolerances_are_kept(name: str, value: float, tolerance: float) -> None:
    question = read(f"qti/items_1.2/{name}.xml").questions[0]
    answer = question.item.answer["answer"]
    assert (answer["value"], answer["tolerance"]) == (value, tolerance)  # type: ignore[index]


def test_a_distractor_of_a_matching_is_kept() -> None:
    (question,) = read("qti/items_1.2/matching.xml").questions
    assert question.item.answer["extra"] == ["A distractor answer."]


def test_marks_that_cannot_be_kept_are_said() -> None:
    (question,) = read("qti/items_1.2/multiple_answer.xml").questions
    assert any("-10 %" in loss for loss in question.losses)


def test_a_broken_file_is_refused_with_its_line() -> None:
    (fault,) = read("qti/items_1.2/fib.xml").faults
    assert fault.place.line == 45


def test_a_cartridge_with_a_copy_of_a_quiz_gives_each_question_once() -> None:
    found = read("qti/canvas_cartridge")
    assert len(found.questions) == 6
    copies = [entry for entry in found.unsupported if "same question" in entry.because]
    assert len(copies) == 6


@pytest.mark.parametrize(
    "name", ["qti/with_banks", "common-cartridge/all-question-types", "qti/no_assessment_xml"]
)
def test_a_packed_folder_reads_as_the_folder_does(name: str) -> None:
    packed = entries_of(Package.of_content("packed.imscc", zipped(FIXTURES / name)))
    assert packed.entries == read(name).entries


def test_a_folder_packed_with_its_own_name_reads_too() -> None:
    packed = zipped(FIXTURES / "qti/with_banks", inside="course/")
    assert len(entries_of(Package.of_content("packed.zip", packed)).questions) == 3


def zipped(folder: Path, *, inside: str = "") -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, inside + path.relative_to(folder).as_posix())
    return content.getvalue()


def test_a_cartridge_is_known_as_one() -> None:
    assert CARTRIDGE.recognises(Package.of_path(FIXTURES / "common-cartridge/latex.imscc"))
    assert not CARTRIDGE.recognises(Package.of_path(FIXTURES / "qti/no_assessment_xml"))
    assert QTI.recognises(Package.of_path(FIXTURES / "qti/no_assessment_xml"))
