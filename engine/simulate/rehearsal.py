"""A module rehearsed before anybody studies it: how long, what runs out, who gets stuck.

Simulated newcomers, knowers and slow learners go through a curriculum under the product's own
recommender. They learn as the parameter set says they do, so the figures are as good as the
parameters: a rehearsal shows holes in a module, not the truth about people.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import mean, quantiles

from engine.curriculum import Curriculum, Item, ItemKind
from engine.decision import Rule
from engine.learner import Answer
from engine.plan import Plan
from engine.policy import Policy
from engine.simulate.binary import BinaryPerson
from engine.simulate.chance import Dice, Draw
from engine.simulate.own import Cairn, CairnChooser
from engine.simulate.protocols import Module
from engine.simulate.study import clock
from engine.state import Outcome

MOST_ITEMS = 1_000


class Kind(StrEnum):
    """Who rehearses."""

    NEWCOMER = "newcomer"
    KNOWER = "knower"
    SLOW = "slow"


KNOWN_BEFORE = {Kind.NEWCOMER: 0.05, Kind.KNOWER: 1.0, Kind.SLOW: 0.05}
PACE = {Kind.NEWCOMER: 1.0, Kind.KNOWER: 1.0, Kind.SLOW: 0.4}


@dataclass(frozen=True, slots=True)
class Strain:
    """How a skill's items fare with some learners.

    repeated: share of learners who were shown one of its exercises again for want of others.
    stuck: share of learners whose module ended with this skill set aside.
    items: servings for the skill on average.
    """

    skill: str
    items: float
    repeated: float
    stuck: float


@dataclass(frozen=True, slots=True)
class CourseStep:
    """One item of a course: why it came, for which skill, and how it ended."""

    item: str
    skill: str
    rule: Rule
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class TypicalCourse:
    """What one learner was shown, from start to end.

    minutes: in all.  end: FINISHED or STUCK; None where MOST_ITEMS ended it.
    """

    minutes: float
    end: Rule | None
    steps: tuple[CourseStep, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one kind of learner would see.

    items: servings on average.  minutes: on average.  longest_minutes: of nine in ten learners,
    none takes longer.  finished, stuck: shares in [0, 1]; the rest studied MOST_ITEMS items.
    known: share of skills truly known at the end.  strains: of this kind alone, in module order.
    course: of the learner with the median minutes (the quicker of two in the middle).
    """

    kind: Kind
    learners: int
    items: float
    minutes: float
    longest_minutes: float
    finished: float
    stuck: float
    known: float
    strains: tuple[Strain, ...]
    course: TypicalCourse


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A rehearsed module: an outlook per kind of learner; a strain per skill, over all kinds."""

    outlooks: tuple[Outlook, ...]
    strains: tuple[Strain, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    minutes: float
    items: int
    end: Rule | None
    known: float
    served: Mapping[str, int]
    repeated: frozenset[str]
    stuck: frozenset[str]
    steps: tuple[CourseStep, ...]


def rehearse(
    curriculum: Curriculum,
    plan: Plan,
    *,
    learners: int,
    seed: int,
    policy: Policy | None = None,
    tell: Callable[[float], None] | None = None,
) -> Rehearsal:
    """Return the rehearsal of a module with so many simulated learners of each kind.

    plan: by which people are taught; the simulated ones learn as its skills say.
    tell: hears after each learner which share of them, in [0, 1], is through.
    About 4 ms a learner and skill.  Same arguments, same rehearsal.
    """
    module = Module(curriculum, plan.skills)
    method = Cairn(policy, plan)
    runs: dict[Kind, list[_Run]] = {kind: [] for kind in Kind}
    for number in range(learners):
        for kind, own in runs.items():
            own.append(_run(module, method, kind, Dice(seed, number, curriculum)))
        if tell is not None:
            tell((number + 1) / learners)
    every = [run for of_kind in runs.values() for run in of_kind]
    return Rehearsal(
        outlooks=tuple(_outlook(kind, runs[kind], curriculum) for kind in Kind),
        strains=tuple(_strain(skill, every) for skill in curriculum.order),
    )


class _Rehearser(BinaryPerson):
    """Somebody who learns, guesses and slips as the parameter set says."""

    __slots__ = ("_parameters",)

    def __init__(self, module: Module, dice: Dice, kind: Kind) -> None:
        super().__init__(module.curriculum, dice, slip=0.0, factor=1.0)
        self._parameters = module.parameters
        self.slow = kind is Kind.SLOW
        self._learn = {
            skill: min(1.0, own.learn * PACE[kind]) for skill, own in module.parameters.items()
        }
        for skill in module.curriculum.order:
            luck = dice.throw(Draw.SKILL, 1, skill=skill)
            needed = module.curriculum.skill(skill).prerequisites
            ready = all(self._known[it] for it in needed)
            self._known[skill] = ready and luck < KNOWN_BEFORE[kind]

    def _chance(self, item: Item, asked: tuple[str, ...]) -> float:
        own = self._parameters[asked[0]]
        if all(self._known[skill] for skill in asked):
            return 1.0 - own.slip
        return own.guess if item.guess is None else item.guess


def _run(module: Module, method: Cairn, kind: Kind, dice: Dice) -> _Run:
    person = _Rehearser(module, dice, kind)
    chooser = method.guide(module, dice, person)
    minutes, number, at = 0.0, 0, 0.0
    served: Counter[str] = Counter()
    seen: set[str] = set()
    repeated: set[str] = set()
    steps: list[CourseStep] = []
    while number < MOST_ITEMS:
        item = chooser.next(at=at, number=number + 1)
        if item is None:
            break
        number += 1
        served[item.skills[0]] += 1
        if item.kind is ItemKind.EXERCISE and item.id in seen:
            repeated.add(item.skills[0])
        seen.add(item.id)
        outcome = person.answer(item, at=at)
        steps.append(_course_step(chooser, item, outcome))
        minutes += item.minutes
        at = clock(minutes)
        chooser.hear(Answer(number, item, outcome, 0, at))
    return _Run(
        minutes=minutes,
        items=number,
        end=chooser.ended,
        known=mean(person.knows(skill, at=at) for skill in module.curriculum.order),
        served=served,
        repeated=frozenset(repeated),
        stuck=_set_aside(module, chooser),
        steps=tuple(steps),
    )


def _course_step(chooser: CairnChooser, item: Item, outcome: Outcome) -> CourseStep:
    reason = chooser.reason
    rule = Rule.FALLBACK if reason is None else reason.rule
    skill = None if reason is None else reason.skill
    return CourseStep(item.id, skill or item.skills[0], rule, outcome)


def _set_aside(module: Module, chooser: CairnChooser) -> frozenset[str]:
    """Return the skills that a stuck learner had begun and not mastered."""
    if chooser.ended is not Rule.STUCK:
        return frozenset()
    return frozenset(
        skill
        for skill in module.curriculum.order
        if skill in chooser.states and not chooser.claims(skill)
    )


def _outlook(kind: Kind, runs: Sequence[_Run], curriculum: Curriculum) -> Outlook:
    minutes = [run.minutes for run in runs]
    typical = sorted(runs, key=lambda run: run.minutes)[(len(runs) - 1) // 2]
    return Outlook(
        kind=kind,
        learners=len(runs),
        items=mean(run.items for run in runs),
        minutes=mean(minutes),
        longest_minutes=quantiles(minutes, n=10)[-1] if len(minutes) > 1 else minutes[0],
        finished=mean(run.end is Rule.FINISHED for run in runs),
        stuck=mean(run.end is Rule.STUCK for run in runs),
        known=mean(run.known for run in runs),
        strains=tuple(_strain(skill, runs) for skill in curriculum.order),
        course=TypicalCourse(typical.minutes, typical.end, typical.steps),
    )


def _strain(skill: str, runs: Sequence[_Run]) -> Strain:
    return Strain(
        skill=skill,
        items=mean(run.served.get(skill, 0) for run in runs),
        repeated=mean(skill in run.repeated for run in runs),
        stuck=mean(skill in run.stuck for run in runs),
    )
