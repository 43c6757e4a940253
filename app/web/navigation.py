"""What stands in the head of every page: the places a person's roles lead to."""

from flask import Flask, g, request, url_for
from flask_babel import lazy_gettext as _l

from app.config import Config
from app.models import Role

PLACES = (
    (Role.LEARNER, "learn.home", _l("My learning")),
    (Role.LEARNER, "learn.record", _l("My record")),
    (Role.TRAINER, "author.modules", _l("Modules")),
    (Role.HR_OFFICER, "cohort.home", _l("Cohorts")),
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
    here = request.blueprint or ""
    mine = [(endpoint, label) for role, endpoint, label in PLACES if user.has(role)]
    exact = any(endpoint == request.endpoint for endpoint, _ in mine)
    current = [
        endpoint == request.endpoint if exact else endpoint.split(".")[0] == here
        for endpoint, _ in mine
    ]
    first = current.index(True) if True in current else -1
    return [
        (str(label), url_for(endpoint), position == first)
        for position, (endpoint, label) in enumerate(mine)
    ]
