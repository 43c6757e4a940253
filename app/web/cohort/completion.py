"""Completion of required training by name, where the agency shows it, and the switch for that."""

import csv
import io
import uuid

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.db import current_session, transact
from app.services.cohorts import cohorts
from app.services.cohorts import completion as completions
from app.web.cohort import SEE_OTHER, bp, find

BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets take UTF-8 for something else
CHOICES = {"on": True, "off": False}


@bp.get("/cohorts/<uuid:cohort_id>/completion")
def completion(cohort_id: uuid.UUID) -> str:
    """The names while a recorded look lasts; before it, what looking means."""
    session, at = current_session(), now()
    found = find(cohort_id)
    may_show = completions.may_show(session, found, agency_id=g.user.agency_id)
    looking = may_show and completions.is_looking(session, cohort_id, actor=g.user, at=at)
    return render_template(
        "cohort/completion.html",
        cohort=found,
        may_show=may_show,
        turned_on=cohorts.names_completion(session, g.user.agency_id),
        completion=completions.page_of_cohort(
            session,
            cohort_id,
            actor=g.user,
            at=at,
            after=request.args.get("after", type=uuid.UUID),
        )
        if looking
        else None,
    )


@bp.post("/cohorts/<uuid:cohort_id>/completion")
def look_at_completion(cohort_id: uuid.UUID) -> ResponseReturnValue:
    transact(lambda db: completions.look(db, cohort_id, actor=g.user, at=now()))
    return redirect(url_for(".completion", cohort_id=cohort_id), SEE_OTHER)


@bp.get("/cohorts/<uuid:cohort_id>/completion.csv")
def completion_csv(cohort_id: uuid.UUID) -> Response:
    found = completions.of_cohort(current_session(), cohort_id, actor=g.user, at=now())
    rows = completions.as_rows(
        found, not_yet=_("not yet"), headings=(_("Name"), _("Email"), _("Department"))
    )
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    return Response(
        BYTE_ORDER_MARK + file.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="completion.csv"'},
    )


@bp.get("/settings")
def settings() -> str:
    """The switch; with `turn`, the page that says what turning it would mean."""
    return render_template(
        "cohort/settings.html",
        on=cohorts.names_completion(current_session(), g.user.agency_id),
        turn=CHOICES.get(request.args.get("turn", "")),
    )


@bp.post("/settings")
def submit_settings() -> ResponseReturnValue:
    on = CHOICES.get(request.form.get("turn", ""))
    if on is None:
        return redirect(url_for(".settings"), SEE_OTHER)
    transact(lambda db: cohorts.turn_names_completion(db, on=on, actor=g.user, at=now()))
    said = _("Completion by name is on.") if on else _("Completion by name is off.")
    flash(said, "success")
    return redirect(url_for(".settings"), SEE_OTHER)
