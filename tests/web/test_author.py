"""The trainer's pages, through the door."""

import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import Babel
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.clock import now
from app.db import Database
from app.models import AuditEvent, ItemReport, Role
from app.services.learning import problems
from app.services.teaching import material
from app.web.author.words import people
from tests.classroom import Classroom, get_stuck, make_classroom, make_colleague
from tests.people import MODULE_SLUG, Person, answer_open, client_of, csrf_of, open_serving

MODULE = f"/author/modules/{MODULE_SLUG}"
PAGES = ("/author", MODULE, f"{MODULE}/items", f"{MODULE}/stuck", "/author/reports")


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["database"]
    return found


@pytest.fixture
def classroom(database: Database) -> Classroom:
    """One learner, who is stuck and has reported the item before them."""
    found = make_classroom(database, learners=1, at=now())
    (learner,) = found.learners
    get_stuck(database, learner, at=now())
    serving = open_serving(database, learner)
    assert serving is not None
    database.transact(
        lambda session: problems.report(
            session,
            serving.id,
            learner=learner,
            kind="unclear",
            text="Which <b>year</b>?",
            at=now(),
        )
    )
    return found


@pytest.fixture
def trainer(app: Flask, classroom: Classroom) -> FlaskClient:
    return client_of(app, classroom.trainer)


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    token = csrf_of(client, "/account/password")
    return client.post(path, data={"csrf_token": token, **fields})


def count_events(database: Database) -> int:
    with database.reader() as session:
        return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def report_id(database: Database) -> uuid.UUID:
    with database.reader() as session:
        return session.scalars(select(ItemReport.id)).one()


def items_of_each_format(database: Database, trainer: Person) -> dict[str, str]:
    with database.reader() as session:
        syllabus = material.content(session, MODULE_SLUG, trainer=trainer).syllabus
    return {item.format: item.id for item in syllabus.items.values()}


def check_heading(page: str) -> None:
    (heading,) = re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert f"<title>{heading.strip()} \N{EN DASH} Cairn</title>" in page


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_heading_that_is_its_title(trainer: FlaskClient, path: str) -> None:
    check_heading(text_of(trainer, path))


@pytest.mark.parametrize("path", PAGES)
def test_looking_changes_nothing_and_names_nobody(
    trainer: FlaskClient, database: Database, classroom: Classroom, path: str
) -> None:
    before = count_events(database)
    page = text_of(trainer, path)
    (learner,) = classroom.learners
    assert learner.name not in page
    assert learner.email not in page
    assert str(learner.id) not in page
    assert count_events(database) == before


def test_an_item_of_every_format_is_shown_with_its_key(
    trainer: FlaskClient, database: Database, classroom: Classroom
) -> None:
    for format_, item_id in items_of_each_format(database, classroom.trainer).items():
        page = text_of(trainer, f"/author/items/{item_id}")
        check_heading(page)
        assert "Not enough data" in page
        assert ("Key and feedback" in page) == (format_ not in ("explanation", "worked-case"))
        if "Key and feedback" in page:
            (fields,) = re.findall(r"<fieldset[^>]* disabled>(.*?)</article>", page, re.DOTALL)
            assert re.search(r"<(input|select)\b", fields)


def test_the_list_of_items_is_sorted_and_filtered_by_its_address(trainer: FlaskClient) -> None:
    everything = text_of(trainer, f"{MODULE}/items")
    one_skill = text_of(trainer, f"{MODULE}/items?skill=what-ai-is&sort=title")
    assert 0 < one_skill.count("/author/items/") < everything.count("/author/items/")
    titles = re.findall(r'href="/author/items/[^"]+">(.*?)</a>', one_skill)
    assert titles == sorted(titles, key=str.casefold)
    unknown = text_of(trainer, f"{MODULE}/items?sort=nonsense&skill=nonsense")
    assert re.findall('/author/items/[^"]+', unknown) == re.findall(
        '/author/items/[^"]+', everything
    )


def test_names_are_shown_once_asked_for(
    trainer: FlaskClient, database: Database, classroom: Classroom
) -> None:
    before = count_events(database)
    answer = post(trainer, f"{MODULE}/stuck")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{MODULE}/stuck")
    page = text_of(trainer, f"{MODULE}/stuck")
    assert classroom.learners[0].name in page
    assert "Set aside after 12 answers" in page
    assert "Show names" not in page
    assert count_events(database) == before + 1


def test_a_colleague_sees_no_names_even_when_asking(
    app: Flask, database: Database, classroom: Classroom
) -> None:
    colleague = client_of(app, make_colleague(database, classroom.trainer, Role.TRAINER, at=now()))
    before = count_events(database)
    assert post(colleague, f"{MODULE}/stuck").status_code == 303
    assert classroom.learners[0].name not in text_of(colleague, f"{MODULE}/stuck")
    assert count_events(database) == before


def help_form(trainer: FlaskClient) -> tuple[str, str]:
    """Where the one form on the page goes, and the name of its note."""
    post(trainer, f"{MODULE}/stuck")
    page = text_of(trainer, f"{MODULE}/stuck")
    (path,) = re.findall(rf'action="({MODULE}/stuck/[^"]+)"', page)
    (name,) = re.findall(r'<textarea[^>]* name="([^"]+)"', page)
    return path, name


