"""A learner's whole way: by mouse, with the keyboard alone, and without JavaScript."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from app.clock import now
from app.models import User
from app.services.learning.sheet import Fields
from app.services.people.passwords import HASHER
from tests.e2e.conftest import PRACTICE, Visits
from tests.e2e.hands import Hand, Keyboard, Mouse
from tests.e2e.site import Site, place
from tests.people import Person, make_learner

pytestmark = pytest.mark.browser
PASSWORD = "four words that work"
FORMATS = ("single-choice", "multiple-choice", "number", "short-text", "ordering", "matching")
NO_IDEA = re.compile("I don.t know")


@dataclass
class Journey:
    """One learner on their way, in one browser."""

    site: Site
    learner: Person
    hand: Hand
    scripts: bool

    @property
    def page(self) -> Page:
        return self.hand.page

    def press(self, name: str | re.Pattern[str]) -> None:
        self.hand.press(self.page.get_by_role("button", name=name))

    def follow(self, name: str) -> None:
        self.hand.press(self.page.get_by_role("link", name=name).first)

    def fill(self, fields: Fields) -> None:
        """Give this answer in the form, field by field."""
        for name, values in fields.items():
            for value in values:
                self._fill(name, value)

    def arrives_at(self, heading: str) -> None:
        """The feedback is there; where it was swapped in, the focus came along."""
        title = self.page.locator("#feedback [data-focus]")
        expect(title).to_have_text(re.compile(rf"\s*{heading}\s*"))
        if self.scripts:
            expect(title).to_be_focused()

    def _fill(self, name: str, value: str) -> None:
        field = self.page.locator(f"#answer-form [name='{name}']")
        if name == "typed":
            self.hand.write(field, value)
        elif name == "choice":
            self.hand.choose(self.page.locator(f"#answer-form [name='choice'][value='{value}']"))
        else:
            self.hand.select(field, value)


@pytest.fixture(params=["mouse", "keyboard", "no scripts"])
def journey(request: pytest.FixtureRequest, visits: Visits, site: Site) -> Journey:
    learner = make_learner(site.database, at=now())
    site.database.transact(
        lambda session: session.execute(
            update(User).where(User.id == learner.id).values(password_hash=HASHER.hash(PASSWORD))
        )
    )
    scripts = request.param != "no scripts"
    page = visits.page(scripts=scripts)
    hand: Hand = Keyboard(page) if request.param == "keyboard" else Mouse(page)
    return Journey(site, learner, hand, scripts)


def test_a_learner_goes_all_the_way(journey: Journey) -> None:
    sign_in(journey)
    start(journey)
    for form in FORMATS:
        answer_rightly(journey, form)
    read_a_lesson(journey)
    say_i_do_not_know(journey)
    look_at_the_map(journey)
    look_at_the_record(journey)
    report_a_problem(journey)
    sign_out(journey)


def sign_in(journey: Journey) -> None:
    page = journey.page
    page.goto(PRACTICE)
    expect(page).to_have_url(re.compile("/sign-in"))
    journey.hand.write(page.get_by_label("Email address"), journey.learner.email)
    journey.hand.write(page.get_by_label("Password", exact=True), PASSWORD)
    journey.press("Sign in")
    expect(page).to_have_url(re.compile(f"{PRACTICE}$"))


def start(journey: Journey) -> None:
    expect(journey.page.get_by_text("What you will be able to do")).to_be_visible()
    journey.press("Start")
    expect(journey.page.locator("#item")).to_be_visible()


def answer_rightly(journey: Journey, form: str) -> None:
    fields = come_to(journey, form)
    if form == "single-choice":
        journey.press("Show a hint")
        expect(journey.page.locator(".hint-given")).to_be_visible()
    journey.fill(fields)
    if form == "number":
        journey.hand.choose(journey.page.get_by_label("Not so sure"))
    journey.press("Check my answer")
    journey.arrives_at("Right")


def come_to(journey: Journey, form: str) -> Fields:
    """Go on to an item of this format; the form of its right answer."""
    _, fields = place(journey.site, journey.learner, form)
    if journey.page.locator("#feedback").count():
        go_on(journey)
    else:
        journey.page.reload()
    return fields


def go_on(journey: Journey) -> None:
    journey.follow("Continue")
    expect(journey.page.locator("#item-title")).to_be_visible()
    if journey.scripts:
        expect(journey.page.locator("#item-title")).to_be_focused()


def read_a_lesson(journey: Journey) -> None:
    come_to(journey, "explanation")
    read = journey.page.locator("#item-title").inner_text()
    journey.press("I have read this")
    expect(journey.page.locator("#item-title")).not_to_have_text(read)
    if journey.scripts:
        expect(journey.page.locator("#item-title")).to_be_focused()


def say_i_do_not_know(journey: Journey) -> None:
    come_to(journey, "matching")
    journey.press(NO_IDEA)
    journey.arrives_at("Here is how it works")
    expect(journey.page.get_by_role("heading", name="The answer")).to_be_visible()
    go_on(journey)


def look_at_the_map(journey: Journey) -> None:
    journey.follow("Skill map")
    expect(journey.page.get_by_role("heading", level=1)).to_have_text("Skill map")
    journey.hand.press(journey.page.locator("summary", has_text="The map as a table"))
    expect(journey.page.locator(".data-table")).to_be_visible()
    journey.follow("How it moved")
    expect(journey.page.locator("svg.chart")).to_be_visible()


def look_at_the_record(journey: Journey) -> None:
    journey.follow("My record")
    expect(journey.page.locator("tbody tr")).to_have_count(len(FORMATS) + 2)
    journey.follow("What others can see of me")
    expect(journey.page.get_by_text("They never see your answers")).to_be_visible()
    journey.follow("My record")
    journey.hand.press(journey.page.locator("tbody th a").first)
    expect(journey.page.locator("#feedback")).to_be_visible()
    journey.hand.press(journey.page.locator("summary", has_text="See the question again"))
    expect(journey.page.locator(".govuk-details .prose")).to_be_visible()


def report_a_problem(journey: Journey) -> None:
    journey.follow("Report a problem with this question")
    journey.hand.choose(journey.page.get_by_label("It is out of date"))
    journey.hand.write(journey.page.get_by_label("Tell us more"), "The form has a new number.")
    journey.press("Send report")
    expect(journey.page.get_by_text("Thank you. A trainer will look at it.")).to_be_visible()


def sign_out(journey: Journey) -> None:
    """Nothing of the session stays in the browser."""
    kept = journey.page.evaluate(
        "async () => [localStorage.length, sessionStorage.length,"
        " (await indexedDB.databases()).length, (await caches.keys()).length]"
    )
    assert kept == [0, 0, 0, 0]
    journey.press("Sign out")
    expect(journey.page.get_by_role("heading", level=1)).to_contain_text("Learn the next thing")
    journey.page.goto(PRACTICE)
    expect(journey.page).to_have_url(re.compile("/sign-in"))
