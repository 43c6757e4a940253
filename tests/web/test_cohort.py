"""HR officers' pages, as a browser without JavaScript uses them."""

import csv
import io
import re
import uuid
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.db import Database
from app.jobs import worker
from app.models import (
    Cohort,
    Enrolment,
    ItemReport,
    Mastery,
    ModuleState,
    Response,
    Serving,
    User,
)
from app.services.people import roster
from tests import people
from tests.people import Person, csrf_of
from tests.web.office import (
    Office,
    database_of,
    do_what_waits,
    learners_on,
    learners_page_by_page,
    make_office,
    text_of,
    turn_names_on,
)

CANARY = "zebra-canary-7731"
FINISHED = datetime(2026, 11, 20, 3, 47, 59, tzinfo=UTC)


@pytest.fixture
def office(app: Flask) -> Office:
    return make_office(app)


def test_home_lists_programmes_and_cohorts(office: Office) -> None:
    page = text_of(office.client.get("/hr"))
    assert "AI literacy for public servants" in page
    assert "Benefits office" in page
    assert "Strange cohort" not in page


def test_a_cohort_is_made_and_changed(app: Flask, office: Office) -> None:
    programme = re.search(r'<option value="([^"]+)"', text_of(office.client.get("/hr/cohorts/new")))
    with database_of(app).reader() as session:
        programme_id = session.get_one(Cohort, office.cohort_id).programme_id
    assert programme
    made = office.post(
        "/hr/cohorts/new", name="Newcomers", programme=programme_id, trainer="", due="2026-12-18"
    )
    assert made.status_code == 303
    page = text_of(office.client.get(made.location))
    assert "18 December 2026" in page
    assert "Nobody is enrolled yet" in page
    changed = office.post(
        f"{made.location}/edit", name="Newcomers, autumn", trainer="", due="", required="y"
    )
    assert changed.status_code == 303
    assert "Newcomers, autumn" in text_of(office.client.get("/hr"))


def test_a_mistake_is_shown_at_its_field(office: Office) -> None:
    answer = office.post("/hr/cohorts/new", name="", programme="x", trainer="", due="31.12.2026")
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Enter a name" in page
    assert "Enter the day as year-month-day" in page
    assert 'value="31.12.2026"' in page


def test_one_person_is_enrolled_by_form(office: Office) -> None:
    answer = office.post(office.path("/people"), email=office.learners[11].email)
    assert answer.status_code == 303
    address = office.learners[11].email.replace("@", "@<wbr>")
    assert address in text_of(office.client.get(office.path()))


def test_a_long_cohort_is_shown_a_page_at_a_time_and_searched(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "PAGE", 5)
    seen = learners_page_by_page(office, office.path(""))
    assert sorted(seen) == sorted(learner.name for learner in office.learners[:11])
    assert seen == sorted(seen)
    found = text_of(office.client.get(office.path(f"?q=LEARNER {office.learners[10].email}")))
    assert learners_on(found) == ["=Learner 10"]
    assert "Nobody found" in text_of(office.client.get(office.path("?q=stranger")))
    first = text_of(office.client.get(office.path("")))
    behind_a_stranger = office.client.get(office.path(f"?after={office.stranger.id}"))
    assert learners_on(text_of(behind_a_stranger)) == learners_on(first)


def test_a_strangers_address_answers_like_an_unknown_one(office: Office) -> None:
    said = []
    for email in (office.stranger.email, "nobody@nowhere.org"):
        answer = office.post(office.path("/people"), email=email)
        assert answer.status_code == 422
        # Every token says the second it was made in.
        page = re.sub(r'"[\w-]+\.[\w-]{6}\.[\w-]{27}"', "", text_of(answer))
        said.append(page.replace(email, ""))
    assert said[0] == said[1]


def test_an_enrolment_ends_after_a_question(app: Flask, office: Office) -> None:
    with database_of(app).reader() as session:
        enrolment = session.scalars(
            select(Enrolment.id).where(Enrolment.learner_id == office.learners[0].id)
        ).one()
    path = office.path(f"/people/{enrolment}/end")
    assert "End the enrolment" in text_of(office.client.get(path))
    assert office.post(path).status_code == 303
    assert office.learners[0].email not in text_of(office.client.get(office.path()))


def test_a_file_is_checked_then_applied(office: Office) -> None:
    text = f"email,name\n{office.learners[11].email},Somebody\nbroken\n{office.stranger.email}\n"
    page = text_of(office.post(office.path("/csv"), text=text, step="check"))
    assert "This is not an email address." in page
    assert "Nobody in your agency has this address." in page
    assert "1 person will be enrolled." in page
    assert office.stranger.email in page  # the typed lines stay
    assert "Stranger" not in page
    mark = re.search(r'name="mark" value="([0-9a-f]+)"', page)
    assert mark
    done = office.post(office.path("/csv"), text=text, step="apply", mark=mark[1])
    assert done.status_code == 303
    assert "1 person is enrolled." in text_of(office.client.get(done.location))


def test_a_file_may_be_uploaded_with_a_byte_order_mark(office: Office) -> None:
    token = csrf_of(office.client, office.path("/csv"))
    content = f"\ufeffEmail;Name\r\n{office.learners[11].email};X\r\n".encode()
    answer = office.client.post(
        office.path("/csv"),
        data={"csrf_token": token, "step": "check", "file": (io.BytesIO(content), "people.csv")},
    )
    assert "1 person will be enrolled." in text_of(answer)


