"""pyBKT as conformance oracle, published baseline and exchange format: its only importer.

Importing it loads numpy and parts of pyBKT: no web worker ever does.
Source: Badrinath, Wang & Pardos (2021), pyBKT, EDM 2021.
"""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from pyBKT.fit import predict_onestep

from engine.bkt import SkillParameters

Table = dict[str, Any]
"""One skill's entry in pyBKT's coef_: prior (float), learns, guesses, slips, forgets (arrays)."""

_EDGE = 1e-9


def predictions(
    parameters: SkillParameters, histories: Sequence[Sequence[bool]]
) -> list[list[float]]:
    """Return pyBKT's P(correct) for every answer, before it is seen, at given parameters.

    histories: per learner, correct or not, in order; an empty one gives an empty list.
    Result: the same shape, floats in [0, 1].
    """
    if not any(histories):
        return [[] for _ in histories]
    log = answer_log(histories)
    expected, _ = predict_onestep.run(to_table(parameters), log, parallel=False)
    rest = iter(expected.tolist())
    return [[next(rest) for _ in history] for history in histories]


def answer_log(histories: Sequence[Sequence[bool]]) -> Table:
    """Return histories in the form pyBKT fits and predicts: flat arrays, counted from 1.

    data: (1, n_answers) int32, 1 wrong and 2 correct.  starts, lengths: (n_histories,) int32,
    empty histories left out.  resources: (n_answers,) int64, all 1: one kind of learning.
    """
    lengths = [len(history) for history in histories if history]
    answers = [1 + correct for history in histories for correct in history]
    return {
        "data": np.array([answers], dtype=np.int32),
        "starts": np.cumsum([1, *lengths[:-1]]).astype(np.int32),
        "lengths": np.array(lengths, dtype=np.int32),
        "resources": np.ones(len(answers), dtype=np.int64),
    }


def fit(
    answers: Sequence[tuple[int, int, bool]], *, seed: int, starts: int
) -> dict[int, tuple[float, float, float, float]]:
    """Return prior, learn, guess and slip of every skill as pyBKT fits them.

    answers: learner, skill, correct or not, each learner's in order; an answer to several skills is
        there once for each.  starts: random starts of each skill's search, >= 1.
    The rates are pyBKT's own, kept off 0 and 1; guess + slip may be above 1.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what pyBKT's own imports say is not ours to fix
        import pandas as pd  # noqa: PLC0415 - the fit alone needs it
        from pyBKT.models import Model  # noqa: PLC0415

        learners, skills, correct = zip(*answers, strict=True)
        table = pd.DataFrame(
            {
                "user_id": learners,
                "skill_name": [f"skill {skill}" for skill in skills],
                "correct": [int(right) for right in correct],
                "order_id": range(len(answers)),
            }
        )
        model = Model(seed=seed, num_fits=starts, parallel=False)
        model.fit(data=table)
    return {int(name.removeprefix("skill ")): _rates(table) for name, table in model.coef_.items()}


def _rates(table: Table) -> tuple[float, float, float, float]:
    prior, learn, guess, slip = (
        float(np.clip(_only(table[name]), _EDGE, 1.0 - _EDGE))
        for name in ("prior", "learns", "guesses", "slips")
    )
    return prior, learn, guess, slip


def to_table(parameters: SkillParameters) -> Table:
    """Return the parameters as one skill's entry of pyBKT's coef_, for Model.coef_ = {...}."""
    return {
        "prior": parameters.prior,
        "learns": np.array([parameters.learn]),
        "guesses": np.array([parameters.guess]),
        "slips": np.array([parameters.slip]),
        "forgets": np.array([parameters.forget]),
    }


def from_tables(tables: Mapping[str, Table]) -> dict[str, SkillParameters]:
    """Return the parameters in pyBKT's coef_, by skill.

    Raises ValueError naming a skill whose table has several values of one parameter (pyBKT's
    multigs and multilearn variants), lacks one, or holds none that SkillParameters admits.
    """
    return {skill: _from_table(skill, table) for skill, table in tables.items()}


def _from_table(skill: str, table: Table) -> SkillParameters:
    try:
        return SkillParameters(
            prior=_only(table["prior"]),
            learn=_only(table["learns"]),
            guess=_only(table["guesses"]),
            slip=_only(table["slips"]),
            forget=_only(table.get("forgets", 0.0)),
        )
    except KeyError as error:
        raise ValueError(f"pyBKT table of {skill}: {error.args[0]} is missing") from error
    except ValueError as error:
        raise ValueError(f"pyBKT table of {skill}: {error}") from error


def _only(value: object) -> float:
    values = np.ravel(np.asarray(value, dtype=np.float64))
    if len(values) != 1:
        raise ValueError(f"one value wanted, got {len(values)}")
    return float(values[0])
