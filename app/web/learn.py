"""The learner's pages: home, practice, skill map, record."""

import uuid

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.clock import now
from app.db import current_session, transact
from app.services.errors import Invalid
from app.services.learning import (
    cards,
    outcome,
    overview,
    placement_results,
    practice,
    problems,
    regrades,
)
from app.services.learning import record as records
from app.services.learning.outcome import Answered
from app.services.learning.practice import Submission
from app.services.oversight import events
from app.web.acts import act_name
from app.web.forms import Form, choices, stripped
from app.web.fragments import fragment_or_page, wants_fragment
from app.web.pictures.drawings import LineDrawing, Point, draw_line
from app.web.pictures.skill_map import MapSkill, draw_skill_map
from app.web.reading import read_submission
from app.web.said import said
from app.web.views import moment

bp = Blueprint("learn", __name__, url_prefix="/learn")
SEE_OTHER = 303
RECORD_LINES = 50
STEP, PRACTICE = "learn/_next.html", "learn/practice.html"


class ReportForm(Form):
    kind = RadioField(
        _l("What is wrong?"),
        [InputRequired(_l("Choose what is wrong"))],
        choices=choices(
            {
                "wrong-answer": _l("I think the answer given as right is wrong"),
                "unclear": _l("I do not understand the question"),
                "out-of-date": _l("It is out of date"),
                "cannot-use": _l("I cannot use it with my device or assistive technology"),
                "other": _l("Something else"),
            }
        ),
    )
    text = TextAreaField(
        _l("Tell us more"),
        [Length(max=2000, message=_l("Use at most 2,000 characters"))],
        filters=[stripped],
        description=_l("Optional. Please leave out names and case details."),
    )


@bp.get("")
def home() -> str:
    return render_template(
        "learn/home.html",
        cards=cards.modules(current_session(), learner=g.user, at=now()),
        today=now().date(),
        regrades=regrades.untold(current_session(), learner=g.user),
    )


@bp.get("/modules/<slug>", endpoint="practice")
def show_practice(slug: str) -> ResponseReturnValue:
    shown = overview.practice(current_session(), slug, learner=g.user, at=now())
    return fragment_or_page(STEP, PRACTICE, shown=shown, given={}, error="", regrades=_regrades())


@bp.post("/modules/<slug>/begin")
def begin(slug: str) -> ResponseReturnValue:
    shown = overview.practice(current_session(), slug, learner=g.user, at=now())
    transact(lambda db: practice.begin(db, shown.card.id, learner=g.user, at=now()))
    return redirect(url_for(".practice", slug=slug), SEE_OTHER)


@bp.get("/servings/<uuid:serving_id>")
def serving(serving_id: uuid.UUID) -> ResponseReturnValue:
    """Before the answer the item is on the practice page; after it, its feedback stays here."""
    found = overview.find_serving(current_session(), serving_id, learner=g.user)
    if not found.answered:
        return redirect(url_for(".practice", slug=found.module_slug))
    answered = outcome.of_serving(current_session(), serving_id, learner=g.user)
    return render_template("learn/answered.html", answered=answered)


@bp.post("/servings/<uuid:serving_id>/answer")
def answer(serving_id: uuid.UUID) -> ResponseReturnValue:
    submission = read_submission(request.form)

    def give(db: Session) -> Answered:
        return practice.answer(db, serving_id, learner=g.user, submission=submission, at=now())

    try:
        # A repeat returns the stored outcome, so a lost commit is settled by asking again.
        answered = transact(give, settle=give)
    except Invalid as problem:
        return _item_again(serving_id, submission, error=said(problem), status=422)
    if answered.was_read:
        return redirect(url_for(".practice", slug=answered.module_slug), SEE_OTHER)
    if wants_fragment():
        return render_template("learn/_feedback.html", answered=answered, swapped=True)
    return redirect(url_for(".serving", serving_id=serving_id), SEE_OTHER)


@bp.post("/servings/<uuid:serving_id>/hint")
def hint(serving_id: uuid.UUID) -> ResponseReturnValue:
    """Open a hint; what was chosen or typed so far comes back with it."""
    wanted = request.form.get("hint", type=int) or 1
    transact(lambda db: practice.take_hint(db, serving_id, number=wanted, learner=g.user, at=now()))
    return _item_again(serving_id, read_submission(request.form), error="", status=200)


