"""HR officers' pages: programmes and cohorts. The other pages are in the cohort_* modules."""

import uuid

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.clock import now
from app.db import current_session, transact
from app.services.cohorts import cohorts
from app.services.cohorts.cohorts import LONGEST_NAME, CohortLine, Wish
from app.services.errors import Invalid
from app.web.forms import Form, stripped

bp = Blueprint("cohort", __name__, url_prefix="/hr")
SEE_OTHER = 303


class DayField(DateField):
    """A day; a wrong one is explained in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Enter the day as year-month-day, for example 2026-11-30")) from None


class CohortForm(Form):
    name = StringField(
        _l("Name of the cohort"),
        [
            InputRequired(_l("Enter a name")),
            Length(max=LONGEST_NAME, message=_l("Use at most 100 characters")),
        ],
        filters=[stripped],
        description=_l("For example: Benefits office, autumn 2026."),
    )
    trainer = SelectField(
        _l("Trainer"), description=_l("Sees who is stuck, and helps. People with the trainer role.")
    )
    due = DayField(_l("Due date"), [Optional()], description=_l("Optional. Learners see it."))
    required = BooleanField(
        _l("This training is required"),
        description=_l("Learners see that it is required of them."),
    )

    def offer_trainers(self) -> None:
        known = cohorts.trainers(current_session(), g.user.agency_id)
        self.trainer.choices = [
            ("", _("Nobody yet")),
            *((str(person.id), person.name) for person in known),
        ]

    def wish(self) -> Wish:
        chosen = self.trainer.data
        return Wish(
            name=self.name.data or "",
            trainer_id=uuid.UUID(chosen) if chosen else None,
            due_on=self.due.data,
            required=bool(self.required.data),
        )


class NewCohortForm(CohortForm):
    programme = SelectField(
        _l("Programme"), description=_l("It cannot be changed once the cohort is made.")
    )

    def offer_programmes(self) -> None:
        known = cohorts.programmes(current_session(), g.user.agency_id)
        self.programme.choices = [(entry.id, entry.title) for entry in known]


@bp.get("")
def home() -> str:
    return render_template(
        "cohort/home.html", programmes=cohorts.programmes(current_session(), g.user.agency_id)
    )


@bp.get("/cohorts/new")
def create() -> str:
    return render_template("cohort/new.html", form=_new_form(required=True))


@bp.post("/cohorts/new")
def submit_create() -> ResponseReturnValue:
    form = _new_form()
    try:
        if form.validate():
            made = transact(
                lambda db: cohorts.create(
                    db, form.wish(), programme_id=form.programme.data, actor=g.user, at=now()
                )
            )
            flash(_("The cohort is made. Now add people to it."), "success")
            return redirect(url_for(".cohort", cohort_id=made), SEE_OTHER)
    except Invalid as problem:
        form.blame(problem)
    return render_template("cohort/new.html", form=form), 422


@bp.get("/cohorts/<uuid:cohort_id>/edit")
def edit(cohort_id: uuid.UUID) -> str:
    found = find(cohort_id)
    form = CohortForm(
        formdata=None,
        data={
            "name": found.name,
            "trainer": str(found.trainer_id or ""),
            "due": found.due_on,
            "required": found.required,
        },
    )
    form.offer_trainers()
    return render_template("cohort/edit.html", form=form, cohort=found)


@bp.post("/cohorts/<uuid:cohort_id>/edit")
def submit_edit(cohort_id: uuid.UUID) -> ResponseReturnValue:
    found = find(cohort_id)
    form = CohortForm()
    form.offer_trainers()
    try:
        if form.validate():
            transact(lambda db: cohorts.change(db, cohort_id, form.wish(), actor=g.user, at=now()))
            flash(_("The cohort is changed."), "success")
            return redirect(url_for(".cohort", cohort_id=cohort_id), SEE_OTHER)
    except Invalid as problem:
        form.blame(problem)
    return render_template("cohort/edit.html", form=form, cohort=found), 422


def find(cohort_id: uuid.UUID) -> CohortLine:
    """The cohort, if it is of the signed-in officer's agency."""
    return cohorts.find(current_session(), cohort_id, agency_id=g.user.agency_id)


def _new_form(**values: bool) -> NewCohortForm:
    form = NewCohortForm(data=values)
    form.offer_trainers()
    form.offer_programmes()
    return form


# The other modules hang their routes on this blueprint, so they are imported once it is there.
from app.web.cohort import completion, people, progress  # noqa: E402, F401
