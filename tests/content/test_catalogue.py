"""The content that is shipped keeps every rule."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from app.authoring import (
    Catalogue,
    Exercise,
    Lesson,
    Module,
    Status,
    minutes,
    read_catalogue,
    render,
)
from app.authoring.formats.choice import MultipleChoice, SingleChoice

CONTENT = Path(__file__).parents[2] / "content"
GIVEN_AWAY = 0.5  # who always takes the longest option is right by chance in a quarter


def shipped() -> Catalogue:
    return read_catalogue(CONTENT)


def taught() -> list[Module]:
    return [module for module in shipped().modules if module.status is Status.ACTIVE]


def test_the_shipped_content_has_no_errors() -> None:
    assert [str(problem) for problem in shipped().errors] == []


def test_every_module_is_complete() -> None:
    assert taught()
    for module in taught():
        assert 6 <= len(module.skills) <= 9, module.slug
        assert {skill.slug for skill in module.skills} == {item.skills[0] for item in module.items}
        assert all(source.url.startswith("https://") for source in module.sources)


def test_every_active_module_is_part_of_a_programme() -> None:
    catalogue = shipped()
    listed = {slug for programme in catalogue.programmes for slug in programme.modules}
    assert {module.slug for module in taught()} <= listed


@pytest.mark.parametrize("pick", [min, max])
def test_the_length_of_an_option_is_no_way_to_the_answer(
    pick: Callable[[Iterable[int]], int],
) -> None:
    for module in taught():
        choices = [i.document for i in module.items if isinstance(i.document, SingleChoice)]
        lengths = [[len(option.text) for option in choice.options] for choice in choices]
        met = [
            pick(long) in {n for n, o in zip(long, choice.options, strict=True) if o.correct}
            for long, choice in zip(lengths, choices, strict=True)
        ]
        assert sum(met) <= GIVEN_AWAY * len(met), module.slug


def test_the_number_of_right_options_varies() -> None:
    for module in taught():
        counts = Counter(
            (sum(option.correct for option in i.document.options), len(i.document.options))
            for i in module.items
            if isinstance(i.document, MultipleChoice)
        )
        assert max(counts.values()) <= GIVEN_AWAY * counts.total(), module.slug


def test_every_right_answer_is_graded_right() -> None:
    exercises = [i.document for i in shipped().items if isinstance(i.document, Exercise)]
    assert exercises
    assert [e.title for e in exercises if not e.grade(e.right_answer()).correct] == []


def test_every_lesson_can_be_read_in_a_few_minutes() -> None:
    lessons = [i.document for i in shipped().items if isinstance(i.document, Lesson)]
    assert lessons
    assert [lesson.title for lesson in lessons if not 0.5 <= minutes(lesson) <= 3] == []
    assert all("govuk-body" in render(lesson.text) for lesson in lessons)
