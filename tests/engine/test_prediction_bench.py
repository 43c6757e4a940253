"""The prediction bench through its command."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.fitting import (
    FITTED_GAINS,
    RECORD_RIDGE,
    SOUND,
    Effort,
    fit_bkt,
    fit_model,
    predict_bkt,
)
from engine.model.answers import AnswerLog
from engine.model.layout import Tier
from tests.bench.accuracy import judge_log
from tests.bench.folds import fold_microseconds
from tests.bench.prediction import is_held_out, main
from tests.bench.predictors import CairnPredictor, StatelessPredictor
from tests.bench.pybkt_build import fit_aside
from tests.bench.tries import simulate_tries
from tests.engine.model_logs import make_log


def write(log: AnswerLog, path: Path) -> Path:
    rows = ["learner,sequence,skills,item,correct,fold,seconds"]
    for history in range(log.n_histories):
        for row in range(log.starts[history], log.starts[history + 1]):
            own = log.skills[log.skill_starts[row] : log.skill_starts[row + 1]]
            rows.append(
                f"{history},{row - log.starts[history]},{'~'.join(map(str, own))},"
                f"{log.items[row]},{int(log.correct[row])},{log.folds[history]},"
                f"{'' if np.isnan(log.seconds[row]) else int(log.seconds[row])}"
            )
    path.write_text("\n".join(rows) + "\n", encoding="ascii")
    return path


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    log = make_log(seed=21, learners=60)
    return write(log, tmp_path_factory.mktemp("logs") / "log.csv")


@pytest.mark.parametrize("model", ["bkt", "cairn", "cairn-stateless"])
@pytest.mark.parametrize("tune", [["--tune", "3"], ["--tune"], []])
def test_every_figure_is_printed(
    data: Path, model: str, tune: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    train = "1,2" if tune == ["--tune", "3"] else "1,2,3"
    main(["--data", str(data), "--train", train, *tune, "--test", "4", "--model", model, "--json"])
    figures = json.loads(capsys.readouterr().out)
    assert 0.0 < figures["all"]["auc"] < 1.0
    assert figures["all"]["learners"] == 15
    assert figures["microseconds"]["update"] > 0.0
    assert figures["parameters"]


def test_the_same_command_gives_the_same_figures(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--data", str(data), "--train", "1,2,3", "--test", "4", "--json"]
    found = []
    for _ in range(2):
        main([*command, "--restart-every", "20", "--learners", "9"])
        found.append(json.loads(capsys.readouterr().out)["all"])
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (["--tune", "4", "--test", "4"], "a fold may have one use only, got 1, 2, 4, 4."),
        (["--tune", "3", "--test", "5"], "no answers in fold 5; the log has 1, 2, 3, 4."),
    ],
)
def test_what_cannot_be_measured_is_said_in_a_sentence(
    data: Path, asked: list[str], sentence: str
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--data", str(data), "--train", "1,2", *asked])
    assert str(left.value) == sentence


def test_a_file_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"^none.csv cannot be read as CSV: .*\.$"):
        main(["--data", str(tmp_path / "none.csv"), "--train", "1", "--test", "2"])


@pytest.mark.parametrize("model", ["bkt", "cairn", "cairn-stateless"])
def test_a_tiny_log_without_items_or_time_is_measured(
    tmp_path: Path, model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "tiny.csv"
    path.write_text("learner,skills,correct,fold\n1,a,1,1\n2,a,0,1\n2,b,1,1\n3,c~a,1,2\n")
    main(["--data", str(path), "--train", "1", "--test", "2", "--model", model, "--json"])
    figures = json.loads(capsys.readouterr().out)
    assert figures["all"]["answers"] == 1
    assert figures["all"]["auc"] is None
    assert 0.0 < figures["all"]["log_loss"] < 5.0


def test_a_log_of_every_try_is_predicted_far_better_than_by_plain_bkt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(simulate_tries(learners=200, seed=8), tmp_path / "tries.csv")
    command = ["--data", str(path), "--train", "1,2", "--tune", "3", "--test", "4", "--json"]
    found = []
    for model in ("bkt", "cairn"):
        main([*command, "--model", model])
        found.append(json.loads(capsys.readouterr().out))
    plain, ours = found
    assert ours["all"]["auc"] > plain["all"]["auc"] + 0.1
    assert ours["first_meetings"]["answers"] < ours["all"]["answers"]
    assert ours["items_keep_learning"]["auc"] == pytest.approx(ours["all"]["auc"], abs=0.02)


def test_the_lowest_tier_is_plain_bkt() -> None:
    log = make_log(seed=23, learners=40)
    predictor = CairnPredictor(0, Tier.RECORD)
    predictor.fit(log, make_log(seed=24, learners=10), refit=None)
    rates = fit_bkt(log, limits=SOUND, ridge=RECORD_RIDGE).rates
    assert predictor.predict(log) == pytest.approx(predict_bkt(log, rates), abs=1e-9)


def test_without_a_hidden_state_no_answer_moves_what_the_record_expects() -> None:
    log = make_log(seed=25, learners=40)
    predictor = StatelessPredictor(0, Tier.ITEM)
    predictor.fit(log, make_log(seed=26, learners=10), refit=log)
    other = replace(log, correct=~log.correct)
    expected = predictor.fitted.predict_record(log)
    assert predictor.fitted.predict_record(other) == pytest.approx(expected, abs=1e-9)
    assert predictor.predict(log) == pytest.approx(predictor.predict(other), abs=1e-9)


def test_without_a_hidden_state_the_other_terms_still_learn_from_answers() -> None:
    log = make_log(seed=27, learners=60)
    predictor = StatelessPredictor(0)
    predictor.fit(log, make_log(seed=28, learners=20), refit=None)
    other = replace(log, correct=~log.correct)
    moved = np.abs(predictor.predict(log) - predictor.predict(other))
    assert moved.max() > 0.1


def test_a_tier_can_be_asked_for_at_the_command_line(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--data", str(data), "--train", "1,2,3", "--test", "4", "--json"]
    found = []
    for tier in ("0", "5"):
        main([*command, "--tier", tier])
        found.append(json.loads(capsys.readouterr().out))
    assert [figures["tier"] for figures in found] == [0, 5]
    assert found[0]["all"]["log_loss"] != found[1]["all"]["log_loss"]


def test_every_figure_of_a_log_of_every_try_is_told() -> None:
    log = simulate_tries(learners=60, seed=3)
    found = judge_log(log, train=(1, 2, 3), test=(4,), seed=0, rivals=("bkt",))
    assert found["cairn_first_meetings"]["answers"] < found["cairn"]["answers"]
    gain = found["hidden_state_gain"]
    assert gain["full"] == found["cairn"]["auc"] - found["cairn_stateless"]["auc"]
    assert gain["small_class"] == pytest.approx(
        found["small_class_auc"] - found["small_class_auc_stateless"]
    )


def test_the_fold_of_a_web_worker_is_timed_by_plan() -> None:
    log = make_log(seed=29, learners=8, answers=20)
    few = Effort(passes=1)
    fitted = fit_model(log, log, tier=Tier.HISTORY, gains=FITTED_GAINS, effort=few)
    found = fold_microseconds(fitted, log)
    assert list(found) == ["bkt", "plain", "context"]
    assert min(found.values()) > 0.0


def test_a_tenth_of_the_learners_is_set_aside() -> None:
    share = np.mean(is_held_out(range(5000), seed=3))
    assert 0.08 < share < 0.12


def test_who_is_set_aside_does_not_depend_on_who_else_is_there() -> None:
    many = is_held_out(range(50), seed=3)
    some = [int(np.argmax(many)), 17, 40]
    assert is_held_out(some, seed=3).tolist() == [bool(many[learner]) for learner in some]


def test_somebody_is_always_set_aside() -> None:
    assert all(is_held_out([1, 2], seed=seed).any() for seed in range(20))


def test_pybkt_fits_aside_the_skills_of_a_log() -> None:
    log = make_log(seed=22, learners=8, answers=10, skills=2)
    found = fit_aside(Path(sys.executable), log, starts=1)
    assert sorted(found["rates"]) == ["0", "1"]
    assert all(0.0 <= rate <= 1.0 for rates in found["rates"].values() for rate in rates)
    assert found["seconds"] >= found["seconds_in_em"] > 0.0
    assert found["roster_update_us"] > 0.0
