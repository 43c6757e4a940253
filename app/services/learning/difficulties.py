"""How hard items are: learned from everybody's answers, an atomic step in each one's transaction.

Each response keeps how many answers its item's difficulty rested on before it. They are counted one
by one, so the steps can be put in order again, whoever answered, and the difficulty is their fold.
"""

from array import array
from collections.abc import Iterator

from sqlalchemy import BindParameter, Double, bindparam, case, literal, select, update
from sqlalchemy.orm import Session

from app.models import Item, ItemDifficulty
from app.ready import Ready
from app.words import Sentence
from engine import Plan, Terms, difficulty_gain

_ONE: BindParameter[float] = literal(1.0, Double())
_AFTER = ItemDifficulty.difficulty - bindparam("gain", type_=Double()) / (
    _ONE + bindparam("fade", type_=Double()) * ItemDifficulty.answers
) * bindparam("surprise", type_=Double())
_FARTHEST: BindParameter[float] = bindparam("farthest", type_=Double())
_MOVE = Ready(
    update(ItemDifficulty)
    .where(ItemDifficulty.item_id == bindparam("of_item"), ItemDifficulty.locked.is_(False))
    .values(
        difficulty=case(
            (_AFTER > _FARTHEST, _FARTHEST), (_AFTER < -_FARTHEST, -_FARTHEST), else_=_AFTER
        ),
        answers=ItemDifficulty.answers + literal(1),
    )
    .returning(ItemDifficulty.answers)
)
_READ = Ready(
    select(ItemDifficulty.difficulty).where(ItemDifficulty.item_id == bindparam("of_item"))
)


def read(session: Session, item_id: str) -> float:
    """The item's difficulty now, in logits; 0 for an item nobody has answered."""
    found = _READ.one(session, {"of_item": item_id})
    return 0.0 if found is None else float(found.difficulty)


def of_module(session: Session, module_id: str) -> dict[str, float]:
    """The difficulty of every item of a module now, by id."""
    rows = session.execute(
        select(ItemDifficulty.item_id, ItemDifficulty.difficulty)
        .join(Item, Item.id == ItemDifficulty.item_id)
        .where(Item.module_id == module_id)
    )
    return {row.item_id: row.difficulty for row in rows}


def move(session: Session, item_id: str, *, terms: Terms, surprise: float) -> int | None:
    """Move the item's difficulty by one answer; how many it rested on before.

    None where it did not move: its owner holds it.
    """
    after = _MOVE.one(
        session,
        {
            "of_item": item_id,
            "gain": terms.difficulty,
            "fade": terms.difficulty_fade,
            "surprise": surprise,
            "farthest": terms.farthest,
        },
    )
    return None if after is None else int(after.answers) - 1


class Moves:
    """Every step of every item's difficulty, gathered in any order: 24 bytes an answer."""

    def __init__(self) -> None:
        self._steps: dict[str, array[float]] = {}

    def add(self, item_id: str, *, plan: Plan, answers: int, surprise: float) -> None:
        """Take in one step: after so many answers, by this surprise."""
        if plan.terms is None:
            return
        gain = difficulty_gain(plan.terms, answers=answers)
        self.take(item_id, (answers, gain * surprise, plan.terms.farthest))

    def take(self, item_id: str, step: tuple[float, float, float]) -> None:
        """Take in one step: after so many answers, by so much, within this bound."""
        steps = self._steps.get(item_id)
        if steps is None:
            steps = self._steps[item_id] = array("d")
        steps.extend(step)

    def join(self, other: "Moves") -> None:
        """Take in the steps that were gathered from other learners."""
        for item_id, steps in other._steps.items():  # noqa: SLF001 - of the same class
            self._steps.setdefault(item_id, array("d")).extend(steps)

    def fold(self) -> Iterator[tuple[str, float, int | None]]:
        """Each item with its difficulty and answers; None where the answers do not count up."""
        for item_id, flat in self._steps.items():
            steps, whole = _in_order(flat)
            difficulty = 0.0
            for _, by, farthest in steps:
                difficulty -= by
                if difficulty > farthest or difficulty < -farthest:
                    difficulty = min(max(difficulty, -farthest), farthest)
            yield item_id, difficulty, len(steps) if whole else None


def _in_order(flat: "array[float]") -> tuple[list[tuple[float, float, float]], bool]:
    """The steps as they were made, and whether they count up one by one."""
    steps = list(zip(flat[::3], flat[1::3], flat[2::3], strict=True))
    # Each goes where its count says; sorting a million of them takes four times as long.
    placed = dict(zip(flat[::3], steps, strict=True))
    counts = range(len(steps))
    if len(placed) == len(steps) and all(map(placed.__contains__, counts)):
        return list(map(placed.__getitem__, counts)), True
    return sorted(steps), False


def problems(session: Session, moves: Moves) -> Iterator[tuple[str, Sentence]]:
    """Every item whose stored difficulty is not the fold of the responses, and why."""
    stored = _stored(session)
    for item_id, difficulty, answers in sorted(moves.fold()):
        found = stored.pop(item_id, None)
        if answers is None:
            yield item_id, Sentence("its answers do not count up one by one")
        elif found != (difficulty, answers):
            yield item_id, Sentence("its stored difficulty is not the fold of the log")
    for item_id, (_, answers) in sorted(stored.items()):
        if answers:
            yield item_id, Sentence("its stored difficulty is not the fold of the log")


def repair(session: Session, moves: Moves) -> None:
    """Write the fold of the responses over the difficulties that are stored."""
    folded = {item_id: (how, answers or 0) for item_id, how, answers in moves.fold()}
    for item_id, stored in _stored(session).items():
        difficulty, answers = folded.get(item_id, (0.0, 0))
        if stored != (difficulty, answers):
            session.execute(
                update(ItemDifficulty)
                .where(ItemDifficulty.item_id == item_id)
                .values(difficulty=difficulty, answers=answers)
            )


def _stored(session: Session) -> dict[str, tuple[float, int]]:
    rows = session.execute(
        select(ItemDifficulty.item_id, ItemDifficulty.difficulty, ItemDifficulty.answers)
    )
    return {item_id: (difficulty, answers) for item_id, difficulty, answers in rows}
