"""Decisions: found, opened with a reason, and made again from the log."""

import uuid

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from app.clock import now
from app.db import current_session, transact
from app.services.errors import Invalid
from app.services.oversight import decisions, lookup
from app.services.people.pseudonyms import reference
from app.web.forms import Form, choices, stripped
from app.web.oversight.door import SEE_OTHER, bp, pseudonym_key
from app.web.oversight.words import REASON_NAMES, RULE_NAMES


class FindForm(Form):
    class Meta:
        csrf = False  # it only looks something up

    reference = StringField(
        _l("Reference of a decision"),
        filters=[stripped],
        description=_l("It is shown to the learner under “Why this?”. The first 8 characters do."),
    )


class RuleForm(Form):
    class Meta:
        csrf = False

    rule = SelectField(
        _l("Chosen by"),
        choices=choices(
            {"": _l("Any rule")} | {rule: RULE_NAMES[rule] for rule in lookup.CHOOSING_RULES}
        ),
    )


class ReasonForm(Form):
    reason = RadioField(
        _l("Why do you need to see it?"),
        choices=choices(REASON_NAMES),
        validators=[InputRequired(_l("Choose why you need to see this decision."))],
    )
    note = TextAreaField(
        _l("What is it about?"),
        filters=[stripped],
        description=_l(
            "Give the number of the case, or say in a sentence what you want to find out."
        ),
    )


@bp.get("/decisions", endpoint="decisions")
def list_decisions() -> ResponseReturnValue:
    form, rules = FindForm(request.args), RuleForm(request.args)
    status = 200
    if form.reference.data:
        try:
            serving_id = lookup.find(current_session(), form.reference.data, officer=g.user)
            return redirect(url_for(".decision", serving_id=serving_id))
        except Invalid as problem:
            form.validate()
            form.blame(problem)
            status = 422
    page = lookup.latest(
        current_session(),
        g.user,
        key=pseudonym_key(),
        at=now(),
        rule=rules.rule.data or "",
        before=request.args.get("before", ""),
    )
    return (
        render_template(
            "oversight/decisions.html", form=form, rules=rules, page=page, rule_names=RULE_NAMES
        ),
        status,
    )


@bp.get("/decisions/<uuid:serving_id>")
def decision(serving_id: uuid.UUID) -> ResponseReturnValue:
    session = current_session()
    decisions.check_ours(session, serving_id, agency_id=g.user.agency_id)
    if not lookup.has_reason(session, serving_id, officer=g.user, at=now()):
        return render_template("oversight/reason.html", form=ReasonForm(), serving_id=serving_id)
    found = decisions.read_decision(session, serving_id, agency_id=g.user.agency_id)
    return render_template(
        "oversight/decision.html",
        decision=found,
        replayed=decisions.replay_decision(session, serving_id),
        learner=reference(found.learner_id, key=pseudonym_key()),
        rule_names=RULE_NAMES,
    )


@bp.post("/decisions/<uuid:serving_id>")
def give_reason(serving_id: uuid.UUID) -> ResponseReturnValue:
    decisions.check_ours(current_session(), serving_id, agency_id=g.user.agency_id)
    form = ReasonForm()
    try:
        if form.validate():
            transact(
                lambda db: lookup.give_reason(
                    db,
                    serving_id,
                    officer=g.user,
                    reason=form.reason.data or "",
                    note=form.note.data or "",
                    at=now(),
                )
            )
            return redirect(url_for(".decision", serving_id=serving_id), SEE_OTHER)
    except Invalid as problem:
        form.blame(problem)
    return render_template("oversight/reason.html", form=form, serving_id=serving_id), 422
