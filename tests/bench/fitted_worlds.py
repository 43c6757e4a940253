"""Fit the two worlds of real answers and write their figures: engine/simulate/fitted.json.

    python -m tests.bench.fitted_worlds

World R is what our model finds in a public answer log, world P what plain BKT finds there: a
policy is not graded by its own model alone (Doroudi, Aleven & Brunskill 2017). Only needed again
when the model or the log changes; the worlds read the file.
"""

import json
from pathlib import Path

import numpy as np

from engine.fitting import FITTED_GAINS, FREE, RECORD_RIDGE, Effort, fit_bkt, fit_model
from engine.model.answers import AnswerLog, Floats
from engine.model.layout import Block, Tier
from tests.bench.answer_logs import logs_folder, read_answer_log

LOG = "assistments2009.csv.gz"
OUT = Path(__file__).resolve().parents[2] / "engine" / "simulate" / "fitted.json"
SKILLS = 36
"""The skills most answered, of those that tell knowing from not knowing at all."""


def write() -> None:
    log = read_answer_log(logs_folder() / LOG)
    train, tune = log.in_folds((1, 2, 3)), log.in_folds((4,))
    plain = fit_bkt(train, limits=FREE, ridge=RECORD_RIDGE)
    ours = fit_model(train, tune, tier=Tier.ABILITY, gains=FITTED_GAINS, effort=Effort(workers=1))
    chosen = _chosen(plain.rates, plain.answers)
    weights = ours.weights[ours.offsets[Block.ITEM] : ours.offsets[Block.ITEM + 1]]
    seen = np.bincount(train.items[train.items >= 0], minlength=train.n_items)
    OUT.write_text(
        json.dumps(
            {
                "log": f"{LOG}, folds 1-3",
                "plain": plain.rates[chosen].round(4).tolist(),
                "ours": ours.rates[chosen].round(4).tolist(),
                "item_spread": round(float(np.std(weights[seen >= 20])), 3),
                "ability_spread": round(_ability_spread(train, ours.predict_record(train)), 3),
            },
            indent=1,
        )
        + "\n"
    )


def _chosen(rates: Floats, answers: Floats) -> list[int]:
    sound = [
        skill
        for skill, (_, learn, guess, slip) in enumerate(rates.tolist())
        if learn >= 0.02 and guess <= 0.5 and slip <= 0.3
    ]
    return sorted(sound, key=lambda skill: -float(answers[skill]))[:SKILLS]


def _ability_spread(log: AnswerLog, predicted: Floats) -> float:
    """Standard deviation of learners' running ability after their last answer, in logits."""
    gains, found = FITTED_GAINS, []
    surprise = log.correct - predicted
    for first, end in zip(log.starts[:-1], log.starts[1:], strict=True):
        if end - first < 30:
            continue
        ability = 0.0
        for place, row in enumerate(range(first, end)):
            ability += gains.long / (1.0 + gains.long_fade * place) * float(surprise[row])
        found.append(ability)
    return gains.coupling * float(np.std(found))


if __name__ == "__main__":
    write()
