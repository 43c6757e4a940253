"""Skills as a trainer sees them: how they are learned, and how far each learner is."""

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from app.clock import now
from app.db import current_session, transact
from app.services.teaching import curves, grid, material, module_figures
from app.services.teaching.curves import Curve, CurveKind
from app.web.author import SEE_OTHER, bp
from app.web.forms import Form, choices
from app.web.pictures.drawings import LineDrawing, Point, draw_line
from app.web.views import percent

CURVES = {
    CurveKind.GOOD: _l("Learners get better"),
    CurveKind.NO_LEARNING: _l("No learning to be seen"),
    CurveKind.TOO_EASY: _l("Too easy"),
    CurveKind.TOO_FEW: _l("Too few answers"),
}
COLOURS = {
    CurveKind.GOOD: "teal",
    CurveKind.NO_LEARNING: "amber",
    CurveKind.TOO_EASY: "blue",
    CurveKind.TOO_FEW: "grey",
}


@bp.get("/modules/<slug>/curves", endpoint="curves")
def show_curves(slug: str) -> str:
    syllabus = material.content(current_session(), slug, trainer=g.user).syllabus
    figures = module_figures.read(current_session(), syllabus.module_id, trainer=g.user)
    found = [
        (skill, figures.curves.get(skill.id) or curves.curve(()))
        for skill in syllabus.skills.values()
    ]
    return render_template(
        "author/curves.html",
        syllabus=syllabus,
        made_at=figures.made_at,
        skills=[(skill, curve, _draw(curve)) for skill, curve in found],
        names=CURVES,
        colours=COLOURS,
        enough=curves.ENOUGH,
    )


class CohortForm(Form):
    class Meta:
        csrf = False  # it only looks something up

    cohort = SelectField(_l("Cohort"), validate_choice=False)


@bp.get("/modules/<slug>/grid", endpoint="grid")
def show_grid(slug: str) -> str:
    syllabus = material.content(current_session(), slug, trainer=g.user).syllabus
    found = grid.look(
        current_session(),
        syllabus,
        trainer=g.user,
        at=now(),
        key=current_app.config["CAIRN"].secret_key,
        cohort=request.args.get("cohort", ""),
    )
    form = CohortForm(data={"cohort": found.cohort})
    form.cohort.choices = choices(found.cohorts)
    return render_template("author/grid.html", syllabus=syllabus, grid=found, form=form)


@bp.post("/modules/<slug>/grid")
def name_grid(slug: str) -> ResponseReturnValue:
    syllabus = material.content(current_session(), slug, trainer=g.user).syllabus
    cohort = request.form.get("cohort", "")
    transact(lambda db: grid.show_names(db, syllabus, cohort, trainer=g.user, at=now()))
    return redirect(url_for(".grid", slug=slug, cohort=cohort), SEE_OTHER)


def _draw(curve: Curve) -> LineDrawing | None:
    if curve.kind is CurveKind.TOO_FEW:
        return None
    last = max(len(curve.points) - 1, 1)
    return draw_line(
        [
            Point(
                number / last,
                point.share,
                str(_("Try %(number)s", number=point.number)),
                str(
                    _(
                        "%(share)s of %(learners)s learners",
                        share=percent(point.share),
                        learners=point.learners,
                    )
                ),
            )
            for number, point in enumerate(curve.points)
        ],
        y_ticks=[(share, percent(share)) for share in (0.0, 0.5, 1.0)],
    )
