"""The content that is shipped keeps every rule."""

from pathlib import Path

from app.authoring import Catalogue, Exercise, Lesson, minutes, read_catalogue, render

CONTENT = Path(__file__).parents[2] / "content"


def shipped() -> Catalogue:
    return read_catalogue(CONTENT)


def test_the_shipped_content_has_no_errors() -> None:
    assert [str(problem) for problem in shipped().errors] == []


def test_the_first_module_is_complete() -> None:
    (module,) = (m for m in shipped().modules if m.slug == "ai-literacy-for-public-servants")
    assert 8 <= len(module.skills) <= 9
    assert {skill.slug for skill in module.skills} == {item.skills[0] for item in module.items}


def test_every_right_answer_is_graded_right() -> None:
    exercises = [i.document for i in shipped().items if isinstance(i.document, Exercise)]
    assert exercises
    assert [e.title for e in exercises if not e.grade(e.right_answer()).correct] == []


def test_every_lesson_can_be_read_in_a_few_minutes() -> None:
    lessons = [i.document for i in shipped().items if isinstance(i.document, Lesson)]
    assert lessons
    assert [lesson.title for lesson in lessons if not 0.5 <= minutes(lesson) <= 3] == []
    assert all("govuk-body" in render(lesson.text) for lesson in lessons)
