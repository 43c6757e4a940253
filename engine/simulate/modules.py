"""The module that simulated people study: the shape and size of a real one."""

from engine.bkt import SkillParameters
from engine.curriculum import WORKED_CASE, Curriculum, Item, ItemKind, Skill
from engine.simulate.protocols import Module

PREREQUISITES: dict[str, tuple[str, ...]] = {
    "s1": (),
    "s2": ("s1",),
    "s3": ("s1",),
    "s4": ("s2", "s3"),
    "s5": ("s2",),
    "s6": ("s3", "s5"),
    "s7": ("s1",),
    "s8": ("s4", "s6"),
    "s9": ("s8", "s7"),
}
"""Nine skills, one root, two roads that meet: as in the first module that ships."""

FORMATS = (
    ("single-choice", 0.25, 1.3),
    ("multiple-choice", 0.07, 1.6),
    ("single-choice", 0.25, 1.3),
    ("number", 0.02, 1.7),
    ("matching", 0.05, 1.8),
    ("single-choice", 0.25, 1.3),
    ("short-text", 0.02, 1.1),
    ("ordering", 0.05, 1.8),
)
"""Format, chance to guess right and minutes of a skill's eight exercises; the minutes of these
and of lessons and cases are the means of the first module that ships."""

LESSON_MINUTES = 1.5
CASE_MINUTES = 2.0

EXPERT = SkillParameters(prior=0.3, learn=0.2, guess=0.25, slip=0.1)
"""What an expert would write down before anybody has answered."""


def make_module() -> Module:
    """Return the module with the parameters an expert would give it."""
    curriculum = make_curriculum()
    return Module(curriculum, dict.fromkeys(PREREQUISITES, EXPERT))


def make_curriculum(*, own_guess: bool = True) -> Curriculum:
    """Return nine skills, each with two lessons, eight exercises and a transfer case.

    One exercise of each later skill asks for its first prerequisite too.
    own_guess: whether items carry the guess of their format; else the skill's own holds.
    """
    items = [
        item
        for skill, needed in PREREQUISITES.items()
        for item in _shelf(skill, needed, own_guess=own_guess)
    ]
    skills = tuple(Skill(skill, needed) for skill, needed in PREREQUISITES.items())
    return Curriculum(skills, tuple(items))


def _shelf(skill: str, needed: tuple[str, ...], *, own_guess: bool) -> list[Item]:
    lesson, exercise = ItemKind.LESSON, ItemKind.EXERCISE
    items = [
        Item(f"{skill}-lesson", lesson, "explanation", (skill,), None, 0, LESSON_MINUTES),
        Item(f"{skill}-worked", lesson, WORKED_CASE, (skill,), None, 0, LESSON_MINUTES),
    ]
    for place, (form, guess, minutes) in enumerate(FORMATS):
        skills = (skill, *needed[:1]) if place == len(FORMATS) - 1 else (skill,)
        own = guess if own_guess else None
        items.append(Item(f"{skill}-{place}", exercise, form, skills, own, 0, minutes))
    own = 0.07 if own_guess else None
    case = Item(
        f"{skill}-case", exercise, "multiple-choice", (skill,), own, 0, CASE_MINUTES, transfer=True
    )
    return [*items, case]
