"""Problems that learners reported: read, and closed with a note."""

import uuid

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app.clock import now
from app.db import current_session, transact
from app.services.teaching import reports
from app.web.author import SEE_OTHER, bp
from app.web.author.words import REPORT_KINDS
from app.web.forms import Form, stripped


class CloseForm(Form):
    note = TextAreaField(
        _l("What did you find or do?"),
        [
            InputRequired(_l("Say what you found or did")),
            Length(max=reports.LONGEST_NOTE, message=_l("Use at most 1,000 characters")),
        ],
        filters=[stripped],
        description=_l("Trainers of your agency and oversight officers can read it."),
    )


@bp.get("/reports", endpoint="reports")
def list_reports() -> ResponseReturnValue:
    return render_template(
        "author/reports.html",
        open_reports=reports.open_reports(current_session(), trainer=g.user),
        closed_reports=reports.closed_reports(current_session(), trainer=g.user),
        report_kinds=REPORT_KINDS,
        shown=reports.SHOWN,
    )


@bp.get("/reports/<uuid:report_id>", endpoint="report")
def show_report(report_id: uuid.UUID) -> ResponseReturnValue:
    return _report_page(report_id, CloseForm(formdata=None))


@bp.post("/reports/<uuid:report_id>/close")
def close_report(report_id: uuid.UUID) -> ResponseReturnValue:
    form = CloseForm()
    if not form.validate():
        return _report_page(report_id, form), 422
    transact(
        lambda db: reports.close(db, report_id, trainer=g.user, note=form.note.data or "", at=now())
    )
    flash(_("The report is closed."), "success")
    return redirect(url_for(".reports"), SEE_OTHER)


def _report_page(report_id: uuid.UUID, form: CloseForm) -> str:
    report = reports.find(current_session(), report_id, trainer=g.user)
    return render_template(
        "author/report.html", report=report, form=form, report_kinds=REPORT_KINDS
    )
