"""Small curricula, states and simulated learners for the engine's tests."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence

from engine import (
    Answer,
    Curriculum,
    Item,
    ItemKind,
    Outcome,
    Policy,
    Recommendation,
    Rule,
    Skill,
    SkillParameters,
    SkillState,
    begin,
    recommend,
    respond,
)

DAY = 86_400.0
POLICY = Policy()
USUAL = SkillParameters(prior=0.25, learn=0.2, guess=0.25, slip=0.1)
GUESSES = (0.25, 0.25, 0.25, 0.25, 0.1, 0.1, 0.02, 0.02)
C, W, D, R = Outcome


def exercise(
    name: str,
    *skills: str,
    guess: float | None = 0.25,
    hints: int = 2,
    transfer: bool = False,
) -> Item:
    return Item(
        id=name,
        kind=ItemKind.EXERCISE,
        format="single-choice",
        skills=skills or ("a",),
        guess=guess,
        hints=hints,
        minutes=2.0,
        transfer=transfer,
    )


def lesson(name: str, *skills: str, form: str = "explanation") -> Item:
    return Item(
        id=name,
        kind=ItemKind.LESSON,
        format=form,
        skills=skills or ("a",),
        guess=None,
        hints=0,
        minutes=5.0,
    )


def shelf(skill: str, *, guesses: Sequence[float] = GUESSES, transfer: bool = True) -> list[Item]:
    """The items of one skill: two lessons, exercises a-e0, a-e1 ..., and a transfer case."""
    items = [
        lesson(f"{skill}-worked", skill, form="worked-case"),
        lesson(f"{skill}-explained", skill),
    ]
    items += [exercise(f"{skill}-e{n}", skill, guess=guess) for n, guess in enumerate(guesses)]
    if transfer:
        items.append(exercise(f"{skill}-case", skill, guess=0.05, hints=0, transfer=True))
    return items


def curriculum(
    needs: Mapping[str, Iterable[str]],
    *,
    guesses: Sequence[float] = GUESSES,
    transfer: bool = True,
    extra: Iterable[Item] = (),
) -> Curriculum:
    """A curriculum of full shelves; needs: skill -> prerequisites."""
    items = [item for skill in needs for item in shelf(skill, guesses=guesses, transfer=transfer)]
    return Curriculum(
        skills=tuple(Skill(skill, tuple(needed)) for skill, needed in needs.items()),
        items=(*items, *extra),
    )


NINE: dict[str, list[str]] = {
    "s1": [],
    "s2": ["s1"],
    "s3": ["s1"],
    "s4": ["s2", "s3"],
    "s5": ["s2"],
    "s6": ["s3", "s5"],
    "s7": ["s1"],
    "s8": ["s4", "s6"],
    "s9": ["s8", "s7"],
}
"""The shape of a real module: nine skills, one root, two roads that meet."""


Event = tuple[str, Outcome] | tuple[str, Outcome, int]


class Walk:
    """A learner's states as they answer one named item after another."""

    def __init__(
        self, what: Curriculum, *, parameters: Mapping[str, SkillParameters] | None = None
    ) -> None:
        self.curriculum = what
        self.parameters = parameters or {skill.id: USUAL for skill in what.skills}
        self.states: dict[str, SkillState] = {}
        self.number = 0
        self.at = 0.0

    def answers(self, *events: Event) -> "Walk":
        """Answer items in order: (item, outcome) or (item, outcome, hints), a minute apart."""
        for event in events:
            hints = event[2] if len(event) == 3 else 0
            self.number += 1
            self.at += 60.0
            item = self.curriculum.item(event[0])
            answer = Answer(self.number, item, event[1], hints, self.at)
            for step in respond(self.states, answer, self.parameters):
                self.states[step.skill] = step.state
        return self

    def waits(self, days: float) -> "Walk":
        """Let time pass."""
        self.at += days * DAY
        return self

    def masters(self, *skills: str) -> "Walk":
        """Answer four exercises and the transfer case of each skill without a miss."""
        for skill in skills:
            self.answers(*((f"{skill}-e{n}", C) for n in range(4)))
            if self.curriculum.transfer(skill) is not None:
                self.answers((f"{skill}-case", C))
        return self

    def parks(self, skill: str) -> "Walk":
        """Miss until the skill is parked, both lessons read on the way."""
        self.answers((f"{skill}-explained", R), (f"{skill}-worked", R))
        return self.answers(*((f"{skill}-e{n % 8}", W) for n in range(12)))

    def set_mastery(self, skill: str, mastery: float) -> "Walk":
        state = self.states.get(skill) or begin(self.parameters[skill])
        self.states[skill] = state._replace(mastery=mastery)
        return self

    def next(
        self,
        *,
        seed: int = 1,
        days: float = 0.0,
        policy: Policy = POLICY,
        withdrawn: Iterable[str] = (),
        share_reviewed: float | None = None,
        unparked: Mapping[str, int] | None = None,
        expected: Callable[[Item], float] | None = None,
    ) -> Recommendation:
        return recommend(
            self.curriculum,
            self.states,
            self.parameters,
            policy=policy,
            at=self.at + days * DAY,
            number=self.number + 1,
            seed=seed,
            withdrawn=frozenset(withdrawn),
            share_reviewed=share_reviewed,
            unparked=unparked,
            expected=expected,
        )


def chain() -> Walk:
    """A newcomer to three skills in a row: a, b, c."""
    return Walk(curriculum({"a": [], "b": ["a"], "c": ["b"]}))


def parked_b() -> Walk:
    """The same after b was set aside."""
    return chain().masters("a").parks("b")


class Learner:
    """Knows some skills at first, learns others by answering and reading; slips .05."""

    def __init__(self, seed: int, *, known: float, learn: float) -> None:
        self.random = random.Random(seed)
        self.knows: dict[str, bool] = {}
        self.known, self.learn = known, learn

    def outcome(self, item: Item) -> Outcome:
        skill = item.skills[0]
        if skill not in self.knows:
            self.knows[skill] = self.random.random() < self.known
        chance = 0.95 if self.knows[skill] else (item.guess or 0.0)
        correct = self.random.random() < chance
        lesson_read = item.kind is ItemKind.LESSON
        if self.random.random() < self.learn * (2 if lesson_read else 1):
            self.knows[skill] = True
        if lesson_read:
            return R
        return C if correct else W


def study(what: Curriculum, learner: Learner, *, most: int = 1000) -> tuple[Rule, int, float]:
    """Let a learner study to the end: the closing rule, servings, and truly known share."""
    walk = Walk(what)
    for served in range(most):
        choice = walk.next(seed=learner.random.getrandbits(62))
        if choice.item is None:
            known = sum(learner.knows.values()) / len(what.skills)
            return choice.reason.rule, served, known
        walk.answers((choice.item, learner.outcome(what.item(choice.item))))
    raise AssertionError(f"not at an end after {most} servings")
