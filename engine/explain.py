"""The terms of a mastery change and of a choice, largest first: keys and numbers, no words."""

from typing import NamedTuple

from engine.bkt import SkillParameters
from engine.decision import Recommendation
from engine.learner import Answer, Step, weigh_answer
from engine.state import Outcome


class Term(NamedTuple):
    """One part of an explanation.

    key: its name.  value: the number itself.  weight: how much it matters, >= 0.
    """

    key: str
    value: float
    weight: float


def explain_update(step: Step, answer: Answer, parameters: SkillParameters) -> tuple[Term, ...]:
    """Return what moved mastery, largest first; the values sum to after - before (to rounding).

        answer      P(K | o) - m             what the answer says about what was known
        learning    (1 - P(K | o)) l         what answering and reading the feedback teaches
        forgetting  -P(K | o) f

    Terms of exactly 0 are left out; nothing moved gives ().  parameters: of the step's skill.
    """
    if step.after == step.before and answer.outcome is Outcome.READ:
        return ()
    known = weigh_answer(step.before, answer, parameters)
    parts = {
        "answer": known - step.before,
        "learning": (1.0 - known) * parameters.learn,
        "forgetting": -known * parameters.forget,
    }
    terms = [Term(key, value, abs(value)) for key, value in parts.items() if value != 0.0]
    return tuple(sorted(terms, key=lambda term: -term.weight))


def explain_choice(recommendation: Recommendation) -> tuple[Term, ...]:
    """Return the terms of the reason that decided, largest first, then the rest.

    A term is weighed by its distance from the threshold it was held against, relative to that
    threshold: predicted against target or floor, recall against threshold, misses against limit,
    latest_correct against half of latest. Terms without a threshold weigh 0 and keep their order.
    """
    terms = recommendation.reason.terms
    bounds = {
        "predicted": terms.get("target", terms.get("floor")),
        "recall": terms.get("threshold"),
        "misses": terms.get("limit"),
        "latest_correct": terms["latest"] / 2.0 if "latest" in terms else None,
    }
    weighed = [Term(key, value, _distance(value, bounds.get(key))) for key, value in terms.items()]
    return tuple(sorted(weighed, key=lambda term: -term.weight))


def _distance(value: float, bound: float | None) -> float:
    return abs(value - bound) / abs(bound) if bound else 0.0
