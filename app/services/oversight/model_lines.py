"""How the model weighs the answers of a module: its running estimates, and the terms in use."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine import Attempt, Outcome, Plan, SkillParameters, Terms, begin, difficulty_gain, remaining
from engine.context import blocks_in_use
from engine.evidence import DAY
from engine.model.layout import Block

LATER = 50
"""An estimate that so many answers have moved is as good as settled."""
# The item's difficulty is inside the record: layer 2 does without a term for it.
CONTEXT_TERMS = tuple(block.name.lower() for block in Block if block is not Block.ITEM)
_KNOWN = SkillParameters(prior=1.0, learn=0.0, guess=0.0, slip=0.0)


@dataclass(frozen=True, slots=True)
class GainLine:
    """How far one answer can move an estimate, in logits: the first, and one after LATER."""

    first: float
    later: float


@dataclass(frozen=True, slots=True)
class RunningLine:
    """How the running estimates of a module move.

    kept_week, kept_month: what is left of a mastery of 1 after 7 and 30 days without an answer.
    floor: what a long run of right answers holds it at.  farthest: bound of ability and difficulty,
    in logits.  coupling: how much of the ability counts in the record.
    """

    kept_week: float
    kept_month: float
    floor: float
    ability: GainLine
    difficulty: GainLine
    farthest: float
    coupling: float


@dataclass(frozen=True, slots=True)
class TermLine:
    """One fitted term, and the titles of the modules in which some skill uses it."""

    key: str
    modules: tuple[str, ...]


def running_line(terms: Terms) -> RunningLine:
    """How the estimates move under these terms."""
    return RunningLine(
        kept_week=_kept(terms, days=7),
        kept_month=_kept(terms, days=30),
        floor=terms.floor,
        ability=GainLine(terms.ability, terms.ability / (1.0 + terms.ability_fade * LATER)),
        difficulty=GainLine(
            difficulty_gain(terms, answers=0), difficulty_gain(terms, answers=LATER)
        ),
        farthest=terms.farthest,
        coupling=terms.coupling,
    )


def terms_in_use(plan: Plan) -> tuple[str, ...]:
    """The keys of the fitted terms that some skill of the plan uses."""
    used = frozenset[Block]().union(*(blocks_in_use(plan, (skill,)) for skill in plan.skills))
    return tuple(key for key in CONTEXT_TERMS if Block[key.upper()] in used)


def term_lines(used: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[TermLine, ...]:
    """Every fitted term there can be. used: the title of each module and the terms in use there."""
    modules = tuple(used)
    return tuple(
        TermLine(key, tuple(title for title, keys in modules if key in keys))
        for key in CONTEXT_TERMS
    )


def _kept(terms: Terms, *, days: int) -> float:
    """What is left of a mastery of 1 after these days, as the engine has it."""
    answered = Attempt(1, "", Outcome.CORRECT, 0, 0.0)
    state = begin(_KNOWN)._replace(answers=1, recent=(answered,))
    return remaining(terms, state, at=days * DAY)
