"""The oversight officer's pages: how Cairn decides, any decision made again, what people did."""

import uuid

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from app.clock import now
from app.config import Config
from app.db import current_session, transact
from app.services.errors import Invalid
from app.services.oversight import decisions, events, lookup, workings
from app.services.people.pseudonyms import reference
from app.web.account import ROLE_NAMES
from app.web.acts import ACT_NAMES
from app.web.author.words import FORMATS
from app.web.forms import Form, choices, stripped

bp = Blueprint("oversight", __name__, url_prefix="/oversight")
SEE_OTHER = 303

RULE_NAMES = {
    "worked-example": _l("Worked case after a skill was set aside"),
    "check-prerequisite": _l("Check of an earlier skill"),
    "transfer": _l("Transfer case"),
    "review": _l("Review"),
    "lesson": _l("Lesson after a miss"),
    "second-lesson": _l("Second lesson"),
    "practise": _l("Practice"),
    "open-skill": _l("First question of a skill"),
    "placed-case": _l("Transfer case of a skill known already"),
    "finished": _l("Module finished"),
    "stuck": _l("Waiting for a person's help"),
    "fallback": _l("Fixed order, because choosing failed"),
}
REASON_NAMES = {
    "appeal": _l("A learner disagrees with the decision"),
    "question": _l("A learner asked how it came about"),
    "quality": _l("A check of how well Cairn decides"),
    "incident": _l("Something went wrong"),
}
DETAIL_NAMES = {
    "serving": _l("Decision"),
    "reason": _l("Reason"),
    "note": _l("Note"),
    "before": _l("Before"),
    "after": _l("After"),
    "modules": _l("Modules"),
    "name": _l("Name"),
    "roles": _l("Roles"),
    "department": _l("Department"),
    "responses": _l("Responses"),
    "differences": _l("Differences"),
    "learners": _l("Learners"),
    "cohort": _l("Cohort"),
    "cohorts": _l("Cohorts"),
    "people": _l("People"),
    "module": _l("Module"),
    "skill": _l("Skill"),
    "item": _l("Item"),
    "report": _l("Report"),
    "trainer": _l("Trainer"),
    "due_on": _l("Due date"),
    "required": _l("Required"),
    "became_learner": _l("Became a learner"),
    "revision": _l("Revision"),
    "copied_from": _l("Copied from"),
    "parameter_set": _l("Parameter set"),
    "skills": _l("Skills"),
}


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


class EventForm(Form):
    class Meta:
        csrf = False

    act = SelectField(
        _l("What was done"),
        choices=choices({"": _l("Anything")} | ACT_NAMES),
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


@bp.get("")
def home() -> ResponseReturnValue:
    found = lookup.home(current_session(), g.user, at=now())
    return render_template("oversight/home.html", home=found, form=FindForm(request.args))


@bp.get("/how")
def how() -> ResponseReturnValue:
    return render_template(
        "oversight/how.html",
        workings=workings.describe_workings(current_session(), g.user),
        rule_names=RULE_NAMES,
        format_names=FORMATS,
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
        key=_key(),
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
        learner=reference(found.learner_id, key=_key()),
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


@bp.get("/events", endpoint="events")
def list_events() -> ResponseReturnValue:
    form = EventForm(request.args)
    page = events.read_events(
        current_session(),
        g.user,
        key=_key(),
        act=form.act.data or "",
        before=request.args.get("before", ""),
    )
    return render_template(
        "oversight/events.html",
        form=form,
        page=page,
        act_names=ACT_NAMES,
        detail_names=DETAIL_NAMES,
        value_names=REASON_NAMES | {role.value: name for role, name in ROLE_NAMES.items()},
    )


def _key() -> str:
    config: Config = current_app.config["CAIRN"]
    return config.secret_key


# Hangs its routes on this blueprint, so it is imported once that is there.
from app.web import calibration  # noqa: E402, F401
