"""What people are taught by predicts what was fitted: fold and the compiled model, side by side."""

from dataclasses import replace

import numpy as np
import pytest

from engine import FRESH, Answer, Item, ItemKind, Outcome, Plan, SkillState, Terms, fold
from engine.fitting import FittedModel
from engine.model.answers import AnswerLog
from engine.model.layout import Block
from engine.model.parameters import Gains
from engine.plan import SkillTier, Tier, Why
from engine.settle import as_probabilities
from tests.engine.model_logs import make_log
from tests.engine.test_prediction import drawn_model, named, one_by_one

GAINS = Gains(coupling=0.4, forget=0.1)


def with_guesses(log: AnswerLog) -> AnswerLog:
    """The log with guesses of its items: by format, by chance, none, and one nobody can guess."""
    kinds = np.array([0.25, 0.02, np.nan, 0.0, 0.5])
    return replace(log, guesses=kinds[np.arange(log.n_items) % len(kinds)])


def plan_of(fitted: FittedModel, log: AnswerLog) -> Plan:
    """The plan that teaches as was fitted: one pace for all, no floor, nothing out of bounds."""
    gains = fitted.gains
    terms = Terms(
        coupling=gains.coupling,
        ability=gains.long,
        ability_fade=gains.long_fade,
        farthest=1e9,
        forget=gains.forget,
        forget_days=gains.forget_seconds / 86_400.0,
        floor=0.0,
        paces=(),
        pace_shares=(),
    )
    context = named(fitted, log)
    skills = {skill: as_probabilities(rates) for skill, rates in context.rates.items()}
    tiers = dict.fromkeys(skills, SkillTier(Tier.HISTORY, Why.FITTED))
    return Plan(skills, terms, tiers, context)


def taught(fitted: FittedModel, log: AnswerLog) -> list[float]:
    """What the product expects of every answer of a log."""
    plan = plan_of(fitted, log)
    ease = fitted.weights[fitted.offsets[Block.ITEM] :]
    told = []
    for history in range(log.n_histories):
        states: dict[str, SkillState] = {}
        trace = FRESH
        for row in range(log.starts[history], log.starts[history + 1]):
            own = log.skills[log.skill_starts[row] : log.skill_starts[row + 1]]
            item, guess = int(log.items[row]), float(log.guesses[log.items[row]])
            served = Item(
                f"i{item}", ItemKind.EXERCISE, "short-text", tuple([f"s{k}" for k in own]),
                None if np.isnan(guess) else guess, 0, 1.0,
            )  # fmt: skip
            outcome = Outcome.CORRECT if log.correct[row] else Outcome.WRONG
            given = Answer(row, served, outcome, 0, float(log.seconds[row]))
            folded = fold(plan, states, trace, given, difficulty=-float(ease[item]))
            states |= {step.skill: step.state for step in folded.steps}
            trace = folded.trace
            assert folded.predicted is not None
            told.append(folded.predicted)
    return told


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("guesses", [False, True])
def test_the_product_predicts_as_the_fit_does(seed: int, *, guesses: bool) -> None:
    log = make_log(seed=seed, timed=True, items=20)
    log = with_guesses(log) if guesses else log
    fitted = drawn_model(log, seed=seed, gains=GAINS)
    assert np.abs(fitted.predict(log) - taught(fitted, log)).max() < 1e-9


@pytest.mark.parametrize("seed", range(3))
def test_the_scalar_model_knows_the_guess_of_an_item_too(seed: int) -> None:
    log = with_guesses(make_log(seed=seed, timed=True, items=20))
    fitted = drawn_model(log, seed=seed, gains=GAINS)
    known = {f"i{i}": float(g) for i, g in enumerate(log.guesses) if not np.isnan(g)}
    predicted, record = one_by_one(replace(named(fitted, log), guesses=known), log)
    assert np.abs(fitted.predict(log) - predicted).max() < 1e-9
    assert np.abs(fitted.predict_record(log) - record).max() < 1e-9
