"""A module rehearsed: asked for, and read once the work is done."""

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.clock import now
from app.db import current_session, transact
from app.services.teaching import material, rehearsals
from app.web.author import SEE_OTHER, bp

# Who rehearses, and what they are like.
KINDS = {
    "newcomer": (_l("Newcomers"), _l("Know next to nothing of it beforehand.")),
    "knower": (_l("People who know it"), _l("Know every skill before they start.")),
    "slow": (_l("Slow learners"), _l("Know next to nothing, and need more than twice as long.")),
}


@bp.get("/modules/<slug>/rehearsal", endpoint="rehearsal")
def show_rehearsal(slug: str) -> str:
    session = current_session()
    syllabus = material.content(session, slug, trainer=g.user).syllabus
    return render_template(
        "author/rehearsal.html",
        syllabus=syllabus,
        found=rehearsals.latest(session, syllabus.module_id, trainer=g.user),
        kinds=KINDS,
    )


@bp.post("/modules/<slug>/rehearsal")
def submit_rehearsal(slug: str) -> ResponseReturnValue:
    job_id = transact(lambda db: rehearsals.ask(db, slug, trainer=g.user, at=now()))
    return redirect(url_for("jobs.job", job_id=job_id), SEE_OTHER)
