"""Where a learner may be: interrupted, back, somewhere else, signed out, finished, stuck."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from app.clock import now
from app.models import Response
from tests.e2e.axe import find_faults
from tests.e2e.conftest import PRACTICE, Visits
from tests.e2e.site import Site, place
from tests.people import Person, answer_open

pytestmark = pytest.mark.browser
NO_IDEA = re.compile("I don.t know")
MOST_ANSWERS = 300
OpenPractice = Callable[..., Page]


def answers(site: Site, learner: Person) -> int:
    with site.database.reader() as session:
        count = select(func.count()).select_from(Response)
        return session.scalars(count.where(Response.learner_id == learner.id)).one()


def title(page: Page) -> str:
    return page.locator("#item-title").inner_text()


def answer_to_the_end(site: Site, learner: Person, *, right: bool) -> None:
    begun = now() - timedelta(days=1)
    for step in range(MOST_ANSWERS):
        at = begun + timedelta(minutes=step)
        if answer_open(site.database, learner, at=at, right=right) is None:
            return
    raise AssertionError("the module never ends")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_back_after_an_answer_never_answers_twice(
    open_practice: OpenPractice, site: Site, learner: Person, *, scripts: bool
) -> None:
    page = open_practice(scripts=scripts)
    page.goto("/learn")
    page.goto(PRACTICE)
    page.get_by_role("button", name=NO_IDEA).click()
    expect(page.locator("#feedback")).to_be_visible()
    page.go_back()
    page.goto(PRACTICE)
    expect(page.locator("#item")).to_be_visible()
    assert answers(site, learner) == 1


def test_the_answered_form_sent_again_shows_the_same_outcome(
    open_practice: OpenPractice, site: Site, learner: Person
) -> None:
    """Two tabs show the same item; the second to answer sees what the first was told."""
    first, second = open_practice(), open_practice()
    for page in (first, second):
        page.get_by_role("button", name=NO_IDEA).click()
        expect(page.locator("#feedback")).to_be_visible()
    assert first.locator("#feedback").inner_text() == second.locator("#feedback").inner_text()
    assert answers(site, learner) == 1


def test_another_device_goes_on_exactly_there(open_practice: OpenPractice) -> None:
    first = open_practice()
    first.get_by_role("button", name=NO_IDEA).click()
    expect(first.locator("#feedback")).to_be_visible()
    second = open_practice(width=320)
    first.get_by_role("link", name="Continue").click()
    expect(first.locator("#item-title")).to_be_visible()
    assert title(first) == title(second)


def test_a_hint_keeps_what_was_chosen(
    open_practice: OpenPractice, site: Site, learner: Person
) -> None:
    place(site, learner, "ordering")
    page = open_practice()
    page.locator("select").first.select_option("2")
    page.get_by_role("button", name="Show a hint").click()
    expect(page.locator(".hint-given")).to_be_visible()
    expect(page.locator("select").first).to_have_value("2")


def test_an_answer_that_cannot_be_read_says_so_and_keeps_what_was_chosen(
    open_practice: OpenPractice, visits: Visits, site: Site, learner: Person
) -> None:
    visits.expect("422")
    place(site, learner, "ordering")
    page = open_practice()
    page.locator("select").first.select_option("2")
    page.get_by_role("button", name="Check my answer").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page.locator("select").first).to_have_value("2")
    assert answers(site, learner) == 0


def test_continuing_after_the_session_ended_asks_to_sign_in(open_practice: OpenPractice) -> None:
    page = open_practice()
    page.get_by_role("button", name=NO_IDEA).click()
    expect(page.locator("#feedback")).to_be_visible()
    page.context.clear_cookies()
    page.get_by_role("link", name="Continue").click()
    expect(page).to_have_url(re.compile("/sign-in.next=.*modules"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.locator("#step")).to_have_count(0)


def test_an_answer_after_the_session_ended_can_be_copied(
    open_practice: OpenPractice, visits: Visits, site: Site, learner: Person
) -> None:
    visits.expect("40[01]")
    place(site, learner, "short-text")
    page = open_practice()
    page.locator("#typed").fill("two words")
    page.context.clear_cookies()
    page.get_by_role("button", name="Check my answer").click()
    expect(page.locator(".kept-text")).to_have_text("two words")
    assert answers(site, learner) == 0


@pytest.mark.parametrize(
    ("right", "heading", "again"),
    [
        (True, "You have completed this module", "Look for a refresher now"),
        (False, "A person can help you better now", "Look for a next step again"),
    ],
    ids=["finished", "stuck"],
)
def test_the_end_of_a_module_helps(
    open_practice: OpenPractice,
    site: Site,
    learner: Person,
    *,
    right: bool,
    heading: str,
    again: str,
) -> None:
    answer_to_the_end(site, learner, right=right)
    page = open_practice()
    expect(page.locator("#closing-title")).to_have_text(heading)
    faults = find_faults(page)
    page.get_by_role("button", name=again).click()
    expect(page.locator("#closing-title")).to_have_text(heading)
    page.goto("/learn")
    assert faults + find_faults(page) == []
