"""A calibration from end to end: from people's answers to a comparison that says who would gain."""

import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.config import Config
from app.db import Database
from app.jobs import doing
from app.models import Calibration, CalibrationState, Job, JobState, Module, ParameterSet, Role
from app.services.catalogue import parameter_sets, shelf
from app.services.errors import Refused
from app.services.learning import states
from app.services.operations import jobs
from app.services.oversight.calibration import (
    calibrating,
    calibrations,
    comparing,
    parts,
    proposing,
    reading,
    trails,
)
from app.words import Sentence
from engine import ItemKind
from engine.exchange import write_parameters
from engine.fitting import EXPERT_ANSWERS
from tests.calibration.crowd import let_answer, make_crowd
from tests.calibration.made import other_plan
from tests.classroom import make_classroom, make_colleague
from tests.conftest import NOON, make_config
from tests.people import MODULE_SLUG, Person, module_id
from tests.services.test_model import active_plan

PEOPLE, ANSWERS = 120, 24


@pytest.fixture(scope="session")
def crowded_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which many people of two agencies have answered."""
    home = tmp_path_factory.mktemp("crowded")
    shutil.copy(sqlite_template, home / "cairn.db")
    database, rng = Database(make_config(home)), random.Random(7)
    for person in make_crowd(database, people=PEOPLE, at=NOON):
        let_answer(database, person, answers=ANSWERS, at=NOON, rng=rng)
    with database.writing():
        database.checkpoint("PASSIVE")
    database.engine.dispose()
    return home / "cairn.db"


@pytest.fixture
def crowded(crowded_template: Path, tmp_path: Path) -> Config:
    home = tmp_path / "home"
    home.mkdir()
    for file in crowded_template.parent.glob("cairn.db*"):
        shutil.copy(file, home / file.name)
    return make_config(home)


def officer_of(database: Database) -> Person:
    trainer = make_classroom(database, learners=1, at=NOON).trainer
    return make_colleague(database, trainer, Role.OVERSIGHT_OFFICER, at=NOON)


def test_a_calibration_of_many_answers_is_judged_by_its_figures(crowded: Config) -> None:
    """Ids are drawn anew in each run, and so is who is held out: the figures decide, not we."""
    database = Database(crowded)
    officer = officer_of(database)
    job_id = database.transact(
        lambda session: calibrations.ask(session, MODULE_SLUG, officer=officer, at=NOON)
    )
    database.transact(lambda session: jobs.claim(session, at=NOON))
    doing.do(database, job_id)
    with database.reader() as session:
        job = session.get_one(Job, job_id)
        assert job.state == JobState.DONE, job.stage
        kept = session.scalars(select(Calibration)).one()
        found = kept.comparison
        skills = list(shelf.parameters(session, kept.proposed_set_id))
    better = comparing.is_better(found["figures"])
    assert found["better"] is better
    wanted = CalibrationState.PROPOSED if better else CalibrationState.NOT_BETTER
    assert (kept.state, kept.asked_by) == (wanted, officer.id)
    assert job.result == {"calibration_id": str(kept.id)}
    figures = found["figures"]
    # Experts' estimates are far from how this crowd answers: a fit is never worse than they are.
    assert figures["proposed"]["log_loss"] < figures["active"]["log_loss"]
    assert {name: own["answers"] for name, own in figures.items()} == dict.fromkeys(
        comparing.NAMES, found["held_out_answers"]
    )
    assert {line["skill"] for line in found["skills"]} == set(skills)
    counts = [count for line in found["skills"] for count in line["people"].values()]
    assert all(count is None or count == 0 or count >= 10 for count in counts)
    database.engine.dispose()


def test_a_large_module_goes_the_same_way_over_parts_of_the_database(crowded: Config) -> None:
    database = Database(crowded)
    with database.reader() as session:
        module = module_id(session)
    stages: list[Sentence] = []
    proposal = calibrating.calibrate(
        database.reader, module, tell=lambda stage, _: stages.append(stage), most=2_000
    )
    found = proposal.comparison
    assert found["answers"] > 2_000 > found["held_out_answers"] > 0
    assert found["figures"]["proposed"]["log_loss"] < found["figures"]["active"]["log_loss"]
    assert stages[0] == Sentence("Reading the answers")
    database.engine.dispose()


def test_the_terminal_proposes_and_says_how_it_did(crowded: Config) -> None:
    app = create_app(crowded)
    result = app.test_cli_runner().invoke(args=["calibrate", MODULE_SLUG])
    assert result.exit_code == 0, result.output
    database: Database = app.extensions["database"]
    with database.reader() as session:
        kept = session.scalars(select(Calibration)).one()
    assert (kept.asked_by, kept.agency_id) == (None, None)
    better = kept.state == CalibrationState.PROPOSED
    said = (
        "An oversight officer can approve it." if better else "It is kept and cannot be approved."
    )
    assert said in result.output
    database.engine.dispose()


def test_a_table_goes_the_way_of_a_fit(crowded: Config, tmp_path: Path) -> None:
    app = create_app(crowded)
    database: Database = app.extensions["database"]
    plan = active_plan(database)
    first, *rest = plan.skills
    wild = replace(plan.skills[first], guess=0.6, slip=0.35)
    table = tmp_path / "table.csv"
    with table.open("w") as to:
        write_parameters({**other_plan(plan).skills, first: wild}, to)
    result = app.test_cli_runner().invoke(args=["parameters", MODULE_SLUG, "--import", str(table)])
    assert result.exit_code == 0, result.output
    assert "Kept as it is, since the table's" in result.output
    with database.reader() as session:
        kept = session.scalars(select(Calibration)).one()
        proposed = shelf.plan(session, kept.proposed_set_id)
        assert session.get_one(ParameterSet, kept.proposed_set_id).origin == "imported"
    assert proposed.skills[first] == plan.skills[first]
    assert [proposed.skills[skill] for skill in rest] == [
        other_plan(plan).skills[skill] for skill in rest
    ]
    better = comparing.is_better(kept.comparison["figures"])
    assert (kept.state == CalibrationState.PROPOSED) is better
    assert kept.asked_by is None
    with database.reader() as session:
        assert session.get_one(Module, module_id(session)).parameter_set_id == kept.base_set_id


def test_too_little_data_is_said_clearly(database: Database) -> None:
    rng = random.Random(1)
    for person in make_crowd(database, people=3, at=NOON):
        let_answer(database, person, answers=4, at=NOON, rng=rng)
    officer = officer_of(database)
    job_id = database.transact(
        lambda session: calibrations.ask(session, MODULE_SLUG, officer=officer, at=NOON)
    )
    database.transact(lambda session: jobs.claim(session, at=NOON))
    doing.do(database, job_id)
    with database.reader() as session:
        shown = jobs.find(session, job_id, person=officer)
        assert session.scalars(select(Calibration)).all() == []
    assert shown.state == JobState.FAILED
    assert shown.stage.startswith("Not enough data: 3 learners gave ")
    assert "needs 50 learners and 1000 answers" in shown.stage


def test_a_module_without_answers_is_too_little_data(database: Database) -> None:
    with database.reader() as session:
        module = module_id(session)
    with pytest.raises(Refused, match="Not enough data: 0 learners"):
        calibrating.calibrate(database.reader, module, tell=said_nothing)


def said_nothing(_stage: Sentence, _share: float) -> None:
    """Nobody listens."""


def test_who_is_held_out_never_changes_and_is_a_fifth(database: Database) -> None:
    people = make_crowd(database, people=200, at=NOON)
    own = [parts.part_of(person.id) for person in people]
    assert own == [parts.part_of(person.id) for person in people]
    assert 20 <= own.count(parts.HELD_OUT) <= 60


def test_a_trail_under_the_set_in_use_is_what_is_stored(database: Database) -> None:
    """Folding in memory is the product's own folding: the same predictions, the same mastery."""
    rng = random.Random(3)
    (person,) = make_crowd(database, people=1, at=NOON)
    let_answer(database, person, answers=12, at=NOON, rng=rng)
    plan = active_plan(database)
    with database.reader() as session:
        module = session.get_one(Module, module_id(session))
        (log,) = trails.read_logs(session, module)
        trail = trails.follow(session, log, module_id=module.id, plan=plan)
        stored = states.read(session, person.id)
        labels = reading.label(session, module.id, skills=list(plan.skills))
        answered = reading.read(session, reading.Wanted(module.id), labels)
    assert trail.known == stored
    assert len(trail.predicted) == answered.log.n_answers
    other = trails.follow(session, log, module_id=module.id, plan=other_plan(plan))
    assert other.known.keys() == stored.keys()
    assert other.known != stored


