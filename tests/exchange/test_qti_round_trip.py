"""What goes out as QTI 3.0 comes back as it was: keys, feedback, tolerances, hints, pictures."""

from pathlib import Path

import pytest
from lxml import etree

from app.authoring import RawItem, read_catalogue, render
from app.authoring.raw_item import raw_of
from app.exchange import Package, Question, Read
from app.exchange.qti.writing import write
from app.exchange.reading import entries_of
from app.exchange.xml_text import root_name

CONTENT = Path(__file__).parents[2] / "content"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(16)


def exercises() -> list[list[RawItem]]:
    """The exercises that are shipped, module by module."""
    return [
        [
            raw_of(item.document, id_=item.id, status="active", skills=(), transfer=False)
            for item in module.items
            if item.exercise is not None
        ]
        for module in read_catalogue(CONTENT).modules
    ]


def back(items: list[RawItem], **pictures: bytes) -> Read:
    named = {name.replace("_", "."): content for name, content in pictures.items()}
    packed = write(items, named.get).content
    return entries_of(Package.of_content("everything.zip", packed))


def test_the_whole_catalogue_comes_back() -> None:
    for items in exercises():
        found = back(items)
        assert len(items) > 50
        assert not found.unsupported
        assert not found.faults
        for item, question in zip(items, found.questions, strict=True):
            _is_the_same(question, item)


def _is_the_same(question: Question, item: RawItem) -> None:
    came = question.item
    assert (came.format, came.title) == (item.format, item.title)
    assert render(came.text) == render(item.text)
    assert render(came.explanation) == render(item.explanation)
    assert [render(hint) for hint in came.hints] == [render(hint) for hint in item.hints]
    assert _rendered(came.answer) == _rendered(item.answer)
    assert not question.losses


def _rendered(value: object) -> object:
    """Return the answer with each text as a reader sees it."""
    if isinstance(value, dict):
        kept = {k: sorted(v) if k == "extra" else v for k, v in value.items()}  # any order
        return {k: _rendered(v) for k, v in kept.items() if v is not None}
    if isinstance(value, list | tuple):
        return [_rendered(inner) for inner in value]
    return render(value) if isinstance(value, str) else value


@pytest.mark.parametrize("format_", ["single-choice", "multiple-choice"])
def test_options_with_markup_and_signs_come_back(format_: str) -> None:
    options = [
        {"text": "Less than `3 < 4` & more", "correct": True, "feedback": "*Yes*: a < b."},
        {"text": "“Quoted” \\_text\\_", "correct": False, "feedback": "No."},
        {"text": "5 \\* 5", "correct": False, "feedback": "A [link](https://example.org/a?b=c&d)."},
    ]
    _comes_back(_item(format_, {"options": options}))


def test_a_number_keeps_unit_tolerance_and_mistakes() -> None:
    answer = {"value": 50.0, "tolerance": 1.0, "unit": "kg", "right": "Yes.", "otherwise": "No."}
    mistakes = [
        {"value": 50.0, "tolerance": 10.0, "feedback": "Near."},
        {"value": -0.000000001, "tolerance": 0.0, "feedback": "Tiny."},
    ]
    _comes_back(_item("number", {"answer": answer, "mistakes": mistakes}))


def test_a_short_text_stays_a_text_though_it_looks_like_a_number() -> None:
    answer = {"accepted": ["12", "twelve"], "right": "Yes.", "otherwise": "No."}
    mistakes = [{"accepted": ["13", "thirteen"], "feedback": "One less."}]
    _comes_back(_item("short-text", {"answer": answer, "mistakes": mistakes}))


def test_steps_keep_their_order_and_feedback() -> None:
    steps = [{"text": t, "feedback": f"On {t}."} for t in ("wash", "peel", "cut", "boil")]
    _comes_back(_item("ordering", {"steps": steps}))


def test_the_file_does_not_betray_the_order() -> None:
    steps = [{"text": t, "feedback": "-"} for t in ("wash", "peel", "cut")]
    packed = _packed([_item("ordering", {"steps": steps})])
    xml = Package.of_content("a.zip", packed).read("items/item-a.xml").decode()
    assert xml.index("cut") < xml.index("peel") < xml.index("wash")


def test_pairs_keep_their_extra_choices() -> None:
    pairs = [{"left": n, "right": n * 2, "feedback": f"{n}!"} for n in ("a", "b", "c")]
    _comes_back(_item("matching", {"extra": ["zz"], "pairs": pairs}))


def test_pictures_go_with_their_words() -> None:
    item = _item("single-choice", {"options": _OPTIONS}, text="See ![a door](door.png) here.")
    (question,) = back([item], door_png=PICTURE).questions
    assert [picture.content for picture in question.pictures] == [PICTURE]
    assert f"![a door]({question.pictures[0].name})" in question.item.text


def test_every_file_is_well_formed_and_named_in_the_manifest() -> None:
    package = Package.of_content("a.zip", _packed(exercises()[0]))
    manifest = etree.fromstring(package.read("imsmanifest.xml"))
    named = {element.get("href") for element in manifest.iter("{*}file")}
    assert named == set(package.names) - {"imsmanifest.xml"}
    for name in named:
        assert root_name(package.read(str(name))) == "qti-assessment-item"
        etree.fromstring(package.read(str(name)))


def test_the_same_items_are_the_same_bytes() -> None:
    items = exercises()[0][:5]
    assert _packed(items) == _packed(items)


def test_what_qti_cannot_hold_is_said() -> None:
    lesson = RawItem(kind="lesson", format="explanation", title="Read this", text="Words.")
    item = _item("single-choice", {"options": _OPTIONS}, text="See ![a door](door.png).")
    assert write([lesson, item], _none).losses == (
        "Read this: QTI has no place for it; it is left out.",
        "A title: the picture door.png is missing.",
    )


def _none(_: str) -> None:
    return None


def _packed(items: list[RawItem]) -> bytes:
    return write(items, _none).content


_OPTIONS = [
    {"text": "Yes", "correct": True, "feedback": "So it is."},
    {"text": "No", "correct": False, "feedback": "Look again."},
]


def _item(format_: str, answer: dict[str, object], *, text: str = "What is it?") -> RawItem:
    return RawItem(
        kind="exercise",
        format=format_,
        title="A title",
        text=text,
        hints=("Look *closely*.", "Closer."),
        explanation="Because.\n\n- one\n- two",
        answer=answer,
        id="a",
    )


def _comes_back(item: RawItem) -> None:
    (question,) = back([item]).questions
    _is_the_same(question, item)
