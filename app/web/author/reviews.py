"""Handing in, reviewing, publishing, and every revision a module has had."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.clock import now
from app.db import current_session, transact
from app.services.errors import Invalid, NotFound
from app.services.workshop import drafts, findings, releasing, reviewing
from app.services.workshop.drafts import Draft
from app.web.author import SEE_OTHER, bp
from app.web.author.words import DECISIONS, FORMATS, LABELS, LANGUAGES, STAGES, people
from app.web.forms import Form, choices, stripped
from app.web.said import said

APPROVE, RETURN = "approve", "return"
DONE = {
    "submit": _l("Handed in. A second person can now review it."),
    "withdraw": _l("Taken back. You can write on."),
    "publish": _l("Published. Learners see it from now on."),
    "retire": _l("Retired. Nobody new is offered this module; who has begun it may finish."),
    "offer": _l("Offered again."),
}


class DecisionForm(Form):
    decision = RadioField(
        _l("What do you decide?"),
        [InputRequired(_l("Choose what you decide"))],
        choices=choices(
            {
                APPROVE: _l("Approve: it may be published as it stands"),
                RETURN: _l("Return it to its authors"),
            }
        ),
    )
    note = TextAreaField(
        _l("What should they know?"),
        [Length(max=reviewing.LONGEST_COMMENT)],
        filters=[stripped],
        description=_l("Needed when you return it."),
    )


@bp.get("/drafts/<uuid:draft_id>/review")
def review(draft_id: uuid.UUID) -> str:
    found = drafts.find(current_session(), draft_id, trainer=g.user)
    return _review_page(found, DecisionForm(formdata=None))


@bp.post("/drafts/<uuid:draft_id>/review")
def submit_decision(draft_id: uuid.UUID) -> ResponseReturnValue:
    found = drafts.find(current_session(), draft_id, trainer=g.user)
    form = DecisionForm()
    if not form.validate():
        return _review_page(found, form), 422
    approve = form.decision.data == APPROVE
    try:
        transact(
            lambda db: reviewing.decide(
                db,
                draft_id,
                trainer=g.user,
                approve=approve,
                note=form.note.data or "",
                at=now(),
            )
        )
    except Invalid as problem:
        form.blame(problem)
        return _review_page(found, form), 422
    flash(_("Approved.") if approve else _("Returned to its authors."), "success")
    return redirect(url_for(".draft", draft_id=draft_id), SEE_OTHER)


@bp.post("/drafts/<uuid:draft_id>/stage")
def submit_stage(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Hand in, take back, publish, retire or offer again."""
    act = request.form.get("act", "")
    steps = {
        "submit": reviewing.submit,
        "withdraw": reviewing.withdraw,
        "publish": releasing.publish,
        "retire": releasing.retire,
        "offer": releasing.offer_again,
    }
    drafts.find(current_session(), draft_id, trainer=g.user)
    if act not in steps:
        raise Invalid("Choose what to do with the draft")
    transact(lambda db: steps[act](db, draft_id, trainer=g.user, at=now()))
    flash(DONE[act], "success")
    return redirect(url_for(".draft", draft_id=draft_id), SEE_OTHER)


@bp.post("/drafts/<uuid:draft_id>/comments")
def submit_comment(draft_id: uuid.UUID) -> ResponseReturnValue:
    item_id = request.form.get("item", "")
    try:
        transact(
            lambda db: reviewing.comment(
                db,
                draft_id,
                trainer=g.user,
                item_id=item_id,
                text=stripped(request.form.get("text")),
                at=now(),
            )
        )
    except Invalid as problem:
        flash(said(problem), "error")
    return redirect(_commented(draft_id, item_id), SEE_OTHER)


@bp.post("/drafts/<uuid:draft_id>/comments/<uuid:comment_id>")
def submit_resolved(draft_id: uuid.UUID, comment_id: uuid.UUID) -> ResponseReturnValue:
    item_id = transact(
        lambda db: reviewing.resolve(db, draft_id, comment_id, trainer=g.user, at=now())
    )
    if request.form.get("here") == ".draft":
        return redirect(url_for(".draft", draft_id=draft_id, _anchor="comments"), SEE_OTHER)
    return redirect(_commented(draft_id, item_id), SEE_OTHER)


@bp.get("/drafts/<uuid:draft_id>/revisions")
def revisions(draft_id: uuid.UUID) -> str:
    found = drafts.find(current_session(), draft_id, trainer=g.user)
    return render_template(
        "author/draft_revisions.html",
        draft=found,
        revisions=releasing.revisions(current_session(), found),
    )


@bp.get("/drafts/<uuid:draft_id>/revisions/<revision_id>")
def revision(draft_id: uuid.UUID, revision_id: str) -> str:
    found = drafts.find(current_session(), draft_id, trainer=g.user)
    lines = releasing.revisions(current_session(), found)
    shown = next((line for line in lines if line.id == revision_id), None)
    if shown is None:
        raise NotFound
    return render_template(
        "author/draft_revision.html",
        draft=found,
        revision=shown,
        differences=releasing.what_changed(current_session(), found, revision_id),
        labels=LABELS,
        formats={**FORMATS, **LANGUAGES},
        people=people,
    )


@bp.post("/drafts/<uuid:draft_id>/revisions/<revision_id>")
def submit_roll_back(draft_id: uuid.UUID, revision_id: str) -> ResponseReturnValue:
    number = transact(
        lambda db: releasing.roll_back(db, draft_id, revision_id, trainer=g.user, at=now())
    )
    flash(_("Learners are taught revision %(number)d again.", number=number), "success")
    return redirect(url_for(".revisions", draft_id=draft_id), SEE_OTHER)


def _commented(draft_id: uuid.UUID, item_id: str) -> str:
    """Back to where the comment stands."""
    anchor = f"item-{item_id}" if item_id else "whole"
    return url_for(".review", draft_id=draft_id, _anchor=anchor)


def _review_page(found: Draft, form: DecisionForm) -> str:
    session = current_session()
    return render_template(
        "author/draft_review.html",
        draft=found,
        form=form,
        desk=reviewing.desk(session, found, trainer=g.user),
        checked=findings.check(session, found, trainer=g.user),
        differences=releasing.what_would_change(session, found),
        labels=LABELS,
        formats={**FORMATS, **LANGUAGES},
        people=people,
        stages=STAGES,
        decisions=DECISIONS,
        item_drafts={item.item_id: item for item in found.items},
    )