def test_a_fit_leans_on_experts_and_on_the_formats_of_their_items(database: Database) -> None:
    with database.reader() as session:
        module = session.get_one(Module, module_id(session))
        syllabus = shelf.syllabus(session, module.revision_id)
        expert = parameter_sets.expert(session, module.id)
    skills = [*expert, "of no expert"]
    found = proposing.expert_estimates(skills, expert, syllabus)
    assert found.answers.tolist() == [EXPERT_ANSWERS] * len(expert) + [0.0]
    for place, (skill, own) in enumerate(expert.items()):
        guesses = [
            own.guess if item.guess is None else item.guess
            for item in syllabus.curriculum.items
            if item.kind is ItemKind.EXERCISE and skill in item.skills
        ]
        assert found.rates[place, :2].tolist() == [own.prior, own.learn]
        assert found.rates[place, 2] == pytest.approx(sum(guesses) / len(guesses))
        assert found.rates[place, 2:].sum() < 1.0


def test_what_was_fitted_is_no_expert_estimate(database: Database) -> None:
    plan = active_plan(database)

    def fit(session: Session) -> None:
        parameter_sets.keep(session, other_plan(plan), module_id=module_id(session), at=NOON)

    database.transact(fit)
    with database.reader() as session:
        assert parameter_sets.expert(session, module_id(session)) == plan.skills


@pytest.mark.parametrize(("count", "told"), [(0, 0), (1, None), (9, None), (10, 10), (47, 47)])
def test_few_people_are_not_counted_out(count: int, told: int | None) -> None:
    assert comparing.suppressed(count) == told


@pytest.mark.parametrize(
    ("active", "baseline", "better"),
    [
        ((0.58, 0.70), (0.57, 0.72), True),
        ((0.54, 0.70), (0.57, 0.72), False),  # no less surprised than what is in use
        ((0.58, 0.70), (0.54, 0.72), False),  # no less surprised than the published model
        ((0.58, 0.77), (0.57, 0.72), False),  # ranks worse than what is in use
    ],
)
def test_better_means_better_than_both(
    *, active: tuple[float, float], baseline: tuple[float, float], better: bool
) -> None:
    figures = {
        name: {"log_loss": loss, "auc": auc}
        for name, (loss, auc) in (
            ("active", active),
            ("proposed", (0.55, 0.76)),
            ("baseline", baseline),
        )
    }
    assert comparing.is_better(figures) is better


def test_held_out_learners_are_never_fitted_to() -> None:
    assert parts.HELD_OUT not in (parts.TUNED_ON, *parts.TRAINED_ON)
    assert proposing.FEWEST_HELD_OUT > 0
    every = {*parts.TRAINED_ON, parts.TUNED_ON, parts.HELD_OUT}
    assert every == set(range(parts.PARTS))
