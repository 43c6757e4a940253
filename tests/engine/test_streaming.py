"""A log in parts: the same fit wherever the work is done, and the same record as in one piece."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.evaluation import auc
from engine.fitting import (
    FITTED_GAINS,
    RECORD_RIDGE,
    SOUND,
    Effort,
    ExpertEstimates,
    FittedModel,
    fit_bkt,
    fit_model,
    refit_model,
)
from engine.model.layout import Tier
from engine.model.links import count_links, learn_links
from engine.model.parts import cut_parts, store_parts
from engine.model.spread import OnThreads, Part, Spread, in_turn
from engine.model.tree import grow_tree, join_trees
from engine.streaming import fit_parts, fit_record, refit_parts
from tests.engine.model_logs import make_log

_ALL = make_log(seed=5, learners=3_640, answers=60)
LOG, TUNE = _ALL.keep(_ALL.owners < 110), _ALL.keep(_ALL.owners >= 3_600)
LARGE = _ALL.keep(_ALL.owners < 3_600)
"""More answers than one part holds."""
PARTS = cut_parts(LOG, answers=300)
EFFORT = Effort(passes=3, batches=12)


def assert_same(one: FittedModel, other: FittedModel) -> None:
    """Assert that two fits are one and the same."""
    for name in ("rates", "usual_rates", "weights", "item_answers"):
        assert np.abs(getattr(one, name) - getattr(other, name)).max() < 1e-9, name
    assert np.abs(one.predict(TUNE) - other.predict(TUNE)).max() < 1e-9
    assert one.passes == other.passes > 0


def fitted(parts: Sequence[Part], spread: Spread) -> FittedModel:
    return fit_parts(
        parts, TUNE, tier=Tier.HISTORY, gains=FITTED_GAINS, effort=EFFORT, spread=spread,
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


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_a_log_in_memory_is_fitted_as_its_parts_are(workers: int) -> None:
    whole = fit_model(
        LARGE, TUNE, tier=Tier.HISTORY, gains=FITTED_GAINS, effort=replace(EFFORT, workers=workers)
    )
    assert_same(whole, fitted(cut_parts(LARGE), in_turn))
    assert auc(whole.predict(TUNE), TUNE.correct) > 0.5


def test_a_refit_in_memory_is_a_refit_of_its_parts() -> None:
    like = fitted(PARTS, in_turn)
    whole = refit_model(LARGE, like, effort=EFFORT)
    assert_same(whole, refit_parts(cut_parts(LARGE), like, effort=EFFORT, spread=in_turn))


def test_experts_are_heard_in_parts_as_in_memory() -> None:
    rates = np.tile([0.2, 0.3, 0.1, 0.2], (LOG.n_skills, 1))
    expert = ExpertEstimates(rates, np.full(LOG.n_skills, 500.0))
    whole = fit_bkt(LOG, limits=SOUND, ridge=RECORD_RIDGE, expert=expert)
    parts = fit_record(PARTS, spread=in_turn, expert=expert)
    assert np.abs(parts.rates - whole.rates).max() < 1e-9
    alone = fit_bkt(LOG, limits=SOUND, ridge=RECORD_RIDGE)
    assert np.abs(parts.rates - alone.rates).max() > 1e-3


def test_the_answers_to_each_item_are_those_of_the_whole_log() -> None:
    known = LOG.items[LOG.items >= 0]
    answers = fitted(PARTS, in_turn).item_answers
    assert answers.tolist() == np.bincount(known, minlength=LOG.n_items).tolist()


def test_parts_of_a_log_share_its_memory_and_hold_its_answers() -> None:
    for part in cut_parts(LARGE):
        own = part()
        assert np.shares_memory(own.correct, LARGE.correct)
        kept = LARGE.keep(np.isin(LARGE.owners, own.owners))
        for name in ("starts", "owners", "folds", "skill_starts", "skills", "items", "correct"):
            assert np.array_equal(getattr(own, name), getattr(kept, name)), name


def test_learners_whose_histories_lie_apart_stay_together() -> None:
    apart = replace(LOG, owners=np.arange(LOG.n_histories) % 7)
    parts = cut_parts(apart, answers=300)
    owners = [set(part().owners.tolist()) for part in parts]
    assert len(parts) > 1
    assert sorted(owner for own in owners for owner in own) == list(range(7))


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
    (tmp_path / "large").mkdir()
    stored_large = store_parts((part() for part in cut_parts(LARGE)), tmp_path / "large")
    assert len(stored_large) > 1
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
        far_large = fitted(stored_large, OnCluster(client))
    assert_same(far, fitted(PARTS, in_turn))
    assert_same(
        far_large,
        fit_model(LARGE, TUNE, tier=Tier.HISTORY, gains=FITTED_GAINS, effort=EFFORT),
    )
