"""Placement as the learner meets it: one question after another, to be stopped at any of them."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import now
from app.db import current_session, transact
from app.services.errors import Invalid, Refused
from app.services.learning import overview, placing
from app.services.learning.sheet import Fields
from app.web.learn import SEE_OTHER, bp
from app.web.reading import read_submission
from app.web.said import said


@bp.get("/modules/<slug>/placement", endpoint="placement")
def show_placement(slug: str) -> str:
    return _page(slug, given={}, error="")


@bp.post("/modules/<slug>/placement")
def submit_placement(slug: str) -> ResponseReturnValue:
    """Begin, or go on where it was left."""
    module_id = _module_id(slug)
    try:
        transact(lambda db: placing.begin_placement(db, module_id, learner=g.user, at=now()))
    except Refused:
        return redirect(url_for(".practice", slug=slug), SEE_OTHER)
    return redirect(url_for(".placement", slug=slug), SEE_OTHER)


@bp.post("/modules/<slug>/placement/answer")
def submit_placement_answer(slug: str) -> ResponseReturnValue:
    module_id, submission = _module_id(slug), read_submission(request.form)
    number = request.form.get("number", type=int) or 0
    try:
        transact(
            lambda db: placing.answer(
                db, module_id, number=number, learner=g.user, submission=submission, at=now()
            )
        )
    except Invalid as problem:
        return _page(slug, given=submission.fields, error=said(problem)), 422
    return redirect(url_for(".placement", slug=slug), SEE_OTHER)


@bp.post("/modules/<slug>/placement/stop")
def submit_placement_stop(slug: str) -> ResponseReturnValue:
    module_id = _module_id(slug)
    transact(lambda db: placing.stop(db, module_id, learner=g.user, at=now()))
    return redirect(url_for(".placement", slug=slug), SEE_OTHER)


def _module_id(slug: str) -> str:
    """Of a module the learner is enrolled in, else NotFound."""
    return overview.practice(current_session(), slug, learner=g.user, at=now()).card.id


def _page(slug: str, *, given: Fields, error: str) -> str:
    shown = placing.show(current_session(), _module_id(slug), learner=g.user)
    return render_template("learn/placement.html", shown=shown, given=given, error=error)
