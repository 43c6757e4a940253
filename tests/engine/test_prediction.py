"""The scalar model, its compiled twin, and plain BKT inside both."""

import subprocess
import sys

import numpy as np
import pytest

from engine import bkt
from engine.fitting import FittedModel, predict_bkt
from engine.model.answers import AnswerLog
from engine.model.layout import Block, Layout, Tier
from engine.model.links import learn_links
from engine.model.online import LearnerTrace, Model, largest_terms
from engine.model.parameters import STILL, Gains, ModelParameters
from tests.engine.model_logs import make_log


def drawn_model(log: AnswerLog, *, seed: int, gains: Gains, scale: float = 0.3) -> FittedModel:
    """Return a model with drawn parameters: agreement must not depend on being fitted."""
    chance = np.random.default_rng(seed)
    links = learn_links(log)
    layout = Layout(log.n_skills, log.n_items, len(links))
    rates = np.stack(
        [
            chance.uniform(0.1, 0.9, log.n_skills),
            chance.uniform(0.01, 0.4, log.n_skills),
            chance.normal(-1.5, 0.5, log.n_skills),
            chance.uniform(1.0, 4.0, log.n_skills),
        ],
        axis=1,
    )
    return FittedModel(
        rates=rates,
        usual_rates=rates.mean(axis=0),
        weights=chance.normal(0.0, scale, layout.offsets[-1])
        if scale
        else np.zeros(layout.offsets[-1]),
        links=links,
        gains=gains,
        tier=Tier.HISTORY,
        offsets=layout.offsets,
        item_answers=np.zeros(log.n_items),
        passes=0,
    )


def named(fitted: FittedModel, log: AnswerLog) -> ModelParameters:
    return fitted.parameters(
        skills=[f"s{k}" for k in range(log.n_skills)], items=[f"i{i}" for i in range(log.n_items)]
    )


def row_of(log: AnswerLog, row: int) -> tuple[tuple[str, ...], str | None, float | None]:
    own = log.skills[log.skill_starts[row] : log.skill_starts[row + 1]]
    item = None if log.items[row] < 0 else f"i{log.items[row]}"
    seconds = None if np.isnan(log.seconds[row]) else float(log.seconds[row])
    return tuple([f"s{k}" for k in own]), item, seconds


def one_by_one(parameters: ModelParameters, log: AnswerLog) -> tuple[list[float], list[float]]:
    model = Model(parameters)
    predicted, record = [], []
    for history in range(log.n_histories):
        trace = LearnerTrace()
        for row in range(log.starts[history], log.starts[history + 1]):
            skills, item, seconds = row_of(log, row)
            expected = model.predict(trace, skills, item=item, seconds=seconds)
            predicted.append(expected.p)
            record.append(expected.record)
            model.learn(trace, expected, correct=bool(log.correct[row]))
    return predicted, record


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("timed", [True, False])
@pytest.mark.parametrize("items", [20, 0])
def test_the_compiled_model_agrees_with_the_scalar_one(seed: int, timed: bool, items: int) -> None:  # noqa: FBT001
    log = make_log(seed=seed, timed=timed, items=items)
    fitted = drawn_model(log, seed=seed, gains=Gains(coupling=0.7, forget=0.1))
    predicted, record = one_by_one(named(fitted, log), log)
    assert np.abs(fitted.predict(log) - predicted).max() < 1e-9
    assert np.abs(fitted.predict_record(log) - record).max() < 1e-9


def test_without_its_terms_the_model_is_plain_bkt() -> None:
    log = make_log(seed=3, learners=30)
    fitted = drawn_model(log, seed=3, gains=STILL, scale=0.0)
    guess = 1 / (1 + np.exp(-fitted.rates[:, 2]))
    slip = 1 - 1 / (1 + np.exp(-fitted.rates[:, 2] - fitted.rates[:, 3]))
    skills = [
        bkt.SkillParameters(prior=float(r[0]), learn=float(r[1]), guess=float(g), slip=float(s))
        for r, g, s in zip(fitted.rates, guess, slip, strict=True)
    ]
    expected = []
    for history in range(log.n_histories):
        mastery = [skill.prior for skill in skills]
        for row in range(log.starts[history], log.starts[history + 1]):
            own = log.skills[log.skill_starts[row] : log.skill_starts[row + 1]]
            expected.append(np.mean([bkt.predict(mastery[k], skills[k]) for k in own]))
            for k in own:
                mastery[k] = bkt.update(mastery[k], skills[k], correct=bool(log.correct[row]))
    assert np.abs(fitted.predict(log) - expected).max() < 1e-9
    rates = np.stack([fitted.rates[:, 0], fitted.rates[:, 1], guess, slip], axis=1)
    assert np.abs(predict_bkt(log, rates) - expected).max() < 1e-9


