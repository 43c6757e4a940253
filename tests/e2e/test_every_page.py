"""Every page of every role in a browser: axe finds nothing, it fits a phone."""

import pytest
from playwright.sync_api import Page

from tests.e2e.agency import LivedIn
from tests.e2e.axe import find_faults, find_overflow
from tests.e2e.conftest import DESKTOP, PHONE, Visits
from tests.e2e.pages import ROLES, addresses, is_page

pytestmark = pytest.mark.browser
# 1280 CSS pixels at 400 %: a quarter of the width, each pixel four times as large.
ZOOMED = {"width": 320, "height": 256, "deviceScaleFactor": 4, "mobile": False}
ERROR, SUFFIX = "Error: ", " \N{EN DASH} Cairn"
REFUSED = "status of (409|422)"
FORM = "main form[method='post']:not([data-hx-post])"
BUTTON = "button:not([type='button'], [aria-hidden])"  # one that people can press
UNFOLD = "() => document.querySelectorAll('details').forEach(node => { node.open = true; })"


@pytest.mark.parametrize("name", [*ROLES, "somebody signed out"])
def test_every_page_of_a_role_is_in_order(home_visits: Visits, lived: LivedIn, name: str) -> None:
    page = home_visits.page(lived.people.get(name))
    paths = [path for path in addresses(lived, ROLES.get(name)) if is_page(page, path)]
    assert [fault for path in paths for fault in faults_of(page, path)] == []


@pytest.mark.parametrize("name", list(ROLES))
def test_every_form_sent_as_it_stands_answers_in_order(
    home_visits: Visits, lived: LivedIn, name: str
) -> None:
    """Most are refused, with the reason beside the field; the others do what they are for."""
    home_visits.expect(REFUSED)
    page = home_visits.page(lived.people[name], width=PHONE)
    faults = []
    for path in addresses(lived, ROLES[name]):
        if not page.request.get(path).headers["content-type"].startswith("text/html"):
            continue
        open_page(page, path)
        for number in range(forms(page)):
            faults += faults_after_sending(page, path, number)
    assert faults == []


def faults_of(page: Page, path: str) -> list[str]:
    page.set_viewport_size({"width": DESKTOP, "height": 800})
    open_page(page, path)
    found = [*find_faults(page), *wrong_heading(page)]
    page.set_viewport_size({"width": PHONE, "height": 640})
    found += [*find_faults(page), *find_overflow(page)]
    zoom = page.context.new_cdp_session(page)
    zoom.send("Emulation.setDeviceMetricsOverride", ZOOMED)
    found += find_overflow(page)
    zoom.detach()
    return found


def forms(page: Page) -> int:
    """How many forms stand there that the browser itself sends."""
    return page.locator(FORM).count()


def open_page(page: Page, path: str) -> None:
    """The page with everything unfolded that can be."""
    page.goto(path)
    page.evaluate(UNFOLD)


def faults_after_sending(page: Page, path: str, number: int) -> list[str]:
    open_page(page, path)
    if forms(page) <= number:
        return []  # what was sent before has changed the page
    button = page.locator(FORM).nth(number).locator(BUTTON).first
    with page.expect_navigation() as navigation:
        button.click()
    answer = navigation.value
    assert answer is not None
    strange = [] if answer.status in {200, 409, 422} else [f"{path}: {answer.status}"]
    return [*strange, *find_faults(page), *find_overflow(page), *wrong_heading(page)]


def wrong_heading(page: Page) -> list[str]:
    """A complaint unless there is one h1 and the title says the same."""
    headings = [" ".join(text.split()) for text in page.locator("h1").all_inner_texts()]
    title = page.title().removesuffix(SUFFIX).removeprefix(ERROR)
    return [] if headings == [title] else [f"{page.url}: {headings} under the title {title}"]
