"""The prediction bench through its command."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.model.answers import AnswerLog
from tests.bench.prediction import is_held_out, main
from tests.engine.model_logs import make_log


def write(log: AnswerLog, path: Path) -> Path:
    rows = ["learner,sequence,skills,item,correct,fold,seconds"]
    for history in range(log.n_histories):
        for row in range(log.starts[history], log.starts[history + 1]):
            own = log.skills[log.skill_starts[row] : log.skill_starts[row + 1]]
            rows.append(
                f"{history},{row - log.starts[history]},{'~'.join(map(str, own))},"
                f"{log.items[row]},{int(log.correct[row])},{log.folds[history]},"
                f"{log.seconds[row]:.0f}"
            )
    path.write_text("\n".join(rows) + "\n", encoding="ascii")
    return path


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    log = make_log(seed=21, learners=60)
    return write(log, tmp_path_factory.mktemp("logs") / "log.csv")


@pytest.mark.parametrize("model", ["bkt", "cairn"])
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


def test_a_fold_has_one_use_only(data: Path) -> None:
    with pytest.raises(ValueError, match="one use only"):
        main(["--data", str(data), "--train", "1,2", "--tune", "4", "--test", "4"])


def test_a_tenth_of_the_learners_is_set_aside() -> None:
    share = np.mean(is_held_out(range(5000), seed=3))
    assert 0.08 < share < 0.12


def test_who_is_set_aside_does_not_depend_on_who_else_is_there() -> None:
    few = is_held_out([5, 17, 40], seed=3)
    many = is_held_out(range(50), seed=3)
    assert few.tolist() == [bool(many[learner]) for learner in (5, 17, 40)]
