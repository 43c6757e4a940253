"""Conformance with the real pyBKT."""

import random
import warnings

import numpy as np
import pytest

from engine.bkt import SkillParameters, predict, update

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what pyBKT's own imports say is not ours to fix
    from pyBKT.fit import EM_fit, predict_onestep

    from engine import baseline

SETS = [
    SkillParameters(prior=0.3, learn=0.2, guess=0.25, slip=0.1),
    SkillParameters(prior=0.3, learn=0.2, guess=0.25, slip=0.1, forget=0.05),
    SkillParameters(prior=0.05, learn=0.01, guess=0.02, slip=0.25, forget=0.3),
    SkillParameters(prior=0.9, learn=0.6, guess=0.5, slip=0.02),
    SkillParameters(prior=0.001, learn=0.5, guess=0.35, slip=0.3, forget=0.001),
]


def our_predictions(parameters: SkillParameters, history: list[bool]) -> list[float]:
    mastery, expected = parameters.prior, []
    for correct in history:
        expected.append(predict(mastery, parameters))
        mastery = update(mastery, parameters, correct=correct)
    return expected


@pytest.mark.parametrize("parameters", SETS)
def test_predictions_equal_those_of_pybkt(parameters: SkillParameters) -> None:
    chance = random.Random(7)
    histories = [
        [chance.random() < share for _ in range(length)]
        for share in (0.1, 0.5, 0.9)
        for length in (1, 8, 40)
    ]
    theirs = baseline.predictions(parameters, histories)
    for history, expected in zip(histories, theirs, strict=True):
        assert our_predictions(parameters, history) == pytest.approx(expected, abs=1e-9)


def test_an_empty_history_has_no_predictions() -> None:
    assert baseline.predictions(SETS[0], [[], [True], []]) == [
        [],
        [SETS[0].prior * 0.9 + 0.175],
        [],
    ]
    assert baseline.predictions(SETS[0], [[]]) == [[]]


def test_a_model_fitted_by_pybkt_can_be_imported_and_predicts_the_same() -> None:
    chance = random.Random(3)
    histories = [[chance.random() < 0.3 + 0.08 * n for n in range(8)] for _ in range(12)]
    room = {"As": np.zeros((1, 2, 2)), "emissions": np.zeros((1, 2, 2)), "pi_0": np.zeros((2, 1))}
    start = baseline.to_table(SETS[1]) | room
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numpy about pyBKT's older idioms
        table, _ = EM_fit.EM_fit(start, baseline.answer_log(histories), parallel=False, maxiter=8)
    parameters = baseline.from_tables({"k": table})["k"]
    assert parameters.learn != SETS[1].learn
    theirs, _ = predict_onestep.run(table, baseline.answer_log(histories), parallel=False)
    ours = [p for history in histories for p in our_predictions(parameters, history)]
    assert ours == pytest.approx(theirs.tolist(), abs=1e-9)


@pytest.mark.parametrize("parameters", SETS)
def test_parameters_survive_the_exchange_exactly(parameters: SkillParameters) -> None:
    assert baseline.from_tables({"k": baseline.to_table(parameters)}) == {"k": parameters}


def test_a_table_with_one_value_per_item_is_refused_by_name() -> None:
    table = baseline.to_table(SETS[0]) | {"guesses": [0.1, 0.2]}
    with pytest.raises(ValueError, match="pyBKT table of k: one value wanted, got 2"):
        baseline.from_tables({"k": table})


def test_a_table_without_slips_is_refused_by_name() -> None:
    table = baseline.to_table(SETS[0])
    del table["slips"]
    with pytest.raises(ValueError, match="pyBKT table of k: slips is missing"):
        baseline.from_tables({"k": table})
