"""The addresses of an agency's pages, found in the application itself: a new route is included."""

import itertools
import re
import uuid
from collections.abc import Iterator

from playwright.sync_api import Page
from werkzeug.routing import Rule

from app.models import Role
from app.web.access import TABLE
from tests.e2e.agency import STAFF, LivedIn

ROLES = {"learner": Role.LEARNER, **STAFF}
NO_PAGES = {"static"}


def addresses(lived: LivedIn, role: Role | None) -> list[str]:
    """Where this role may go with a GET, with real ids; None: where anybody may."""
    adapter = lived.site.app.url_map.bind("cairn")
    found = []
    for rule in lived.site.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in NO_PAGES:
            continue
        roles = TABLE[rule.endpoint].roles
        if roles is None if role is None else role in (roles or ()):
            found += [adapter.build(rule.endpoint, ids) for ids in _choices(lived, rule, role)]
    return found


def is_page(page: Page, path: str) -> bool:
    """Whether something to look at is there: downloads and probes are none."""
    answer = page.request.get(path)
    assert answer.status == 200, (path, answer.status)
    return answer.headers["content-type"].startswith("text/html")


def _choices(lived: LivedIn, rule: Rule, role: Role | None) -> Iterator[dict[str, str | uuid.UUID]]:
    """Every combination of ids this rule can be asked with; LivedIn must know each by name."""
    names = sorted(rule.arguments)
    ids = lived.ids | lived.own.get(role, {})
    for values in itertools.product(*(ids[name] for name in names)):
        yield {
            name: uuid.UUID(value) if re.fullmatch("[0-9a-f-]{36}", value) else value
            for name, value in zip(names, values, strict=True)
        }
