"""Rules on what a skill needs before anybody can learn it."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from app.authoring.catalogue import Catalogue, Item, Module, Status
from app.authoring.formats.exercise import Exercise
from app.authoring.rules.finding import Finding, found
from app.words import Sentence

LESSONS, LESSON_FORMATS = 2, 2
EXERCISES, EXERCISE_FORMATS = 8, 3
HARDEST_GUESS = 0.10
EVIDENCE_ITEMS = 8  # different items that evidence of a skill looks at
EVIDENCE_ITEMS_WITHOUT_CASE = 10  # where it has no transfer case
MEAN_GUESS = 0.30


def prerequisites_exist(catalogue: Catalogue) -> Iterator[Finding]:
    for module in catalogue.modules:
        for n, skill in enumerate(module.skills):
            for slug in skill.prerequisites:
                if module.skill(slug) is None:
                    said = Sentence(
                        "“%(skill)s” is not a skill of this module, so nothing can build on it.",
                        skill=slug,
                    )
                    yield found(module.source, "skills", n, "prerequisites", message=said)


def prerequisites_have_no_cycle(catalogue: Catalogue) -> Iterator[Finding]:
    for module in catalogue.modules:
        cycle = find_cycle({s.slug: s.prerequisites for s in module.skills})
        if cycle:
            at = next((n for n, s in enumerate(module.skills) if s.slug == cycle[0]), 0)
            said = Sentence("The prerequisites run in a circle: %(path)s.", path=" -> ".join(cycle))
            yield found(module.source, "skills", at, "prerequisites", message=said)


def find_cycle(prerequisites: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return a circle as a path that ends where it starts; empty when there is none."""
    try:
        TopologicalSorter(prerequisites).prepare()
    except CycleError as error:
        return tuple(reversed(error.args[1]))
    return ()


def skills_have_lessons(catalogue: Catalogue) -> Iterator[Finding]:
    for module, n, slug in _active_skills(catalogue):
        lessons = [item.lesson for item in module.items_of(slug) if item.lesson is not None]
        formats = {lesson.format for lesson in lessons}
        if len(lessons) < LESSONS or len(formats) < LESSON_FORMATS:
            said = Sentence(
                "“%(skill)s” needs %(least)d lessons of %(kinds)d kinds. It has %(count)d,"
                " of %(got)d.",
                skill=slug,
                least=LESSONS,
                kinds=LESSON_FORMATS,
                count=len(lessons),
                got=len(formats),
            )
            yield found(module.source, "skills", n, message=said)


def skills_have_exercises(catalogue: Catalogue) -> Iterator[Finding]:
    for module, n, slug in _active_skills(catalogue):
        usual = [i.exercise for i in module.items_of(slug) if i.exercise and not i.transfer]
        formats = {exercise.format for exercise in usual}
        if len(usual) < EXERCISES or len(formats) < EXERCISE_FORMATS:
            said = Sentence(
                "“%(skill)s” needs %(least)d exercises of %(kinds)d kinds besides its transfer"
                " case. It has %(count)d, of %(got)d.",
                skill=slug,
                least=EXERCISES,
                kinds=EXERCISE_FORMATS,
                count=len(usual),
                got=len(formats),
            )
            yield found(module.source, "skills", n, message=said)


def skills_have_one_transfer_case(catalogue: Catalogue) -> Iterator[Finding]:
    for module, n, slug in _active_skills(catalogue):
        cases = _transfer_cases(module, slug)
        if len(cases) != 1:
            said = Sentence(
                "“%(skill)s” needs one transfer case. It has %(count)d.",
                skill=slug,
                count=len(cases),
            )
            yield found(module.source, "skills", n, message=said)


def skills_can_be_reached(catalogue: Catalogue) -> Iterator[Finding]:
    for module, n, slug in _active_skills(catalogue):
        if not _practising(module, slug):
            said = Sentence(
                "“%(skill)s” has no exercise, so nobody could master it or get on from it.",
                skill=slug,
            )
            yield found(module.source, "skills", n, message=said)


def skills_can_be_evidenced(catalogue: Catalogue) -> Iterator[Finding]:
    for module, n, slug in _active_skills(catalogue):
        count = len(_practising(module, slug))
        least = EVIDENCE_ITEMS if _has_case(module, slug) else EVIDENCE_ITEMS_WITHOUT_CASE
        if count < least:
            said = Sentence(
                "Evidence of “%(skill)s” needs %(least)d different exercises. It has %(count)d:"
                " learners can master it, but not show it to others.",
                skill=slug,
                least=least,
                count=count,
            )
            yield found(module.source, "skills", n, message=said)


def skills_are_seldom_guessed(catalogue: Catalogue) -> Iterator[Finding]:
    for module, n, slug in _active_skills(catalogue):
        chances = [exercise.guess for exercise in _practising(module, slug)]
        if chances and sum(chances) / len(chances) > MEAN_GUESS:
            said = Sentence(
                "Somebody who cannot do “%(skill)s” answers %(count)d of 100 questions right;"
                " %(most)d is the most. Use other formats, or more options.",
                skill=slug,
                count=round(100 * sum(chances) / len(chances)),
                most=round(100 * MEAN_GUESS),
            )
            yield found(module.source, "skills", n, message=said)


def transfer_cases_are_hard_to_guess(catalogue: Catalogue) -> Iterator[Finding]:
    for item in catalogue.items:
        exercise = item.exercise
        if item.transfer and exercise is not None and exercise.guess > HARDEST_GUESS:
            said = Sentence(
                "A transfer case may be guessed by %(most)d of 100 people at most, this one is by"
                " %(count)d: take another format, or more options, steps or pairs.",
                most=round(100 * HARDEST_GUESS),
                count=round(100 * exercise.guess),
            )
            yield found(item.source, "transfer", message=said)


def _active_skills(catalogue: Catalogue) -> Iterator[tuple[Module, int, str]]:
    """Yield the module, place and slug of each skill learners meet: those of active modules."""
    for module in catalogue.modules:
        if module.status is Status.ACTIVE:
            for n, skill in enumerate(module.skills):
                yield module, n, skill.slug


def _transfer_cases(module: Module, slug: str) -> list[Item]:
    return [item for item in module.items_of(slug) if item.transfer]


def _has_case(module: Module, slug: str) -> bool:
    return any(
        item.transfer and item.status is Status.ACTIVE and slug in item.skills
        for item in module.items
    )


def _practising(module: Module, slug: str) -> list[Exercise]:
    """Return the active exercises that practise a skill, as their first or a further one."""
    return [
        item.exercise
        for item in module.items
        if item.status is Status.ACTIVE
        and item.exercise is not None
        and not item.transfer
        and slug in item.skills
    ]
