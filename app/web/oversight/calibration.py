"""Calibration as oversight officers handle it: ask, compare, decide, roll back."""

import uuid
from collections.abc import Mapping

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired

from app.clock import now
from app.db import current_session, transact
from app.models import CalibrationState
from app.services.cohorts.suppression import FEWEST_PEOPLE
from app.services.errors import DomainError, Invalid, Refused
from app.services.oversight import tiers
from app.services.oversight.calibration import calibrations, drift
from app.services.oversight.calibration.parts import FEWEST_JUDGED
from app.web.forms import Form, choices, stripped
from app.web.oversight.door import SEE_OTHER, bp
from app.web.said import said

STATE_NAMES = {
    CalibrationState.PROPOSED: _l("Waits for a decision"),
    CalibrationState.NOT_BETTER: _l("Not better"),
    CalibrationState.APPROVED: _l("Approved, being switched"),
    CalibrationState.ACTIVE: _l("In use"),
    CalibrationState.ROLLING_BACK: _l("Being rolled back"),
    CalibrationState.ROLLED_BACK: _l("Rolled back"),
    CalibrationState.REJECTED: _l("Rejected"),
    CalibrationState.RETIRED: _l("Replaced by a later one"),
}
STATE_COLOURS = {
    CalibrationState.PROPOSED: "amber",
    CalibrationState.APPROVED: "teal",
    CalibrationState.ACTIVE: "teal",
    CalibrationState.ROLLING_BACK: "amber",
}
APPROVE, REJECT = "approve", "reject"
FIGURE_NAMES = {
    "auc": _l("Right answers ranked above wrong ones (AUC): more is better, 0.5 is chance"),
    "log_loss": _l("Surprise at what came (log-loss): less is better"),
    "calibration_error": _l("How far chances were off (calibration error): less is better"),
}
MORE_IS_BETTER = frozenset({"auc"})


class DecisionForm(Form):
    decision = RadioField(
        _l("What do you decide?"),
        choices=choices({APPROVE: _l("Approve"), REJECT: _l("Reject")}),
        validators=[InputRequired(_l("Choose whether to approve or reject it."))],
    )
    note = TextAreaField(
        _l("Why?"),
        filters=[stripped],
        description=_l("It is kept with the decision as an audit event."),
    )


class RollBackForm(Form):
    reason = TextAreaField(
        _l("Why do you roll it back?"),
        filters=[stripped],
        description=_l("It is kept as an audit event."),
    )


@bp.get("/calibration", endpoint="calibration")
def list_modules() -> ResponseReturnValue:
    session = current_session()
    modules = calibrations.modules(session, g.user)
    return render_template(
        "oversight/calibration.html",
        modules=modules,
        alarms=drift.alarms(session, [module.id for module in modules]),
        measured_at=drift.measured_at(session),
    )


@bp.get("/calibration/<slug>", endpoint="module_calibration")
def show_module(slug: str) -> ResponseReturnValue:
    session = current_session()
    module = calibrations.module(session, slug, officer=g.user)
    return render_template(
        "oversight/module_calibration.html",
        module=module,
        tiers=tiers.in_use(session, module.id, module.skills),
        lines=calibrations.of_module(session, slug, officer=g.user),
        watched=drift.of_module(session, module.id, module.skills),
        measured_at=drift.measured_at(session),
        state_names=STATE_NAMES,
        state_colours=STATE_COLOURS,
        fewest=FEWEST_PEOPLE,
    )


@bp.post("/calibration/<slug>")
def submit_calibration(slug: str) -> ResponseReturnValue:
    job_id = transact(lambda db: calibrations.ask(db, slug, officer=g.user, at=now()))
    return redirect(url_for("jobs.job", job_id=job_id), SEE_OTHER)


@bp.get("/calibrations/<uuid:calibration_id>", endpoint="comparison")
def show_comparison(calibration_id: uuid.UUID) -> ResponseReturnValue:
    return _comparison(calibration_id, DecisionForm(), RollBackForm())


@bp.post("/calibrations/<uuid:calibration_id>/decision")
def submit_calibration_decision(calibration_id: uuid.UUID) -> ResponseReturnValue:
    calibrations.read(current_session(), calibration_id, officer=g.user)
    form = DecisionForm()
    try:
        if form.validate():
            job_id = _decide(calibration_id, form)
            if job_id is not None:
                return redirect(url_for("jobs.job", job_id=job_id), SEE_OTHER)
            return redirect(url_for(".comparison", calibration_id=calibration_id), SEE_OTHER)
    except (Invalid, Refused) as problem:
        _blame(form, problem)
    return _comparison(calibration_id, form, RollBackForm(formdata=None)), 422


@bp.post("/calibrations/<uuid:calibration_id>/roll-back")
def submit_roll_back(calibration_id: uuid.UUID) -> ResponseReturnValue:
    calibrations.read(current_session(), calibration_id, officer=g.user)
    form = RollBackForm()
    try:
        if form.validate():
            job_id = transact(
                lambda db: calibrations.roll_back(
                    db, calibration_id, officer=g.user, reason=form.reason.data or "", at=now()
                )
            )
            return redirect(url_for("jobs.job", job_id=job_id), SEE_OTHER)
    except (Invalid, Refused) as problem:
        _blame(form, problem)
    return _comparison(calibration_id, DecisionForm(formdata=None), form), 422


def people(count: int | None) -> str:
    """How many learners, in words; None is of so few that they are not counted out."""
    if count is None:
        return str(gettext("fewer than %(fewest)d learners", fewest=FEWEST_PEOPLE))
    if count == 0:
        return str(gettext("nobody"))
    return str(ngettext("%(num)d learner", "%(num)d learners", count))


def figure(value: float | None) -> str:
    """A figure of accuracy with three digits; where there is none, a word."""
    return str(gettext("none")) if value is None else f"{value:.3f}"


def verdict(name: str, figures: Mapping[str, Mapping[str, float | None]]) -> str:
    """How the proposed parameters do on a figure against those in use, in a word."""
    proposed, active = figures["proposed"][name], figures["active"][name]
    if proposed is None or active is None:
        return figure(None)
    if figure(proposed) == figure(active):
        return str(gettext("the same"))
    better = (proposed > active) is (name in MORE_IS_BETTER)
    return str(gettext("better")) if better else str(gettext("worse"))


def _decide(calibration_id: uuid.UUID, form: DecisionForm) -> uuid.UUID | None:
    """The job that makes it active, or None where it was rejected."""
    note = form.note.data or ""
    if form.decision.data == APPROVE:
        return transact(
            lambda db: calibrations.approve(db, calibration_id, officer=g.user, note=note, at=now())
        )
    transact(
        lambda db: calibrations.reject(db, calibration_id, officer=g.user, note=note, at=now())
    )
    return None


def _blame(form: Form, problem: DomainError) -> None:
    if isinstance(problem, Invalid):
        form.blame(problem)
    else:
        form.form_errors.append(said(problem))


def _comparison(calibration_id: uuid.UUID, decision: DecisionForm, back: RollBackForm) -> str:
    shown = calibrations.read(current_session(), calibration_id, officer=g.user)
    return render_template(
        "oversight/comparison.html",
        shown=shown,
        found=shown.comparison,
        decision=decision,
        back=back,
        state_names=STATE_NAMES,
        state_colours=STATE_COLOURS,
        people=people,
        figure=figure,
        figure_names=FIGURE_NAMES,
        verdict=verdict,
        fewest_judged=FEWEST_JUDGED,
    )
