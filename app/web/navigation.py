"""What stands in the head of every page: the places a person's roles lead to."""

from flask import Flask, g, request, url_for
from flask_babel import lazy_gettext as _l

from app.config import Config
from app.models import Role

PLACES = (
    (Role.LEARNER, "learn.home", _l("My learning")),
    (Role.LEARNER, "learn.record", _l("My record")),
    (Role.TRAINER, "author.modules", _l("Modules")),
    (Role.TRAINER, "author.drafts", _l("Workshop")),
    (Role.TRAINER, "author.reports", _l("Reported problems")),
    (Role.HR_OFFICER, "cohort.home", _l("Cohorts")),
    (Role.HR_OFFICER, "cohort.progress", _l("Progress")),
    (Role.OVERSIGHT_OFFICER, "oversight.home", _l("Oversight")),
    (Role.ADMINISTRATOR, "people.home", _l("People")),
)


def init_app(app: Flask, config: Config) -> None:
    # A function: most answers are fragments, which have no head and never ask.
    app.jinja_env.globals.update(demo=config.demo, navigation=navigation)


def navigation() -> list[tuple[str, str, bool]]:
    user = g.get("user")
    if user is None:
        return []
    mine = [(str(label), url_for(endpoint)) for role, endpoint, label in PLACES if user.has(role)]
    current = max((url for _, url in mine if _is_within(url)), key=len, default=None)
    return [(label, url, url == current) for label, url in mine]


def _is_within(url: str) -> bool:
    """Whether the page asked for is this one or lies below it."""
    return f"{request.path}/".startswith(f"{url}/")
