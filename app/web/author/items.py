"""Items as a trainer sees them: in a list, those to mend first; and one by one with its figures."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from app.authoring import Exercise
from app.db import current_session
from app.services.teaching import item_figures, item_list, material, reports
from app.services.teaching.item_figures import NO_FIGURES, Choices
from app.services.teaching.item_key import KeyPart, PartKind
from app.services.teaching.item_list import Order
from app.web.author import bp
from app.web.author.words import FORMATS, REPORT_KINDS, part_label
from app.web.forms import Form, choices
from app.web.pictures.drawings import Bar, BarDrawing, draw_bars
from app.web.views import percent

ORDERS = {
    Order.MEND: _l("What to mend first"),
    Order.FACILITY: _l("Hardest first"),
    Order.ANSWERS: _l("Most answered first"),
    Order.REPORTS: _l("Most reported first"),
    Order.TITLE: _l("Title"),
    Order.MODULE: _l("Order in the module"),
}


class ListForm(Form):
    class Meta:
        csrf = False  # it only looks something up

    skill = SelectField(_l("Skill"), default="")
    sort = SelectField(
        _l("Sort by"),
        choices=choices({order.value: name for order, name in ORDERS.items()}),
        default=Order.MEND.value,
    )


@bp.get("/modules/<slug>/items", endpoint="items")
def list_items(slug: str) -> ResponseReturnValue:
    content = material.content(current_session(), slug, trainer=g.user)
    form = ListForm(request.args)
    named = {skill.slug: skill.title for skill in content.syllabus.skills.values()}
    form.skill.choices = choices({"": _("All skills")} | named)
    if not form.validate():  # an address typed by hand: show the plain list
        form = ListForm(None)
        form.skill.choices = choices({"": _("All skills")} | named)
    lines = item_list.lines(
        current_session(),
        content,
        trainer=g.user,
        skill_slug=form.skill.data,
        order=Order(form.sort.data),
    )
    return render_template(
        "author/items.html",
        syllabus=content.syllabus,
        form=form,
        lines=lines,
        formats=FORMATS,
        enough=item_figures.ENOUGH,
    )


@bp.get("/items/<item_id>", endpoint="item")
def show_item(item_id: str) -> ResponseReturnValue:
    session = current_session()
    item = material.item(session, item_id, trainer=g.user)
    found = item_figures.of_items(
        session, item.content.syllabus, item.content.parameters, [item.entry], trainer=g.user
    )
    figures = found.get(item_id, NO_FIGURES)
    exercise = item.document if isinstance(item.document, Exercise) else None
    taken = item_figures.choices(session, item.entry, exercise, trainer=g.user)
    return render_template(
        "author/item.html",
        item=item,
        figures=figures,
        taken=taken,
        drawing=_draw(item.key, taken) if figures.enough else None,
        in_place=bool(item.key) and item.key[0].kind in (PartKind.STEP, PartKind.PAIR),
        reports=reports.of_item(session, item_id, trainer=g.user),
        formats=FORMATS,
        report_kinds=REPORT_KINDS,
        part_label=part_label,
        enough=item_figures.ENOUGH,
        read_at_most=item_figures.READ_AT_MOST,
    )


def _draw(key: tuple[KeyPart, ...], taken: Choices) -> BarDrawing | None:
    """A bar for each part of the key and for "I don't know"; None for a lesson."""
    if not key:
        return None
    counts = [(_label(part), taken.taken.get(part.key, 0)) for part in key]
    counts.append((_("Does not know"), taken.dont_know))
    return draw_bars(
        [
            Bar(label, f"{percent(count / taken.read)} ({count})", count / taken.read)
            for label, count in counts
        ],
    )


def _label(part: KeyPart) -> str:
    if part.kind is PartKind.OPTION and part.right:
        return str(_("%(letter)s, right", letter=part_label(part)))
    return part_label(part)
