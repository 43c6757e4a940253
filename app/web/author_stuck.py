"""Who is stuck: counts for the asking, names once the trainer has said so."""

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.clock import now
from app.db import current_session, transact
from app.services import stuck, teaching
from app.web.author import SEE_OTHER, bp


@bp.get("/modules/<slug>/stuck", endpoint="stuck")
def show_stuck(slug: str) -> ResponseReturnValue:
    content = teaching.content(current_session(), slug, trainer=g.user)
    found = stuck.look(current_session(), content.syllabus, trainer=g.user, at=now())
    return render_template("author/stuck.html", syllabus=content.syllabus, stuck=found)


@bp.post("/modules/<slug>/stuck")
def show_names(slug: str) -> ResponseReturnValue:
    content = teaching.content(current_session(), slug, trainer=g.user)
    transact(lambda db: stuck.show_names(db, content.syllabus, trainer=g.user, at=now()))
    return redirect(url_for(".stuck", slug=slug), SEE_OTHER)
