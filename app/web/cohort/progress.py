"""How cohorts get on: bands from frozen weekly figures, and publishing them."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.db import current_session, transact
from app.services.cohorts import progress as published
from app.services.cohorts import publishing, snapshots
from app.services.cohorts.progress import CohortProgress, Group, ModuleProgress
from app.services.cohorts.suppression import ALL, Band
from app.web.cohort import SEE_OTHER, bp
from app.web.pictures.drawings import Bar, BarDrawing, draw_bars

HALF = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One group in words."""

    name: str
    people: str
    not_started: str
    not_started_at: datetime | None
    underway: str
    completed: str
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ModuleTable:
    """One module's figures as a table and a drawing."""

    title: str
    rows: tuple[Row, ...]
    drawing: BarDrawing
    uncounted: str
    uncounted_people: int


@bp.get("/progress")
def progress() -> str:
    session, at = current_session(), now()
    cohorts = published.of_agency(session, _agency())
    return render_template(
        "cohort/progress.html",
        cohorts=[(entry, _summary(entry)) for entry in cohorts],
        job=publishing.under_way(session, _agency()),
        due=publishing.is_due(session, _agency(), at=at),
        newest=_newest(cohorts),
        week=snapshots.week_of(at),
    )


@bp.get("/cohorts/<uuid:cohort_id>/progress")
def cohort_progress(cohort_id: uuid.UUID) -> str:
    found = published.of_cohort(current_session(), cohort_id, agency_id=_agency())
    return render_template(
        "cohort/cohort_progress.html",
        progress=found,
        tables=[_table(module) for module in found.modules],
    )


@bp.post("/progress/publish")
def publish() -> ResponseReturnValue:
    job_id = transact(lambda db: publishing.ask(db, officer=g.user, at=now()))
    return redirect(url_for("jobs.job", job_id=job_id), SEE_OTHER)


def in_words(band: Band) -> str:
    """A band as people say it."""
    if (band.low, band.high) == (0, ALL):
        words = _("Cannot be said")
    elif (band.low, band.high) == (0, HALF):
        words = _("Half or less")
    elif (band.low, band.high) == (HALF, ALL):
        words = _("Half or more")
    elif band.low == 0:
        words = _("%(high)d%% or less", high=band.high)
    elif band.high == ALL:
        words = _("%(low)d%% or more", low=band.low)
    else:
        words = _("%(low)d to %(high)d%%", low=band.low, high=band.high)
    return str(words)


def _agency() -> uuid.UUID:
    agency_id: uuid.UUID = g.user.agency_id
    return agency_id


def _newest(cohorts: tuple[CohortProgress, ...]) -> CohortProgress | None:
    """The cohort whose figures were published last."""
    times = [(entry.taken_at, entry) for entry in cohorts if entry.taken_at]
    return max(times, key=itemgetter(0))[1] if times else None


def _summary(entry: CohortProgress) -> list[tuple[str, str]]:
    return [
        (module.title, in_words(module.together.completed.band))
        for module in entry.modules
        if module.together
    ]


def _table(module: ModuleProgress) -> ModuleTable:
    groups = [*module.groups]
    if module.together and len(groups) > 1:
        groups.append(module.together)
    return ModuleTable(
        title=module.title,
        rows=tuple(_row(group) for group in groups),
        drawing=draw_bars([_bar(group) for group in groups]),
        uncounted=_joined(module.uncounted),
        uncounted_people=module.uncounted_people,
    )


def _row(group: Group) -> Row:
    return Row(
        name=_name(group),
        people=_("about %(people)d", people=group.people),
        not_started=in_words(group.not_started.band),
        not_started_at=group.not_started.at,
        underway=in_words(group.underway.band),
        completed=in_words(group.completed.band),
        completed_at=group.completed.at,
    )


def _bar(group: Group) -> Bar:
    band = group.completed.band
    return Bar(_name(group), in_words(band), band.high / ALL, band.low / ALL)


def _name(group: Group) -> str:
    return _joined(group.departments) or str(_("All of these together"))


def _joined(departments: tuple[str, ...]) -> str:
    return ", ".join(name or _("No department") for name in departments)
