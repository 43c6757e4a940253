"""Every shipped question comes back from every format, but for what its export says is lost."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from app.authoring import Module, RawItem, raw_of, read_catalogue, render
from app.exchange import Question, writers
from app.exchange.reading import items_from
from app.exchange.writing import Written, rows

CONTENT = Path(__file__).parents[2] / "content"
MODULES = {module.slug: module for module in read_catalogue(CONTENT).modules}
FORMATS = [writer.name for writer in writers.WRITERS]
# What an export may say of an item, and what is then no longer there.
NAMED: Mapping[str, str] = {
    "hints are left out.": "hints",
    "the unit is left out.": "unit",
    "feedback for pairs is left out.": "feedback",
    "feedback for steps is left out.": "feedback",
    "that it is a transfer case is left out.": "transfer",
    "further skills than the first are left out.": "further skills",
}
OF_ALL = "The skills that questions practise are left out."
WHOLE = frozenset({"the whole item"})


@pytest.mark.parametrize("slug", MODULES)
@pytest.mark.parametrize("format_", FORMATS)
def test_a_shipped_module_comes_back_but_for_what_is_said(format_: str, slug: str) -> None:
    items = list(items_of(MODULES[slug]))
    writer = writers.named(format_)
    assert writer is not None
    written = writer.write(items, lambda _name: None)
    read = items_from(f"file{writer.ending}", written.content)
    came = {question.title: question for question in read.questions}
    assert (read.faults, read.unsupported, len(came)) == ((), (), len(read.questions))
    said = named(written)
    lost = {item.title: missing(item, came.get(item.title)) for item in items}
    if OF_ALL in written.losses:
        lost = {title: parts - {"skill", "further skills"} for title, parts in lost.items()}
    assert lost == {item.title: said[item.title] for item in items}


def items_of(module: Module) -> Iterator[RawItem]:
    for item in module.items:
        yield raw_of(
            item.document,
            id_=item.id,
            status=item.status,
            skills=item.skills,
            transfer=item.transfer,
        )


def named(written: Written) -> defaultdict[str, frozenset[str]]:
    """What the export says of each title; a sentence that says nothing known is the whole item."""
    found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for sentence in written.losses:
        title, _, said = sentence.rpartition(": ")
        found[title] |= {NAMED[said]} if said in NAMED else WHOLE
    return found


def missing(item: RawItem, question: Question | None) -> frozenset[str]:
    """What an item had that the question has not, each part compared as a reader sees it."""
    if question is None:
        return WHOLE
    came = question.item
    assert (came.kind, came.format) == (item.kind, item.format)
    assert seen([came.text, came.explanation]) == seen([item.text, item.explanation])
    parts = {
        "skill": question.category.rpartition("/")[2] != item.skills[0],
        "further skills": len(item.skills) > 1,
        "transfer": item.transfer,
        "hints": seen(came.hints) != seen(item.hints),
        "unit": "unit" in text_keys(item) - text_keys(came),
        "feedback": feedback_of(came) != feedback_of(item),
    }
    assert stripped(came.answer) == stripped(item.answer)
    return frozenset(name for name, is_lost in parts.items() if is_lost)


def text_keys(item: RawItem) -> frozenset[str]:
    answer = item.answer.get("answer")
    return frozenset(k for k, v in answer.items() if v) if isinstance(answer, dict) else frozenset()


def feedback_of(item: RawItem) -> list[object]:
    lists = ("options", "steps", "pairs", "mistakes")
    return [seen(row.get("feedback", "")) for name in lists for row in rows(item, name)]


def stripped(value: object) -> object:
    """An answer without what is told apart: units and feedback."""
    if isinstance(value, Mapping):
        kept = {k: sorted(v) if k == "extra" else v for k, v in value.items()}  # any order
        return {k: stripped(v) for k, v in kept.items() if k not in {"unit", "feedback"} and v}
    return [stripped(one) for one in value] if isinstance(value, list | tuple) else seen(value)


def seen(value: object) -> object:
    if isinstance(value, list | tuple):
        return [seen(one) for one in value]
    return render(value) if isinstance(value, str) else value