@bp.get("/servings/<uuid:serving_id>/report")
def report(serving_id: uuid.UUID) -> str:
    found = overview.find_serving(current_session(), serving_id, learner=g.user)
    return render_template("learn/report.html", form=ReportForm(formdata=None), found=found)


@bp.post("/servings/<uuid:serving_id>/report")
def submit_report(serving_id: uuid.UUID) -> ResponseReturnValue:
    form = ReportForm()
    found = overview.find_serving(current_session(), serving_id, learner=g.user)
    if not form.validate():
        return render_template("learn/report.html", form=form, found=found), 422
    transact(
        lambda db: problems.report(
            db,
            serving_id,
            learner=g.user,
            kind=form.kind.data,
            text=form.text.data or "",
            at=now(),
        )
    )
    flash(_("Thank you. A trainer will look at it."), "success")
    return redirect(url_for(".serving", serving_id=serving_id), SEE_OTHER)


@bp.get("/modules/<slug>/map")
def skill_map(slug: str) -> str:
    shown = overview.practice(current_session(), slug, learner=g.user, at=now())
    drawing = draw_skill_map(
        [
            MapSkill(line.slug, line.title, line.prerequisites, line.state, current=line.current)
            for line in shown.skills
        ]
    )
    return render_template("learn/map.html", shown=shown, drawing=drawing)


@bp.post("/regrades/<uuid:regrade_id>")
def submit_regrade_read(regrade_id: uuid.UUID) -> ResponseReturnValue:
    """The learner has read that a wrong key was put right."""
    transact(lambda db: regrades.note_told(db, regrade_id, learner=g.user, at=now()))
    return redirect(url_for(".home"), SEE_OTHER)


@bp.get("/record")
def record() -> str:
    lines = records.answers(
        current_session(),
        learner=g.user,
        limit=RECORD_LINES + 1,
        before=request.args.get("before", type=int),
    )
    return render_template(
        "learn/record.html",
        lines=lines[:RECORD_LINES],
        more=lines[RECORD_LINES - 1].sequence if len(lines) > RECORD_LINES else None,
        cards=cards.modules(current_session(), learner=g.user, at=now()),
        placements=placement_results.of_learner(current_session(), learner=g.user),
    )


@bp.get("/record/skills/<skill_id>")
def skill_history(skill_id: str) -> str:
    history = records.skill_history(current_session(), skill_id, learner=g.user, at=now())
    return render_template("learn/history.html", history=history, drawing=_draw(history))


@bp.get("/record/visibility")
def visibility() -> str:
    return render_template(
        "learn/visibility.html",
        seen=records.who_sees(current_session(), learner=g.user),
        looks=events.looks_at(current_session(), g.user),
        act_name=act_name,
    )


def _item_again(
    serving_id: uuid.UUID, submission: Submission, *, error: str, status: int
) -> ResponseReturnValue:
    """The item once more with everything that was chosen or typed."""
    found = overview.find_serving(current_session(), serving_id, learner=g.user)
    shown = overview.practice(current_session(), found.module_slug, learner=g.user, at=now())
    return fragment_or_page(
        STEP,
        PRACTICE,
        status=status,
        shown=shown,
        given=submission.fields,
        error=error,
        regrades=_regrades(),
    )


def _regrades() -> tuple[regrades.Notice, ...]:
    """What a whole page tells of keys put right; a fragment is part of a page that told it."""
    return () if wants_fragment() else regrades.untold(current_session(), learner=g.user)


def _draw(history: records.SkillHistory) -> LineDrawing:
    """Mastery after each answer, evenly spaced: answers count here, not days."""
    last = max(len(history.points) - 1, 1)
    return draw_line(
        [
            Point(number / last, point.after, moment(point.answered_at), _in_words(point))
            for number, point in enumerate(history.points)
        ],
        y_ticks=[(0.0, _("not known")), (0.5, _("even")), (1.0, _("known"))],
        goal=(history.threshold, _("counts as mastered")),
        ends=(_("first answer"), _("latest answer")),
    )


def _in_words(point: records.RecordLine) -> str:
    return str(_("%(after).2f (it was %(before).2f)", after=point.after, before=point.before))


# Placement hangs its routes on this blueprint, so it is imported once it is there.
from app.web import placement  # noqa: E402, F401
