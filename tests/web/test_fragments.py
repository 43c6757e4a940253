"""Who gets a fragment, and who a page."""

import pytest
from flask import Flask

from app.web.fragments import go_to, wants_fragment

CASES = [
    ({}, False),
    ({"HX-Request": "true"}, True),
    ({"HX-Request": "true", "HX-Boosted": "true"}, False),
    ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
    ({"HX-Request": "yes"}, False),
]


@pytest.fixture
def small() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/", endpoint="which", view_func=lambda: str(wants_fragment()))
    app.add_url_rule("/go", endpoint="go", view_func=lambda: go_to("/there"))
    return app


@pytest.mark.parametrize(("headers", "expected"), CASES)
def test_only_a_plain_htmx_request_wants_a_fragment(
    small: Flask, headers: dict[str, str], *, expected: bool
) -> None:
    answer = small.test_client().get("/", headers=headers)
    assert answer.text == str(expected)
    assert {"HX-Request", "HX-Boosted", "HX-History-Restore-Request"} <= set(answer.vary)


def test_htmx_is_told_to_leave_and_a_browser_is_sent(small: Flask) -> None:
    told = small.test_client().get("/go", headers={"HX-Request": "true"})
    sent = small.test_client().get("/go")
    assert (told.status_code, told.headers["HX-Redirect"]) == (204, "/there")
    assert (sent.status_code, sent.headers["Location"]) == (303, "/there")
