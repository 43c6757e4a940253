"""What a learner's modules build on in each other: an order to take them in, and a word of advice.

Nothing here locks anything: what the engine gates on are the prerequisites within a module.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from app.services.catalogue import foundations, shelf
from app.services.catalogue.foundations import Foundation
from app.services.learning import offer
from app.services.learning.learner import Learner
from engine import SkillState, is_mastered


@dataclass(frozen=True, slots=True)
class Groundwork:
    """A skill of another module that a skill builds on, and whether the learner has it.

    offered: whether its module is one of the learner's.
    """

    skill: Foundation
    mastered: bool
    offered: bool


class Card(Protocol):
    """A module, and the ids of the modules it builds on."""

    @property
    def id(self) -> str: ...
    @property
    def builds_on(self) -> frozenset[str]: ...


AnyCard = TypeVar("AnyCard", bound=Card)


def first(cards: Iterable[AnyCard]) -> Iterable[AnyCard]:
    """The modules in their order, save that each comes after those of them it builds on."""
    waiting = {card.id: card for card in cards}
    placed: list[AnyCard] = []

    def place(card: AnyCard) -> None:
        for module_id in [id_ for id_ in waiting if id_ in card.builds_on]:
            if module_id in waiting:  # else one before it has placed it already
                place(waiting.pop(module_id))
        placed.append(card)

    while waiting:
        place(waiting.pop(next(iter(waiting))))
    return placed


def of_skills(
    session: Session,
    syllabus: shelf.Syllabus,
    known: Mapping[str, SkillState],
    *,
    learner: Learner,
    offered: Collection[str],
) -> Mapping[str, tuple[Groundwork, ...]]:
    """What the skills of a module build on elsewhere, by id; offered: the learner's modules."""
    if not syllabus.foundations:
        return {}
    found = foundations.of_skills(
        session, syllabus, agency_id=learner.agency_id, language=learner.language
    )
    return {
        skill_id: tuple(
            Groundwork(
                skill=one,
                mastered=one.skill_id in known and is_mastered(known[one.skill_id], offer.POLICY),
                offered=one.module_id in offered,
            )
            for one in elsewhere
        )
        for skill_id, elsewhere in found.items()
    }
