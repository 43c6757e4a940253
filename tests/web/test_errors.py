"""Every failure has a page: plain words, a way out, nothing of the inside."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import RequestEntityTooLarge

from app import create_app
from app.db import Busy, OutcomeUnknown
from app.services.errors import Invalid, NotFound, Refused, TooMany
from app.web import access
from tests.conftest import make_config

SECRET = "the inside of the machine"
FAILURES: dict[str, tuple[Callable[[], Exception], int, str]] = {
    "absent": (lambda: NotFound(SECRET), 404, "Page not found"),
    "refused": (lambda: Refused("Somebody has closed it."), 409, "Somebody has closed it."),
    "invalid": (lambda: Invalid("That is no date."), 422, "That is no date."),
    "too many": (lambda: TooMany("Wait a little.", retry_after=40), 429, "Wait a little."),
    "busy": (Busy, 503, "Cairn is busy"),
    "unknown": (OutcomeUnknown, 503, "counts once"),
    "no connection": (lambda: PoolTimeout(SECRET), 503, "Cairn is busy"),
    "locked": (lambda: OperationalError(SECRET, {}, Exception(SECRET)), 503, "Cairn is busy"),
    "broken rule": (lambda: IntegrityError(SECRET, {}, Exception(SECRET)), 500, "our side"),
    "a bug": (lambda: RuntimeError(SECRET), 500, "our side"),
    "too large": (RequestEntityTooLarge, 413, "too large"),
}


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with one more address, which fails as told."""
    app = create_app(make_config(tmp_path_factory.mktemp("failing")))

    def fail(kind: str) -> str:
        failure, _, _ = FAILURES[kind]
        raise failure()

    app.add_url_rule("/fail/<kind>", endpoint="fail", view_func=fail, methods=["GET", "POST"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(access.TABLE, "fail", access.Access(None, access.Relation.ANYBODY))
        yield app
    app.extensions["database"].engine.dispose()


@pytest.mark.parametrize("kind", FAILURES)
def test_each_failure_has_its_page(failing: Flask, kind: str) -> None:
    answer = failing.test_client().get(f"/fail/{kind}")
    _, status, words = FAILURES[kind]
    page = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert words in page
    assert SECRET not in page
    assert "<h1" in page
    assert 'href="/"' in page


@pytest.mark.parametrize("kind", FAILURES)
def test_htmx_gets_the_same_words_as_a_fragment(failing: Flask, kind: str) -> None:
    answer = failing.test_client().get(f"/fail/{kind}", headers={"HX-Request": "true"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == FAILURES[kind][1]
    assert page.lstrip().startswith('<section id="error"')
    assert "<html" not in page
    assert "HX-Request" in answer.headers["Vary"]


@pytest.mark.parametrize(("kind", "seconds"), [("busy", "3"), ("unknown", "3"), ("too many", "40")])
def test_it_is_said_when_to_come_back(failing: Flask, kind: str, seconds: str) -> None:
    assert failing.test_client().get(f"/fail/{kind}").headers["Retry-After"] == seconds


def test_a_reference_on_the_page_finds_the_log(
    failing: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    answer = failing.test_client().get("/fail/a bug")
    assert answer.headers["X-Request-Id"] in answer.get_data(as_text=True)
    assert "unexpected RuntimeError" in caplog.text


def test_a_stale_form_gives_back_what_was_typed_but_no_secret(failing: Flask) -> None:
    typed = {"text": "A long report <b>I wrote</b>", "password": "open sesame please"}
    answer = failing.test_client().post("/fail/busy", data=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "A long report &lt;b&gt;I wrote&lt;/b&gt;" in page
    assert "sesame" not in page


def test_the_wrong_method_is_told_the_right_ones(failing: Flask) -> None:
    answer = failing.test_client().get("/sign-out")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_an_error_page_does_without_its_frame_when_it_must(
    failing: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> dict[str, object]:
        raise Busy

    monkeypatch.setitem(failing.template_context_processors, None, [broken])
    answer = failing.test_client().get("/fail/absent")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert "Page not found" in page
    assert "masthead" not in page