def test_the_terms_add_up_to_the_prediction() -> None:
    log = make_log(seed=5)
    fitted = drawn_model(log, seed=5, gains=Gains())
    model, trace = Model(named(fitted, log)), LearnerTrace()
    for row in range(log.starts[0], log.starts[1]):
        skills, item, seconds = row_of(log, row)
        expected = model.predict(trace, skills, item=item, seconds=seconds)
        odds = np.log(expected.record / (1 - expected.record)) + sum(expected.terms)
        assert expected.p == pytest.approx(1 / (1 + np.exp(-odds)), abs=1e-12)
        model.learn(trace, expected, correct=bool(log.correct[row]))


def test_the_largest_terms_come_first_and_zero_ones_not_at_all() -> None:
    log = make_log(seed=5)
    model = Model(named(drawn_model(log, seed=5, gains=Gains()), log))
    expected = model.predict(LearnerTrace(), ("s0",), item="i0", seconds=None)
    largest = largest_terms(expected, most=3)
    sizes = [abs(value) for _, value in largest]
    assert sizes == sorted(sizes, reverse=True)
    assert Block.PREVIOUS not in {block for block, _ in largest_terms(expected, most=99)}


def test_context_terms_never_move_the_mastery_record() -> None:
    log = make_log(seed=7)
    quiet = drawn_model(log, seed=7, gains=STILL, scale=0.0)
    loud = drawn_model(log, seed=7, gains=STILL, scale=0.8)
    weights = loud.weights.copy()
    weights[loud.offsets[Block.ITEM] : loud.offsets[Block.ITEM + 1]] = 0.0
    sharpened = FittedModel(
        rates=quiet.rates,
        usual_rates=quiet.usual_rates,
        weights=weights,
        links=quiet.links,
        gains=STILL,
        tier=quiet.tier,
        offsets=quiet.offsets,
        item_answers=quiet.item_answers,
        passes=0,
    )
    assert np.array_equal(sharpened.predict_record(log), quiet.predict_record(log))
    assert not np.allclose(sharpened.predict(log), quiet.predict(log))


def test_what_was_never_fitted_is_predicted_from_the_mean() -> None:
    log = make_log(seed=9)
    model = Model(named(drawn_model(log, seed=9, gains=Gains()), log))
    expected = model.predict(LearnerTrace(), ("new skill",), item="new item", seconds=5.0)
    assert 0.0 < expected.p < 1.0


def test_a_later_answer_never_reaches_an_earlier_prediction() -> None:
    log = make_log(seed=11)
    fitted = drawn_model(log, seed=11, gains=Gains(forget=0.1))
    flipped = log.correct.copy()
    middle = (log.starts[:-1] + log.starts[1:]) // 2
    before = np.zeros(log.n_answers, dtype=bool)
    for history, row in enumerate(middle):
        flipped[row : log.starts[history + 1]] ^= True
        before[log.starts[history] : row + 1] = True
    other = AnswerLog(
        **{
            name: getattr(log, name) for name in AnswerLog.__dataclass_fields__ if name != "correct"
        },
        correct=flipped,
    )
    assert np.array_equal(fitted.predict(other)[before], fitted.predict(log)[before])
    assert not np.allclose(fitted.predict(other)[~before], fitted.predict(log)[~before])


def test_parameters_survive_being_written_down() -> None:
    log = make_log(seed=13)
    parameters = named(drawn_model(log, seed=13, gains=Gains(forget=0.05)), log)
    again = ModelParameters.from_record(parameters.to_record())
    assert one_by_one(again, log) == one_by_one(parameters, log)


def test_importing_the_scalar_model_loads_neither_numpy_nor_numba() -> None:
    code = (
        "import sys, engine.model.online\n"
        "assert not {'numpy', 'numba'} & set(sys.modules), 'heavy import'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_items_learn_from_earlier_learners_alone() -> None:
    log = make_log(seed=13, learners=30)
    fitted = drawn_model(log, seed=13, gains=Gains())
    still, learning = fitted.predict(log), fitted.predict_as_items_learn(log)
    first = slice(0, log.starts[1])
    assert np.array_equal(still[first], learning[first])
    assert not np.allclose(still, learning)
    few = log.keep(np.arange(log.n_histories) < 12)
    assert np.array_equal(fitted.predict_as_items_learn(few), learning[: few.n_answers])
    assert np.array_equal(fitted.predict(log), still)
