"""An answer on its way: the network fails, the server is busy, a finger clicks twice."""

import re

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from app.models import Response
from tests.e2e.axe import find_faults
from tests.e2e.conftest import PRACTICE, Visits
from tests.e2e.site import Site
from tests.people import Person

pytestmark = pytest.mark.browser
ANSWER = "**/servings/*/answer"
LONGEST_PAUSE_MS = 4000
NO_IDEA = re.compile("^I don.t know$")


@pytest.fixture
def page(visits: Visits, learner: Person) -> Page:
    """The learner's open item in a browser whose clock stands still."""
    visits.expect("Failed to load resource|Failed to fetch")
    page = visits.page(learner)
    page.clock.install()
    page.goto(PRACTICE)
    return page


def say_i_do_not_know(page: Page) -> None:
    page.get_by_role("button", name=NO_IDEA).click()


def responses(site: Site, learner: Person) -> int:
    with site.database.reader() as session:
        count = select(func.count()).select_from(Response)
        return session.scalars(count.where(Response.learner_id == learner.id)).one()


def let_time_pass(page: Page) -> None:
    page.clock.fast_forward(LONGEST_PAUSE_MS)


def test_focus_goes_to_the_feedback(page: Page) -> None:
    say_i_do_not_know(page)
    expect(page.locator("#feedback [data-focus]")).to_be_focused()


def test_a_broken_connection_is_mended_without_a_word_from_the_learner(
    page: Page, site: Site, learner: Person
) -> None:
    page.route(ANSWER, lambda route: route.abort(), times=1)
    say_i_do_not_know(page)
    expect(page.get_by_role("status")).to_contain_text("Sent. Checking")
    let_time_pass(page)
    expect(page.locator("#feedback")).to_be_visible()
    assert responses(site, learner) == 1


def test_an_answer_that_arrived_without_its_reply_counts_once(
    page: Page, site: Site, learner: Person
) -> None:
    def swallow(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(ANSWER, swallow, times=1)
    say_i_do_not_know(page)
    expect(page.get_by_role("status")).to_contain_text("Sent. Checking")
    let_time_pass(page)
    expect(page.locator("#feedback")).to_be_visible()
    assert responses(site, learner) == 1


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
    before = find_faults(page)
    say_i_do_not_know(page)
    expect(page.locator("#feedback")).to_be_visible()
    assert before + find_faults(page) == []
