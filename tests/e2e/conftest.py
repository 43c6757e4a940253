"""A browser, the application it talks to, and a watch on everything the browser complains about."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from app.clock import now
from tests.conftest import CHROMIUM, make_config
from tests.e2e.agency import LivedIn, live_in
from tests.e2e.site import Site, serve
from tests.people import MODULE_SLUG, Person, begin, make_learner

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = 1280, 320
PRACTICE = f"/learn/modules/{MODULE_SLUG}"
PATIENCE_MS = 10_000


@dataclass
class Visits:
    """Browsers of people; what they complain about is gathered until the test ends."""

    browser: Browser
    site: Site
    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def page(
        self, person: Person | None = None, *, scripts: bool = True, width: int = DESKTOP
    ) -> Page:
        """A new browser, with this person signed in."""
        context = self.browser.new_context(
            base_url=self.site.address,
            java_script_enabled=scripts,
            viewport={"width": width, "height": 800},
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        if person is not None:
            cookie = self.site.cookie(person)
            context.add_cookies([{"name": "cairn", "value": cookie, "url": self.site.address}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._listen)
        return page

    def expect(self, pattern: str) -> None:
        """A complaint that belongs to this test, such as the refusal it is about."""
        self.expected.append(pattern)

    def close(self) -> None:
        """Close every browser; whatever they complained about must have been expected."""
        for context in self.contexts:
            context.close()
        unexpected = [
            said
            for said in self.complaints
            if not any(re.search(pattern, said) for pattern in self.expected)
        ]
        assert unexpected == []

    def _listen(self, said: ConsoleMessage) -> None:
        """Violations of the content policy and failed requests arrive here too."""
        if said.type in {"error", "warning"}:
            self.complaints.append(said.text)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("site")
    shutil.copy(sqlite_template, home / "cairn.db")
    with serve(make_config(home)) as found:
        yield found


@pytest.fixture
def visits(browser: Browser, site: Site) -> Iterator[Visits]:
    found = Visits(browser, site)
    yield found
    found.close()


@pytest.fixture(scope="module")
def lived(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivedIn]:
    """A demonstration of one agency: whoever is signed out sees its people on the first page."""
    home = tmp_path_factory.mktemp("lived-in")
    shutil.copy(sqlite_template, home / "cairn.db")
    with serve(make_config(home, demo=True)) as found:
        yield live_in(found)


@pytest.fixture
def home_visits(browser: Browser, lived: LivedIn) -> Iterator[Visits]:
    found = Visits(browser, lived.site)
    yield found
    found.close()


@pytest.fixture
def learner(site: Site) -> Person:
    """Somebody with their first item open."""
    person = make_learner(site.database, at=now())
    begin(site.database, person, at=now())
    return person


@pytest.fixture
def open_practice(visits: Visits, learner: Person) -> Callable[..., Page]:
    """The learner's practice page in a browser of their own."""

    def open_page(*, scripts: bool = True, width: int = DESKTOP) -> Page:
        page = visits.page(learner, scripts=scripts, width=width)
        page.goto(PRACTICE)
        return page

    return open_page
