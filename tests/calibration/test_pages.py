"""Calibration on the page: plain words first, and only what a person may do."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from app.db import Database
from app.jobs import doing
from app.models import Role
from app.services.operations import jobs
from app.services.oversight.calibration import drift
from app.web.oversight.calibration import verdict
from engine import SkillTier, Tier, Why
from tests.calibration.made import make_calibration, set_in_use
from tests.calibration.test_drift import measured
from tests.classroom import make_classroom, make_colleague
from tests.conftest import NOON
from tests.people import MODULE_SLUG, Person, client_of, csrf_of
from tests.services.test_model import activate, active_plan, fitted_plan

MODULE = f"/oversight/calibration/{MODULE_SLUG}"
WHY = "It foretells answers better."


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["database"]
    return found


@pytest.fixture
def officers(database: Database) -> tuple[Person, Person]:
    trainer = make_classroom(database, learners=1, at=NOON).trainer
    first, second = (
        make_colleague(database, trainer, Role.OVERSIGHT_OFFICER, at=NOON) for _ in range(2)
    )
    return first, second


def test_the_list_says_where_parameters_come_from(
    app: Flask, officers: tuple[Person, Person]
) -> None:
    text = client_of(app, officers[0]).get("/oversight/calibration").get_data(as_text=True)
    assert "Number 1, estimated by experts" in text
    assert "Not looked at yet" in text


def test_asking_leads_to_the_progress_of_the_work(
    app: Flask, officers: tuple[Person, Person]
) -> None:
    client = client_of(app, officers[0])
    answer = client.post(MODULE, data={"csrf_token": csrf_of(client, MODULE)})
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "<h1>Calibration</h1>" in page
    assert "Waiting for its turn" in page


def test_the_comparison_says_in_words_what_would_change(
    app: Flask, database: Database, officers: tuple[Person, Person]
) -> None:
    made = make_calibration(database, officers[0], at=NOON)
    page = client_of(app, officers[1]).get(f"/oversight/calibrations/{made}")
    text = " ".join(page.get_data(as_text=True).split())
    assert "47 learners would gain steering mastery of a skill, 12 learners would lose it." in text
    assert "Nobody loses an evidenced skill." in text
    assert "fewer than 10 learners" in text
    assert "0.764" in text


def test_each_figure_of_a_skill_has_a_column_of_its_own_and_a_word(
    app: Flask, database: Database, officers: tuple[Person, Person]
) -> None:
    made = make_calibration(database, officers[0], at=NOON)
    page = client_of(app, officers[1]).get(f"/oversight/calibrations/{made}")
    text = " ".join(page.get_data(as_text=True).split())
    assert "·" not in text.split("<main")[1]
    assert text.count('data-label="Proposed against in use">better</td>') == 3 * 8
    assert "Left out, as fewer than 50 held-out answers say too little:" in text


@pytest.mark.parametrize(
    ("name", "active", "proposed", "word"),
    [
        ("auc", 0.701, 0.764, "better"),
        ("auc", 0.764, 0.701, "worse"),
        ("log_loss", 0.58, 0.54, "better"),
        ("calibration_error", 0.01, 0.02, "worse"),
        ("auc", 0.7641, 0.7643, "the same"),
        ("auc", None, 0.7, "none"),
    ],
)
def test_the_word_for_a_figure_goes_by_what_is_better(
    app: Flask, name: str, active: float | None, proposed: float, word: str
) -> None:
    figures: dict[str, dict[str, float | None]] = {
        "active": {name: active},
        "proposed": {name: proposed},
    }
    with app.test_request_context():
        assert verdict(name, figures) == word


def test_a_second_person_approves_and_rolls_back(
    app: Flask, database: Database, officers: tuple[Person, Person]
) -> None:
    base = set_in_use(database).id
    made = make_calibration(database, officers[0], at=NOON)
    page = f"/oversight/calibrations/{made}"
    client = client_of(app, officers[1])
    token = csrf_of(client, page)
    answer = client.post(
        f"{page}/decision", data={"csrf_token": token, "decision": "approve", "note": WHY}
    )
    assert answer.status_code == 303
    finish(database)
    assert f'href="{page}"' in client.get(answer.headers["Location"]).get_data(as_text=True)
    assert set_in_use(database).id != base
    assert WHY in client.get(page).get_data(as_text=True)
    answer = client.post(
        f"{page}/roll-back", data={"csrf_token": token, "reason": "Far too harsh."}
    )
    assert answer.status_code == 303
    finish(database)
    assert set_in_use(database).id == base
    assert "Far too harsh." in client.get(page).get_data(as_text=True)


def finish(database: Database) -> None:
    job_id = database.transact(partial(jobs.claim, at=NOON + timedelta(days=9999)))
    assert job_id is not None
    doing.do(database, job_id)


def test_who_asked_is_offered_no_decision_and_refused_one(
    app: Flask, database: Database, officers: tuple[Person, Person]
) -> None:
    made = make_calibration(database, officers[0], at=NOON)
    page = f"/oversight/calibrations/{made}"
    client = client_of(app, officers[0])
    text = client.get(page).get_data(as_text=True)
    assert "Somebody else has to decide" in text
    assert 'name="decision"' not in text
    answer = client.post(
        f"{page}/decision",
        data={"csrf_token": csrf_of(client, "/cookies"), "decision": "approve", "note": WHY},
    )
    assert answer.status_code == 422
    assert "Somebody else has to decide on it." in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"note": WHY}, "Choose whether to approve or reject it."),
        ({"decision": "approve", "note": "ok"}, "Say why in 10 to 1000 characters."),
    ],
)
def test_a_decision_that_is_not_whole_is_asked_for_again(
    app: Flask,
    database: Database,
    officers: tuple[Person, Person],
    sent: dict[str, str],
    said: str,
) -> None:
    page = f"/oversight/calibrations/{make_calibration(database, officers[0], at=NOON)}"
    client = client_of(app, officers[1])
    answer = client.post(f"{page}/decision", data={"csrf_token": csrf_of(client, page)} | sent)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_a_drifting_skill_is_called_out(
    app: Flask, database: Database, officers: tuple[Person, Person]
) -> None:
    found = measured(database, alarm=True)
    database.transact(lambda session: drift.keep(session, found, at=NOON))
    client = client_of(app, officers[0])
    assert "1 skill is off" in client.get("/oversight/calibration").get_data(as_text=True)
    text = client.get(MODULE).get_data(as_text=True)
    assert "Some predictions no longer hold" in text
    assert "Found predictions that no longer hold" in client.get("/oversight/events").get_data(
        as_text=True
    )


@pytest.mark.parametrize(
    ("tier", "words"),
    [
        (None, "expert estimates; ability and item difficulty are learned from answers."),
        (Tier.CONTEXT, "fitted, without the terms about the latest answers"),
        (Tier.HISTORY, "fitted, all terms in use."),
    ],
)
def test_the_tier_of_each_skill_of_the_set_in_use_is_said(
    app: Flask,
    database: Database,
    officers: tuple[Person, Person],
    tier: Tier | None,
    words: str,
) -> None:
    if tier is not None:
        activate(database, fitted_plan(database, tier=tier))
    skills = len(active_plan(database).skills)
    client = client_of(app, officers[0])
    assert client.get(MODULE).get_data(as_text=True).count(words) == skills
    assert words in client.get("/oversight/how").get_data(as_text=True)


def test_a_skill_that_fell_back_says_why(
    app: Flask, database: Database, officers: tuple[Person, Person]
) -> None:
    plan = fitted_plan(database)
    first = min(plan.skills)
    fallen = {**plan.tiers, first: SkillTier(Tier.ABILITY, Why.SLIP)}
    activate(database, replace(plan, tiers=fallen))
    page = client_of(app, officers[0]).get(MODULE).get_data(as_text=True)
    assert page.count("fell back to expert estimates: its fitted slip was too high.") == 1
