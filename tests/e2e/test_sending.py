"""An answer on its way: the network fails, the server is busy, a finger clicks twice."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from sqlalchemy import func, select
from werkzeug.serving import make_server

from app import create_app
from app.clock import now
from app.db import Database
from app.models import Response
from tests.conftest import CHROMIUM, make_config
from tests.people import MODULE_SLUG, Person, begin, client_of, make_learner

pytestmark = pytest.mark.browser
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
ANSWER = "**/servings/*/answer"
LONGEST_PAUSE_MS = 4000
NO_IDEA = re.compile("^I don.t know$")


@pytest.fixture(scope="module")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    home = tmp_path_factory.mktemp("sending")
    (home / "cairn.db").write_bytes(sqlite_template.read_bytes())
    app = create_app(make_config(home))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    app.config["SERVED_AT"] = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield app
    server.shutdown()
    server.server_close()
    app.extensions["database"].engine.dispose()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def learner(served: Flask) -> Person:
    database: Database = served.extensions["database"]
    person = make_learner(database, at=now())
    begin(database, person, at=now())
    return person


@pytest.fixture
def page(served: Flask, browser: Browser, learner: Person) -> Iterator[Page]:
    """The learner's open item in a browser that keeps every complaint."""
    cookie = client_of(served, learner).get_cookie("cairn")
    assert cookie is not None
    address = served.config["SERVED_AT"]
    context = browser.new_context()
    context.add_cookies([{"name": "cairn", "value": cookie.value, "url": address}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.extend([said.text] if "Content Security" in said.text else []),
    )
    page.clock.install()
    page.goto(f"{address}/learn/modules/{MODULE_SLUG}")
    yield page
    assert complaints == []
    context.close()


def say_i_do_not_know(page: Page) -> None:
    page.get_by_role("button", name=NO_IDEA).click()


def responses(served: Flask, learner: Person) -> int:
    database: Database = served.extensions["database"]
    with database.reader() as session:
        count = select(func.count()).select_from(Response)
        return session.scalars(count.where(Response.learner_id == learner.id)).one()


def let_time_pass(page: Page) -> None:
    page.clock.fast_forward(LONGEST_PAUSE_MS)


def test_focus_goes_to_the_feedback(page: Page) -> None:
    say_i_do_not_know(page)
    expect(page.locator("#feedback [data-focus]")).to_be_focused()


def test_a_broken_connection_is_mended_without_a_word_from_the_learner(
    page: Page, served: Flask, learner: Person
) -> None:
    page.route(ANSWER, lambda route: route.abort(), times=1)
    say_i_do_not_know(page)
    expect(page.get_by_role("status")).to_contain_text("Sent. Checking")
    let_time_pass(page)
    expect(page.locator("#feedback")).to_be_visible()
    assert responses(served, learner) == 1


def test_an_answer_that_arrived_without_its_reply_counts_once(
    page: Page, served: Flask, learner: Person
) -> None:
    def swallow(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(ANSWER, swallow, times=1)
    say_i_do_not_know(page)
    expect(page.get_by_role("status")).to_contain_text("Sent. Checking")
    let_time_pass(page)
    expect(page.locator("#feedback")).to_be_visible()
    assert responses(served, learner) == 1


def test_a_lasting_failure_is_said_plainly_and_can_be_tried_again(page: Page) -> None:
    page.route(ANSWER, lambda route: route.abort())
    say_i_do_not_know(page)
    again = page.get_by_role("button", name="Try again")
    for _ in range(3):
        expect(page.get_by_role("status")).to_contain_text("Sent. Checking")
        with page.expect_event("requestfailed"):
            let_time_pass(page)
    expect(page.get_by_role("alert")).to_contain_text("could not reach Cairn")
    page.unroute(ANSWER)
    again.click()
    expect(page.locator("#feedback")).to_be_visible()


def test_a_busy_server_leaves_the_question_on_the_page(page: Page) -> None:
    page.route(ANSWER, lambda route: route.fulfill(status=503, body="busy"), times=1)
    say_i_do_not_know(page)
    expect(page.get_by_role("status")).to_contain_text("Sent. Checking")
    expect(page.locator("#item")).to_be_visible()
    let_time_pass(page)
    expect(page.locator("#feedback")).to_be_visible()


def test_two_clicks_send_one_request(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_role("button", name=NO_IDEA).dblclick()
    expect(page.locator("#feedback")).to_be_visible()
    assert sent.count("POST") == 1


def test_axe_finds_nothing_before_and_after_the_swap(page: Page) -> None:
    page.clock.resume()
    before = Axe().run(page).response["violations"]
    say_i_do_not_know(page)
    expect(page.locator("#feedback")).to_be_visible()
    after = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"]) for fault in (*before, *after)] == []
