"""One learner studies one module under one policy: what happened, in numbers."""

from dataclasses import dataclass

from engine.evidence import DAY
from engine.learner import Answer
from engine.simulate.chance import Dice
from engine.simulate.protocols import Method, Module, Person, World

MOST_ITEMS = 300
"""Nobody studies on after so many items: who is not through by then stops."""
SESSION_MINUTES = 45.0
"""People study so long in a day."""


@dataclass(frozen=True, slots=True)
class Course:
    """How one learner fared.

    known: share of skills truly mastered at the end.  delayed: the same 30 days later.
    claimed: skills the policy held for mastered.  falsely: of those, the ones not truly mastered.
    minutes: until the end.  minutes_to_most: until 90 % of the skills were truly mastered; to the
    end, where that never was.  reached_most: whether it was.  over: minutes spent on exercises
    whose skills were all truly mastered.  ended: False where MOST_ITEMS ended it.
    """

    slow: bool
    knower: bool
    known: float
    delayed: float
    claimed: int
    falsely: int
    items: int
    minutes: float
    minutes_to_most: float
    reached_most: bool
    over: float
    ended: bool


def study(world: World, module: Module, method: Method, *, seed: int, learner: int) -> Course:
    """Return how one learner of a world fares under a policy. Same arguments, same course."""
    dice = Dice(seed, learner, module.curriculum)
    person = world.meet(module, dice)
    chooser = method.guide(module, dice, person)
    curriculum = module.curriculum
    minutes = over = 0.0
    to_most: float | None = None
    number, ended = 0, False
    at = 0.0
    knower = share_known(person, module, at=at) >= 1.0
    while number < MOST_ITEMS:
        if to_most is None and share_known(person, module, at=at) >= 0.9:  # noqa: PLR2004
            to_most = minutes
        item = chooser.next(at=at, number=number + 1)
        if item is None:
            ended = True
            break
        number += 1
        if all(person.knows(skill, at=at) for skill in item.skills):
            over += item.minutes
        outcome = person.answer(item, at=at)
        minutes += item.minutes
        at = clock(minutes)
        chooser.hear(Answer(number, item, outcome, 0, at))
    claimed = [skill for skill in curriculum.order if chooser.claims(skill)]
    return Course(
        slow=person.slow,
        knower=knower,
        known=share_known(person, module, at=at),
        delayed=sum(person.delayed(skill, at=at) for skill in curriculum.order)
        / len(curriculum.order),
        claimed=len(claimed),
        falsely=sum(not person.knows(skill, at=at) for skill in claimed),
        items=number,
        minutes=minutes,
        minutes_to_most=minutes if to_most is None else to_most,
        reached_most=to_most is not None,
        over=over,
        ended=ended,
    )


def share_known(person: Person, module: Module, *, at: float) -> float:
    """Return the share of skills truly mastered at a time."""
    order = module.curriculum.order
    return sum(person.knows(skill, at=at) for skill in order) / len(order)


def clock(minutes: float) -> float:
    """Return the epoch seconds after so much study: SESSION_MINUTES a day."""
    days, rest = divmod(minutes, SESSION_MINUTES)
    return days * DAY + rest * 60.0
