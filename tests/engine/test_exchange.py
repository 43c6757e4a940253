"""pyBKT's parameter tables and logs for notebooks, there and back."""

import io
import warnings
from pathlib import Path

import numpy as np
import pytest

from engine.bkt import SkillParameters
from engine.exchange import (
    LoggedAnswer,
    LoggedResponse,
    read_parameters,
    write_answers,
    write_parameters,
    write_responses,
)

SKILLS = {
    "breach-first-hour": SkillParameters(prior=0.3, learn=0.2, guess=0.25, slip=1 / 3),
    "who, when": SkillParameters(prior=1 / 7, learn=0.01, guess=0.02, slip=0.25, forget=0.3),
}
HEADER = "skill,param,class,value\n"


def written() -> str:
    to = io.StringIO()
    write_parameters(SKILLS, to)
    return to.getvalue()


def test_parameters_come_back_exactly() -> None:
    assert read_parameters(io.StringIO(written())) == SKILLS


def test_a_skill_without_forgets_does_not_forget() -> None:
    rows = "a,prior,default,.3\na,learns,default,.2\na,guesses,default,.2\na,slips,default,.1\n"
    found = read_parameters(io.StringIO(HEADER + rows))
    assert found == {"a": SkillParameters(prior=0.3, learn=0.2, guess=0.2, slip=0.1)}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (HEADER, "line 2: the table names no skill"),
        (HEADER + "a,prior,default,nan\n", "line 2: value must be a number, got 'nan'"),
        ("skill,param,value\n", "line 1: columns are missing: class"),
        (HEADER + "a,prior,default,.3\n", "line 2: a: learns, guesses, slips, forgets missing"),
        (HEADER + "a,prior,default,high\n", "line 2: value must be a number, got 'high'"),
        (HEADER + "a,hope,default,.3\n", "line 2: no parameter is called 'hope'"),
        (HEADER + "a,learns,i1,.3\na,learns,i2,.2\n", "line 3: a has more than one value of lea"),
        (written().replace("0.02\n", "0.9\n"), "line 7: who, when: guess \\+ slip must be below 1"),
    ],
)
def test_a_broken_table_is_refused_by_name(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_parameters(io.StringIO(text))


def test_every_fault_of_a_table_is_told_at_once() -> None:
    rows = "a,prior,default,.3\na,hope,default,.3\nb,prior,default,much\n"
    with pytest.raises(ValueError, match="line 3") as refused:
        read_parameters(io.StringIO(HEADER + rows), known={"a"})
    assert str(refused.value).splitlines() == [
        "line 3: no parameter is called 'hope'",
        "line 4: value must be a number, got 'much'",
        "line 2: a: learns, guesses, slips, forgets missing",
        "line 4: no skill is called 'b'",
    ]


def test_an_answer_log_has_the_documented_columns_and_skills_in_order() -> None:
    to = io.StringIO()
    answer = LoggedAnswer(
        learner=7, sequence=0, skills=("b", "a"), item="i", correct=True, fold=5, seconds=0
    )
    assert write_answers([answer], to) == 1
    assert to.getvalue() == "learner,sequence,skills,item,correct,fold,seconds\n7,0,a~b,i,1,5,0\n"


def responses() -> list[LoggedResponse]:
    chance = np.random.default_rng(5)
    return [
        LoggedResponse(
            learner=f"p{learner}",
            skills=("a",) if number % 2 else ("b",),
            item=f"i{number}",
            correct=bool(chance.uniform() < 0.4 + 0.03 * number),
            seconds=None if number == 0 else 10.5 * number,
        )
        for learner in range(30)
        for number in range(12)
    ]


def test_an_answer_with_several_skills_is_one_row() -> None:
    to = io.StringIO()
    answer = LoggedResponse("p", ("a", "b"), "i", correct=True, seconds=2.5)
    assert write_responses([answer], to) == 1
    assert to.getvalue().splitlines()[1] == "1,p,a~b,i,1,2.5"


def test_pybkt_fits_an_exported_log_and_its_table_is_read(tmp_path: Path) -> None:
    path, table = tmp_path / "log.csv", tmp_path / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as to:
        assert write_responses(responses(), to) == 360
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what pyBKT's own imports say is not ours to fix
        from pyBKT.models import Model  # noqa: PLC0415

        model = Model(seed=1, num_fits=1, parallel=False)
        model.fit(data_path=str(path))
        model.params().to_csv(table)
        fitted = model.coef_
    with table.open(encoding="utf-8", newline="") as lines:
        found = read_parameters(lines)
    assert sorted(found) == ["a", "b"]
    for skill, parameters in found.items():
        assert parameters.prior == pytest.approx(fitted[skill]["prior"], abs=1e-5)
        assert parameters.learn == pytest.approx(fitted[skill]["learns"][0], abs=1e-5)