def test_lines_that_changed_meanwhile_are_shown_again(office: Office) -> None:
    text = f"email\n{office.learners[11].email}\n"
    page = text_of(office.post(office.path("/csv"), text=text, step="check"))
    mark = re.search(r'name="mark" value="([0-9a-f]+)"', page)
    assert mark
    office.post(office.path("/people"), email=office.learners[11].email)
    answer = office.post(office.path("/csv"), text=text, step="apply", mark=mark[1])
    assert answer.status_code == 409
    assert "Something has changed since you checked" in text_of(answer)


def test_a_file_that_is_no_text_is_refused_kindly(office: Office) -> None:
    token = csrf_of(office.client, office.path("/csv"))
    answer = office.client.post(
        office.path("/csv"),
        data={"csrf_token": token, "file": (io.BytesIO("ü".encode("latin-1")), "people.csv")},
    )
    assert answer.status_code == 422
    assert "Save it as" in text_of(answer)


def test_there_is_a_file_to_start_from(office: Office) -> None:
    rows = list(csv.reader(io.StringIO(text_of(office.client.get("/hr/enrolments-template.csv")))))
    assert rows[0] == ["email", "name", "department"]


def test_figures_are_published_once_a_week(app: Flask, office: Office) -> None:
    assert "No figures yet" in text_of(office.client.get(office.path("/progress")))
    asked = office.post("/hr/progress/publish")
    assert asked.status_code == 303
    assert "Waiting for its turn" in text_of(office.client.get(asked.location))
    page = text_of(office.client.get("/hr/progress"))
    assert "figures are being published" in page
    assert asked.location in page
    assert "No figures yet" in text_of(office.client.get(office.path("/progress")))
    assert office.post("/hr/progress/publish").location == asked.location
    do_what_waits(app)
    assert 'href="/hr/progress"' in text_of(office.client.get(asked.location))
    page = text_of(office.client.get(office.path("/progress")))
    assert "about 10" in page
    assert "Half or less" in page
    assert f"asked for by {office.officer.name}" in page
    assert f"asked for by {office.officer.name}" in text_of(office.client.get("/hr/progress"))
    assert office.post("/hr/progress/publish").status_code == 409


def test_each_week_cairn_publishes_for_every_agency(app: Flask, office: Office) -> None:
    worker.ask_what_is_due(database_of(app), at=now())
    page = text_of(office.client.get("/hr/progress"))
    assert "figures are being published" in page
    assert "/jobs/" not in page
    assert office.post("/hr/progress/publish").status_code == 409
    do_what_waits(app)
    page = text_of(office.client.get(office.path("/progress")))
    assert "about 10" in page
    assert "by Cairn itself as every week" in page


def test_another_agencys_cohort_is_not_found(office: Office) -> None:
    for rest in ("", "/edit", "/csv", "/progress", "/completion", "/completion.csv"):
        for cohort_id in (office.strange_cohort_id, uuid.uuid4()):
            assert office.client.get(f"/hr/cohorts/{cohort_id}{rest}").status_code == 404
    for rest in ("/edit", "/people", "/csv", "/completion", f"/people/{uuid.uuid4()}/end"):
        answer = office.post(
            f"/hr/cohorts/{office.strange_cohort_id}{rest}",
            name="x",
            trainer="",
            email=office.learners[0].email,
            text=office.learners[0].email,
        )
        assert answer.status_code == 404, rest


def test_no_hr_page_shows_answers_times_or_mastery(app: Flask, office: Office) -> None:
    turn_names_on(app, office)
    database, learner = database_of(app), office.learners[0]
    people.begin(database, learner, at=now())
    for _ in range(6):
        people.answer_open(database, learner, at=now(), right=False)
    secrets = plant_canaries(database, learner)
    office.post("/hr/progress/publish")
    do_what_waits(app)
    office.post(office.path("/completion"))
    for path in every_page(office):
        answer = office.client.get(path)
        assert answer.status_code == 200, path
        page = text_of(answer)
        for secret in secrets:
            assert secret not in page, (path, secret)


def every_page(office: Office) -> list[str]:
    rests = ("", "/edit", "/csv", "/progress", "/completion", "/completion.csv")
    return [
        "/hr",
        "/hr/cohorts/new",
        "/hr/progress",
        "/hr/settings",
        "/hr/settings?turn=off",
        *(office.path(rest) for rest in rests),
    ]


def plant_canaries(database: Database, learner: Person) -> list[str]:
    """Mark what HR may never see, and return all of it."""

    def work(session: Session) -> list[str]:
        served = session.scalars(select(Serving).where(Serving.learner_id == learner.id)).all()
        session.add(
            ItemReport(
                id=uuid.uuid4(),
                agency_id=learner.agency_id,
                learner_id=learner.id,
                serving_id=served[0].id,
                item_id=served[0].item_id,
                kind="other",
                text=CANARY,
                reported_at=now(),
            )
        )
        session.execute(
            update(ModuleState)
            .where(ModuleState.learner_id == learner.id)
            .values(minutes_left=98765.4, closing={"because": CANARY}, finished_at=FINISHED)
        )
        session.execute(
            update(Mastery).where(Mastery.learner_id == learner.id).values(mastery=0.731234)
        )
        session.execute(
            update(User).where(User.id == learner.id).values(password_hash=CANARY + "-hash")
        )
        answers = session.scalars(select(Response).where(Response.learner_id == learner.id)).all()
        return [
            CANARY,
            "98765",
            "731234",
            "73%",
            "03:47",
            "dont_know",
            *(answer.hash for answer in answers),
            *(str(serving.id) for serving in served),
            *(serving.item_id for serving in served),
        ]

    return database.transact(work)
