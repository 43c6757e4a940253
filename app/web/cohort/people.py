"""Who is in a cohort: listing, adding one person or a file of people, ending an enrolment."""

import uuid

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf.file import FileField
from wtforms import EmailField, TextAreaField
from wtforms.validators import InputRequired

from app.clock import now
from app.db import current_session, transact
from app.services.cohorts import enrolments, enrolments_csv
from app.services.cohorts.enrolments_csv import Changed, Preview, Verdict
from app.services.errors import Invalid
from app.web.cohort import SEE_OTHER, bp, find
from app.web.finding import PeopleSearch
from app.web.forms import Form, stripped

LINES_SHOWN = 200


class EnrolForm(Form):
    email = EmailField(
        _l("Email address"),
        [InputRequired(_l("Enter an email address"))],
        filters=[stripped],
        description=_l("Of somebody in your agency who has an account."),
    )


class CsvForm(Form):
    file = FileField(
        _l("Upload a CSV file"),
        description=_l("UTF-8, separated by commas or semicolons, up to 5,000 lines."),
    )
    text = TextAreaField(
        _l("Or paste the lines"),
        description=_l("The column “email” is needed. “name” and “department” are compared."),
    )

    def lines(self) -> str:
        """What was uploaded or, without a file, what was pasted."""
        upload = self.file.data
        if upload is not None and upload.filename:
            self.text.data = enrolments_csv.decode(upload.read())
        return self.text.data or ""


@bp.get("/cohorts/<uuid:cohort_id>")
def cohort(cohort_id: uuid.UUID) -> str:
    return _people_page(cohort_id, EnrolForm(formdata=None))


@bp.post("/cohorts/<uuid:cohort_id>/people")
def enrol(cohort_id: uuid.UUID) -> ResponseReturnValue:
    form = EnrolForm()
    find(cohort_id)
    try:
        if form.validate():
            person = transact(
                lambda db: enrolments.enrol(
                    db, cohort_id, email=form.email.data or "", actor=g.user, at=now()
                )
            )
            flash(_("%(name)s is enrolled.", name=person.name), "success")
            return redirect(url_for(".cohort", cohort_id=cohort_id), SEE_OTHER)
    except Invalid as problem:
        form.blame(problem)
    return _people_page(cohort_id, form), 422


@bp.get("/cohorts/<uuid:cohort_id>/people/<uuid:enrolment_id>/end")
def end_enrolment(cohort_id: uuid.UUID, enrolment_id: uuid.UUID) -> str:
    entry = enrolments.find(
        current_session(), enrolment_id, cohort_id=cohort_id, agency_id=g.user.agency_id
    )
    return render_template("cohort/end_enrolment.html", cohort=find(cohort_id), entry=entry)


@bp.post("/cohorts/<uuid:cohort_id>/people/<uuid:enrolment_id>/end")
def submit_end_enrolment(cohort_id: uuid.UUID, enrolment_id: uuid.UUID) -> ResponseReturnValue:
    transact(
        lambda db: enrolments.end(db, enrolment_id, cohort_id=cohort_id, actor=g.user, at=now())
    )
    flash(_("The enrolment has ended."), "success")
    return redirect(url_for(".cohort", cohort_id=cohort_id), SEE_OTHER)


@bp.get("/cohorts/<uuid:cohort_id>/csv")
def enrol_csv(cohort_id: uuid.UUID) -> str:
    return _csv_page(cohort_id, CsvForm(formdata=None))


@bp.post("/cohorts/<uuid:cohort_id>/csv")
def submit_csv(cohort_id: uuid.UUID) -> ResponseReturnValue:
    """Check the lines, or apply what was checked; either way the lines stay in the form."""
    form = CsvForm()
    find(cohort_id)
    try:
        text = form.lines()
        mark = request.form.get("mark", "")
        if form.validate() and request.form.get("step") == "apply" and mark:
            return _apply(cohort_id, text, mark=mark)
        checked = _preview(cohort_id, text)
    except Changed:
        return _csv_page(cohort_id, form, preview=_preview(cohort_id, text), changed=True), 409
    except Invalid as problem:
        form.blame(problem)
        return _csv_page(cohort_id, form), 422
    return _csv_page(cohort_id, form, preview=checked)


@bp.get("/enrolments-template.csv")
def csv_template() -> Response:
    """A file to start from."""
    return Response(
        enrolments_csv.TEMPLATE,
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="enrolments-template.csv"'},
    )


def _apply(cohort_id: uuid.UUID, text: str, *, mark: str) -> ResponseReturnValue:
    count = transact(
        lambda db: enrolments_csv.apply(db, cohort_id, text, mark=mark, actor=g.user, at=now())
    )
    flash(ngettext("%(num)d person is enrolled.", "%(num)d people are enrolled.", count), "success")
    return redirect(url_for(".cohort", cohort_id=cohort_id), SEE_OTHER)


def _preview(cohort_id: uuid.UUID, text: str) -> Preview:
    return enrolments_csv.preview(current_session(), cohort_id, text, agency_id=g.user.agency_id)


def _people_page(cohort_id: uuid.UUID, form: EnrolForm) -> str:
    search = PeopleSearch(request.args)
    return render_template(
        "cohort/cohort.html",
        cohort=find(cohort_id),
        page=enrolments.people(
            current_session(),
            cohort_id,
            agency_id=g.user.agency_id,
            words=search.words,
            after=request.args.get("after", type=uuid.UUID),
        ),
        search=search,
        form=form,
    )


def _csv_page(
    cohort_id: uuid.UUID, form: CsvForm, *, preview: Preview | None = None, changed: bool = False
) -> str:
    return render_template(
        "cohort/csv.html",
        cohort=find(cohort_id),
        form=form,
        mark=preview.mark if preview else "",
        checked=preview is not None,
        changed=changed,
        verdicts={
            verdict.value: preview.with_verdict(verdict) if preview else () for verdict in Verdict
        },
        shown=LINES_SHOWN,
    )
