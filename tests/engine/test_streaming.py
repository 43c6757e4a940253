"""A log in parts: the same fit wherever the work is done, and the same record as in one piece."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from engine.evaluation import auc, log_loss
from engine.fitting import (
    FITTED_GAINS,
    RECORD_RIDGE,
    SOUND,
    Effort,
    FittedModel,
    fit_bkt,
    fit_model,
)
from engine.model.layout import Tier
from engine.model.links import count_links, learn_links
from engine.model.parts import cut_parts, store_parts
from engine.model.spread import OnThreads, Part, Spread, in_turn
from engine.model.tree import grow_tree, join_trees
from engine.streaming import fit_parts, fit_record
from tests.engine.model_logs import make_log

_ALL = make_log(seed=5, learners=150, answers=60)
LOG, TUNE = _ALL.keep(_ALL.owners < 110), _ALL.keep(_ALL.owners >= 110)
PARTS = cut_parts(LOG, answers=300)
EFFORT = Effort(passes=3, batches=12)


def fitted(parts: Sequence[Part], spread: Spread, *, at_once: int = 3) -> FittedModel:
    return fit_parts(
        parts, TUNE, tier=Tier.HISTORY, gains=FITTED_GAINS, effort=EFFORT, spread=spread,
        at_once=at_once,
    )  # fmt: skip


def test_parts_hold_every_learner_once() -> None:
    assert len(PARTS) > 5
    owners = np.concatenate([part().owners for part in PARTS])
    assert owners.tolist() == LOG.owners.tolist()
    assert sum(part().n_answers for part in PARTS) == LOG.n_answers


def test_trees_of_parts_add_up_to_the_tree_of_the_log() -> None:
    trees = [grow_tree(part()) for part in PARTS]
    joined = trees[0]
    for tree in trees[1:]:
        joined = join_trees(joined, tree)
    whole = grow_tree(LOG)
    assert np.array_equal(joined.roots, whole.roots)
    assert np.array_equal(joined.pooled_counts(), whole.pooled_counts())


def test_links_of_parts_add_up_to_the_links_of_the_log() -> None:
    joined = count_links(PARTS[0]())
    for part in PARTS[1:]:
        joined = joined.joined(count_links(part()))
    whole = learn_links(LOG)
    assert np.array_equal(joined.table().keys, whole.keys)
    assert list(joined.table().pairs) == list(whole.pairs)


def test_the_record_fitted_in_parts_is_the_record_fitted_at_once() -> None:
    whole = fit_bkt(LOG, limits=SOUND, ridge=RECORD_RIDGE)
    parts = fit_record(PARTS, spread=in_turn)
    assert np.abs(parts.rates - whole.rates).max() < 1e-9
    assert parts.log_likelihood == pytest.approx(whole.log_likelihood, abs=1e-9)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_threads_fit_what_one_after_another_fits(workers: int) -> None:
    serial, threaded = fitted(PARTS, in_turn), fitted(PARTS, OnThreads(workers))
    assert serial.passes > 0
    assert np.array_equal(serial.weights, threaded.weights)
    assert np.array_equal(serial.predict(TUNE), threaded.predict(TUNE))


def test_a_fit_in_parts_predicts_as_well_as_one_in_memory() -> None:
    parts = fitted(PARTS, in_turn, at_once=1)
    whole = fit_model(LOG, TUNE, tier=Tier.HISTORY, gains=FITTED_GAINS, effort=EFFORT)
    found = [log_loss(model.predict(TUNE), TUNE.correct) for model in (parts, whole)]
    assert found[0] == pytest.approx(found[1], abs=0.01)
    assert auc(parts.predict(TUNE), TUNE.correct) > 0.5
    assert np.array_equal(parts.item_answers, whole.item_answers)


def test_no_parts_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one part"):
        fitted([], in_turn)


def test_parquet_files_give_the_same_answers_and_the_same_fit(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra: cluster)")
    stored = store_parts(iter([part() for part in PARTS]), tmp_path)
    for held, read in zip(PARTS, stored, strict=True):
        one, other = held(), read()
        for name in ("starts", "owners", "folds", "skill_starts", "skills", "items", "correct"):
            assert np.array_equal(getattr(one, name), getattr(other, name)), name
        assert np.array_equal(one.seconds, other.seconds, equal_nan=True)
    assert np.array_equal(fitted(stored, in_turn).weights, fitted(PARTS, in_turn).weights)


def test_a_cluster_of_processes_fits_what_one_after_another_fits(tmp_path: Path) -> None:
    distributed = pytest.importorskip(
        "distributed", reason="Dask is not installed (extra: cluster)"
    )
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra: cluster)")
    from engine.cluster import OnCluster  # noqa: PLC0415 - needs the extra

    stored = store_parts(iter([part() for part in PARTS]), tmp_path)
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            local_directory=str(tmp_path),
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        far = fitted(stored, OnCluster(client))
    near = fitted(PARTS, in_turn)
    assert np.abs(far.weights - near.weights).max() < 1e-9
    assert np.abs(far.predict(TUNE) - near.predict(TUNE)).max() < 1e-9
    assert np.abs(far.rates - near.rates).max() < 1e-9
