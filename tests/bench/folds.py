"""How long engine.accountable.fold takes: what a web worker runs for one answer of one learner.

The answers are those of the first learners of a log, each item with its own skills. Three plans:
plain BKT, with the running terms (ability, difficulty, forgetting), and with fitted context terms.
"""

from time import thread_time

from engine.accountable import FRESH, fold
from engine.curriculum import Item, ItemKind
from engine.fitting import FittedModel
from engine.learner import Answer
from engine.model.answers import AnswerLog
from engine.plan import Plan, SkillTier, Terms, Tier, Why
from engine.settle import as_probabilities
from engine.state import Outcome, SkillState

ANSWERS, ROUNDS = 5_000, 7
APART = 60.0
"""Seconds between answers, where a log has no times."""


def fold_microseconds(fitted: FittedModel, log: AnswerLog) -> dict[str, float]:
    """Return the time of a fold by plan: bkt, plain, context; the best of several rounds.

    Processor time an answer: what the code costs, not the neighbours.
    """
    skills, items = [f"{k}" for k in range(log.n_skills)], [f"{i}" for i in range(log.n_items)]
    parameters = fitted.parameters(skills=skills, items=items)
    known = {skill: as_probabilities(rates) for skill, rates in parameters.rates.items()}
    whole = dict.fromkeys(skills, SkillTier(Tier.HISTORY, Why.FITTED))
    plans = {
        "bkt": Plan(known),
        "plain": Plan(known, Terms()),
        "context": Plan(known, Terms(), whole, parameters),
    }
    histories = _first_histories(log)
    return {name: _microseconds(plan, histories) for name, plan in plans.items()}


def _microseconds(plan: Plan, histories: list[list[Answer]]) -> float:
    spent = []
    for _ in range(ROUNDS):
        began = thread_time()
        for history in histories:
            states: dict[str, SkillState] = {}
            trace = FRESH
            for answer in history:
                folded = fold(plan, states, trace, answer, difficulty=0.0)
                trace = folded.trace
                for step in folded.steps:
                    states[step.skill] = step.state
        spent.append(thread_time() - began)
    return 1e6 * min(spent) / sum(len(history) for history in histories)


def _first_histories(log: AnswerLog) -> list[list[Answer]]:
    """Return the answers of the first learners, until there are so many."""
    found: list[list[Answer]] = []
    for first, end in zip(log.starts[:-1].tolist(), log.starts[1:].tolist(), strict=True):
        if sum(len(history) for history in found) >= ANSWERS:
            break
        found.append([_answer(log, row, number=row - first + 1) for row in range(first, end)])
    return found


def _answer(log: AnswerLog, row: int, *, number: int) -> Answer:
    skills = log.skills[log.skill_starts[row] : log.skill_starts[row + 1]].tolist()
    own = tuple([f"{k}" for k in skills])
    item = Item(f"{log.items[row]}", ItemKind.EXERCISE, "number", own, None, 0, 1.0)
    outcome = Outcome.CORRECT if log.correct[row] else Outcome.WRONG
    return Answer(number, item, outcome, 0, APART * number)
