"""Reading answer logs: every trap of the format, and the copies hidden in public logs."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from engine.model.answers import NO_ITEM, AnswerLog
from tests.bench.answer_logs import LogFormatError, logs_folder, read_answer_log
from tests.bench.copies import is_copied
from tests.engine.model_logs import make_log

HEADER = "learner,sequence,skills,item,correct,fold\n"

real_logs = pytest.mark.skipif(
    not logs_folder().is_dir(), reason=f"no answer logs in {logs_folder()} (set CAIRN_DATA)"
)


def read(folder: Path, rows: str, *, header: str = HEADER) -> AnswerLog:
    path = folder / "log.csv"
    path.write_text(header + rows, encoding="ascii")
    return read_answer_log(path)


def test_an_answer_with_several_skills_is_one_row(tmp_path: Path) -> None:
    log = read(tmp_path, "7,0,3~5,q,1,2\n7,1,5,r,0,2\n")
    assert log.n_answers == 2
    assert np.diff(log.skill_starts).tolist() == [2, 1]
    assert log.skills[1] == log.skills[2]


def test_an_empty_item_is_no_item(tmp_path: Path) -> None:
    log = read(tmp_path, "7,0,3,,1,2\n7,1,3,,0,2\n")
    assert log.items.tolist() == [NO_ITEM, NO_ITEM]
    assert log.n_items == 0
    assert log.is_first_meeting().all()


def test_a_compressed_log_reads_the_same(tmp_path: Path) -> None:
    rows = "7,0,3,q,1,2\n8,0,3,q,0,1\n"
    plain = read(tmp_path, rows)
    packed = tmp_path / "log.csv.gz"
    packed.write_bytes(gzip.compress((HEADER + rows).encode()))
    assert read_answer_log(packed).correct.tolist() == plain.correct.tolist()


def test_seconds_are_unknown_where_the_log_has_none(tmp_path: Path) -> None:
    assert np.isnan(read(tmp_path, "7,0,3,q,1,2\n").seconds).all()
    timed = read(tmp_path, "7,0,3,q,1,2,0\n7,1,3,q,1,2,40\n", header=HEADER[:-1] + ",seconds\n")
    assert timed.seconds.tolist() == [0.0, 40.0]


def test_learner_numbers_are_local_to_a_set(tmp_path: Path) -> None:
    rows = "7,0,3,,1,2,a\n7,1,3,,1,2,a\n7,0,4,,1,2,b\n"
    assert read(tmp_path, rows, header=HEADER[:-1] + ",set\n").n_histories == 2


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ("7,1,3,q,1,2\n7,0,3,q,1,2\n", "line 3: sequence must grow"),
        ("7,0,3,q,1,2\n7,1,3,q,1,3\n", "line 3: a learner is in one fold"),
        ("7,0,3,q,1,2\n8,0,3,q,1,2\n7,1,3,q,1,2\n", "line 4: the rows of learner 7"),
        ("7,0,3~3,q,1,2\n", "line 2: skills must be named and distinct"),
        ("7,0,,q,1,2\n", "line 2: skills must be named"),
        ("7,0,3,q,2,2\n", "line 2: correct must be 0 or 1"),
        ("7,0,3,q,1\n", "line 2: 6 columns expected, got 5"),
        ("7,0,3,q,1,two\n", "line 2: fold must be a whole number, got 'two'"),
        ("7,?,3,q,1,2\n", "line 2: sequence must be a whole number"),
        (f"7,0,{'~'.join(map(str, range(65)))},q,1,2\n", "line 2: an answer may have 64 skills"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, rows: str, complaint: str) -> None:
    with pytest.raises(LogFormatError, match=complaint):
        read(tmp_path, rows)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(LogFormatError, match="fold"):
        read(tmp_path, "", header="learner,sequence,skills,item,correct\n")


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ("7,0,3,q,1,2,9\n7,1,3,q,1,2,\n7,2,3,q,1,2,8\n", "line 4: seconds must not decrease"),
        ("7,0,3,q,1,2,soon\n", "line 2: seconds must be a number, got 'soon'"),
        ("7,0,3,q,1,2,inf\n", "line 2: seconds must be a number"),
    ],
)
def test_a_broken_time_is_named(tmp_path: Path, rows: str, complaint: str) -> None:
    with pytest.raises(LogFormatError, match=complaint):
        read(tmp_path, rows, header=HEADER[:-1] + ",seconds\n")


def test_the_clock_begins_anew_with_each_learner(tmp_path: Path) -> None:
    rows = "7,0,3,q,1,2,90\n8,0,3,q,1,2,5\n8,1,3,q,1,2,\n"
    seconds = read(tmp_path, rows, header=HEADER[:-1] + ",seconds\n").seconds
    assert seconds[:2].tolist() == [90.0, 5.0]
    assert np.isnan(seconds[2])


def test_only_learner_skills_correct_and_fold_are_needed(tmp_path: Path) -> None:
    log = read(tmp_path, "7,3,1,2,x\n7,3,0,2,y\n", header="learner,skills,correct,fold,other\n")
    assert log.correct.tolist() == [True, False]
    assert log.items.tolist() == [NO_ITEM, NO_ITEM]


def test_a_sequence_may_have_gaps(tmp_path: Path) -> None:
    assert read(tmp_path, "7,3,3,q,1,2\n7,90,3,q,1,2\n").n_answers == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", gzip.compress(b"learner,skills")[:-6]],
    ids=["empty", "not text", "cut short"],  # named: gzip keeps the second it was made in
)
@pytest.mark.parametrize("name", ["log.csv", "log.csv.gz"])
def test_a_file_that_is_no_log_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(LogFormatError, match=name):
        read_answer_log(path)


def test_folds_keep_each_learner_s_answers_in_order() -> None:
    log = make_log(seed=1)
    part = log.in_folds([2, 3])
    rows = np.isin(np.repeat(log.folds, np.diff(log.starts)), [2, 3])
    assert part.correct.tolist() == log.correct[rows].tolist()
    assert part.items.tolist() == log.items[rows].tolist()
    assert set(part.folds.tolist()) == {2, 3}


def test_a_restart_cuts_histories_and_keeps_learners() -> None:
    log = make_log(seed=2)
    cut = log.restarted(7)
    assert np.diff(cut.starts).max() == 7
    assert cut.correct.tolist() == log.correct.tolist()
    assert cut.learner_of.tolist() == log.learner_of.tolist()


def test_a_draw_is_repeated_by_its_seed() -> None:
    log = make_log(seed=3)
    assert log.draw(4, seed=9).owners.tolist() == log.draw(4, seed=9).owners.tolist()
    assert log.draw(4, seed=9).n_histories == 4


def test_only_later_meetings_are_not_first(tmp_path: Path) -> None:
    log = read(tmp_path, "7,0,3,q,1,2\n7,1,3,q,0,2\n8,0,3,q,1,1\n")
    assert log.is_first_meeting().tolist() == [True, False, True]


def test_a_learner_under_another_number_is_found_in_any_order(tmp_path: Path) -> None:
    chance = np.random.default_rng(4)
    answers = chance.uniform(size=40) < 0.6
    order = chance.permutation(40)
    twin = [f"1,{n},3,q{i},{int(answers[i])},1" for n, i in enumerate(range(40))]
    other = [f"2,{n},3,q{i},{int(answers[i])},2" for n, i in enumerate(order)]
    stranger = [f"3,{n},3,q{i},{int(chance.uniform() < 0.6)},2" for n, i in enumerate(order)]
    log = read(tmp_path, "\n".join([*twin, *other, *stranger]) + "\n")
    assert is_copied(log.in_folds([2]), log.in_folds([1])).tolist() == [True, False]


def test_two_who_get_everything_right_are_not_copies(tmp_path: Path) -> None:
    rows = [f"{learner},{n},3,q{n},1,{learner}" for learner in (1, 2) for n in range(40)]
    log = read(tmp_path, "\n".join(rows) + "\n")
    assert not is_copied(log.in_folds([2]), log.in_folds([1])).any()


@real_logs
@pytest.mark.parametrize(
    ("name", "rows", "learners"),
    [("glops", 70_668, None), ("statics2011", 154_561, 264), ("algebra2005", 104_149, 92)],
)
def test_the_public_logs_are_read_whole(name: str, rows: int, learners: int | None) -> None:
    log = read_answer_log(logs_folder() / f"{name}.csv.gz")
    assert log.n_answers == rows
    assert learners is None or log.n_histories == learners
