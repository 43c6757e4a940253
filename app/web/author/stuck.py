"""Who is stuck: counts for the asking, names once the trainer has said so, help that was given."""

import uuid

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from app.clock import now
from app.db import current_session, transact
from app.services.teaching import helping, material, stuck
from app.web.author import SEE_OTHER, bp
from app.web.forms import Form, stripped


class HelpForm(Form):
    note = TextAreaField(
        _l("What did you do together?"),
        [Length(max=helping.LONGEST_NOTE, message=_l("Use at most 1,000 characters"))],
        filters=[stripped],
        description=_l("Optional. Trainers of this learner can read it. Write nothing private."),
    )


@bp.get("/modules/<slug>/stuck", endpoint="stuck")
def show_stuck(slug: str) -> ResponseReturnValue:
    return _stuck_page(slug)


@bp.post("/modules/<slug>/stuck")
def show_names(slug: str) -> ResponseReturnValue:
    content = material.content(current_session(), slug, trainer=g.user)
    transact(lambda db: stuck.show_names(db, content.syllabus, trainer=g.user, at=now()))
    return redirect(url_for(".stuck", slug=slug), SEE_OTHER)


@bp.post("/modules/<slug>/stuck/<uuid:learner_id>/<skill_id>", endpoint="help")
def note_help(slug: str, learner_id: uuid.UUID, skill_id: str) -> ResponseReturnValue:
    form = HelpForm(prefix=_prefix(learner_id, skill_id))
    if not form.validate():
        return _stuck_page(slug, {(learner_id, skill_id): form}), 422
    helped = transact(
        lambda db: helping.note_help(
            db,
            trainer=g.user,
            learner_id=learner_id,
            skill_id=skill_id,
            note=form.note.data or "",
            at=now(),
        )
    )
    words = {"name": helped.learner, "skill": helped.skill}
    if helped.is_open:
        flash(_("“%(skill)s” is open again for %(name)s.", **words), "success")
    else:
        flash(
            _("“%(skill)s” opens for %(name)s after the skills it builds on.", **words), "success"
        )
    return redirect(url_for(".stuck", slug=slug), SEE_OTHER)


def _stuck_page(slug: str, sent: dict[tuple[uuid.UUID, str], HelpForm] | None = None) -> str:
    """The page, with a form for each skill; one that was sent and refused comes back as it was."""
    content = material.content(current_session(), slug, trainer=g.user)
    found = stuck.look(current_session(), content.syllabus, trainer=g.user, at=now())
    sent = sent or {}
    forms = {
        (learner.id, skill.skill_id): sent.get((learner.id, skill.skill_id))
        or HelpForm(formdata=None, prefix=_prefix(learner.id, skill.skill_id))
        for learner in found.named
        for skill in learner.skills
    }
    return render_template(
        "author/stuck.html",
        syllabus=content.syllabus,
        stuck=found,
        form=next(iter(sent.values()), HelpForm(formdata=None)),
        forms=forms,
    )


def _prefix(learner_id: uuid.UUID, skill_id: str) -> str:
    return f"help-{learner_id.hex}-{skill_id}"
