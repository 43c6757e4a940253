"""Long work as who asked for it sees it: how far it is, and the way to what came of it."""

import uuid

from flask import Blueprint, g, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.db import current_session
from app.models import JobState
from app.services.operations import jobs
from app.web.fragments import fragment_or_page

bp = Blueprint("jobs", __name__, url_prefix="/jobs")

# What each kind is called, and the page that shows its result: an endpoint, with the result as
# the values of its address.
NAMES = {
    "activation": _l("Switching to other parameters"),
    "calibration": _l("Calibration"),
    "draft-rehearsal": _l("Rehearsal of a draft"),
    "progress": _l("Publishing the week's figures"),
    "rehearsal": _l("Rehearsal of a module"),
}
RESULTS: dict[str, str] = {
    "activation": "oversight.comparison",
    "calibration": "oversight.comparison",
    "draft-rehearsal": "author.draft_rehearsal",
    "progress": "cohort.progress",
    "rehearsal": "author.rehearsal",
}


@bp.get("/<uuid:job_id>", endpoint="job")
def show_job(job_id: uuid.UUID) -> ResponseReturnValue:
    job = jobs.find(current_session(), job_id, person=g.user)
    return fragment_or_page(
        "jobs/_progress.html",
        "jobs/job.html",
        job=job,
        name=NAMES.get(job.kind, job.kind),
        result=_result(job),
    )


def _result(job: jobs.Shown) -> str | None:
    """Where to read what came of it."""
    endpoint = RESULTS.get(job.kind)
    if job.state is not JobState.DONE or endpoint is None:
        return None
    return url_for(endpoint, **job.result)