def test_who_goes_on_with_a_skill_set_aside_is_told_who_can_help(
    app: Flask, classroom: Classroom
) -> None:
    (person,) = classroom.learners
    practice = text_of(client_of(app, person), f"/learn/modules/{MODULE_SLUG}")
    assert "This skill stays hard, and nobody minds." in practice
    assert f"{classroom.trainer.name} can see that it does, and can help." in practice


def test_help_opens_the_skill_for_the_learner(
    app: Flask, trainer: FlaskClient, database: Database, classroom: Classroom
) -> None:
    (person,) = classroom.learners
    while answer_open(database, person, at=now(), right=False) is not None:
        pass
    learner = client_of(app, person)
    practice = f"/learn/modules/{MODULE_SLUG}"
    stuck = text_of(learner, practice)
    assert "A person can help you better now" in stuck
    assert f"Ask {classroom.trainer.name} for a short talk." in stuck
    lesson = re.search(r'Read again: <a href="(/learn/servings/[^"]+)">([^<]+)</a>', stuck)
    assert lesson is not None
    assert lesson[2] in text_of(learner, lesson[1])
    path, name = help_form(trainer)
    answer = post(trainer, path, **{name: "Talked about one case."})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{MODULE}/stuck")
    page = text_of(trainer, f"{MODULE}/stuck")
    assert f"is open again for {person.name}" in page
    assert "Nobody is stuck" in page
    serving = open_serving(database, person)
    assert serving is not None
    page = text_of(learner, practice)
    assert "A person can help you better now" not in page
    assert f"/learn/servings/{serving.id}/answer" in page
    seen = text_of(learner, "/learn/record/visibility")
    assert f"Noted help with a skill ({classroom.trainer.name})" in seen
    assert "Talked about one case." not in seen
    assert post(trainer, path).status_code == 409


def test_a_note_that_is_too_long_comes_back(trainer: FlaskClient, classroom: Classroom) -> None:
    assert classroom.learners
    path, name = help_form(trainer)
    answer = post(trainer, path, **{name: "word " * 201})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count("Use at most 1,000 characters") == 2  # above all, and at the field
    assert "word word" in page
    assert f'href="#{name}"' in page


def test_only_their_own_trainer_helps(
    app: Flask, trainer: FlaskClient, database: Database, classroom: Classroom
) -> None:
    path, _ = help_form(trainer)
    colleague = make_colleague(database, classroom.trainer, Role.TRAINER, at=now())
    stranger = make_classroom(database, learners=0, at=now()).trainer
    absent = re.sub(r"[0-9a-f-]{36}", str(uuid.uuid4()), path)
    pages = [
        post(client_of(app, other), wanted)
        for other in (colleague, stranger)
        for wanted in (path, absent)
    ]
    assert [page.status_code for page in pages] == [404] * 4


def test_a_report_is_closed_with_a_note(trainer: FlaskClient, database: Database) -> None:
    path = f"/author/reports/{report_id(database)}"
    assert "Which &lt;b&gt;year&lt;/b&gt;?" in text_of(trainer, path)
    empty = post(trainer, f"{path}/close", note="  ")
    assert empty.status_code == 422
    assert "Say what you found or did" in empty.get_data(as_text=True)
    assert post(trainer, f"{path}/close", note="It says 2026 now.").status_code == 303
    assert "The report is closed." in text_of(trainer, "/author/reports")
    assert "It says 2026 now." in text_of(trainer, path)
    assert post(trainer, f"{path}/close", note="Again").status_code == 409


def test_what_is_foreign_answers_like_what_is_absent(
    app: Flask, database: Database, classroom: Classroom
) -> None:
    assert classroom.learners
    stranger = client_of(app, make_classroom(database, learners=0, at=now()).trainer)
    for wanted in (report_id(database), uuid.uuid4()):
        path = f"/author/reports/{wanted}"
        assert stranger.get(path).status_code == 404
        assert post(stranger, f"{path}/close", note="Mine").status_code == 404
    for path in ("/author/modules/none", "/author/modules/none/items", "/author/items/none"):
        assert stranger.get(path).status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.TRAINER])
def test_nobody_else_enters(
    app: Flask, database: Database, classroom: Classroom, role: Role
) -> None:
    other = client_of(app, make_colleague(database, classroom.trainer, role, at=now()))
    for path in PAGES:
        assert other.get(path).status_code == 403
    assert post(other, f"{MODULE}/stuck").status_code == 403


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, ("none", "ten")),
        (0.02, ("about 2", "a hundred")),
        (0.08, ("about 8", "a hundred")),
        (0.2, ("about two", "ten")),
        (0.25, ("two or three", "ten")),
        (0.28, ("about three", "ten")),
        (0.35, ("three or four", "ten")),
        (0.95, ("about 95", "a hundred")),
        (1.0, ("ten", "ten")),
    ],
)
def test_a_probability_is_told_as_people(share: float, words: tuple[str, str]) -> None:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        assert people(share) == words
