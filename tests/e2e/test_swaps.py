"""What htmx swaps into the practice page is as sound as the page itself: axe after every swap."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import find_faults, find_overflow
from tests.e2e.conftest import PHONE, PRACTICE, Visits
from tests.e2e.site import Site, place
from tests.people import Person

pytestmark = pytest.mark.browser
FORMATS = ("single-choice", "multiple-choice", "number", "short-text", "ordering", "matching")


@pytest.fixture
def page(visits: Visits, learner: Person) -> Page:
    visits.expect("422")
    return visits.page(learner, width=PHONE)


@pytest.mark.parametrize("form", FORMATS)
def test_every_swap_of_a_question_is_in_order(
    page: Page, site: Site, learner: Person, form: str
) -> None:
    """Without an answer, then with a hint, then its feedback, then the next item."""
    place(site, learner, form)
    page.goto(PRACTICE)
    faults = faults_in(page)
    page.get_by_role("button", name="Check my answer").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    faults += faults_in(page)
    page.get_by_role("button", name="Show a hint").click()
    expect(page.locator(".hint-given")).to_be_visible()
    faults += faults_in(page)
    page.get_by_role("button", name=re.compile("I don.t know")).click()
    expect(page.locator("#feedback")).to_be_visible()
    faults += faults_in(page)
    page.get_by_role("link", name="Continue").click()
    expect(page.locator("#item-title")).to_be_focused()
    assert faults + faults_in(page) == []


@pytest.mark.parametrize("form", ["explanation", "worked-case"])
def test_every_swap_of_a_lesson_is_in_order(
    page: Page, site: Site, learner: Person, form: str
) -> None:
    place(site, learner, form)
    page.goto(PRACTICE)
    faults = faults_in(page)
    title = page.locator("#item-title")
    read = title.inner_text()
    page.get_by_role("button", name="I have read this").click()
    expect(title).not_to_have_text(read)
    expect(title).to_be_focused()
    assert faults + faults_in(page) == []


def faults_in(page: Page) -> list[str]:
    return [*find_faults(page), *find_overflow(page)]
