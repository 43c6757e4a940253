"""Items as a trainer sees them: in a list, those to mend first; and one by one with its figures."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from app.db import current_session
from app.services.teaching import item_figures, item_list, material, module_figures, reports
from app.services.teaching.item_figures import Figures
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
    Order.DISCRIMINATION: _l("Tells least apart first"),
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
    figures = module_figures.read(current_session(), content.syllabus.module_id, trainer=g.user)
    lines = item_list.lines(
        current_session(),
        content,
        figures,
        trainer=g.user,
        skill_slug=form.skill.data,
        order=Order(form.sort.data),
    )
    return render_template(
        "author/items.html",
        syllabus=content.syllabus,
        form=form,
        lines=lines,
        made_at=figures.made_at,
        formats=FORMATS,
        enough=item_figures.ENOUGH,
    )


@bp.get("/items/<item_id>", endpoint="item")
def show_item(item_id: str) -> ResponseReturnValue:
    session = current_session()
    item = material.item(session, item_id, trainer=g.user)
    known = module_figures.read(session, item.content.syllabus.module_id, trainer=g.user)
    figures = known.of_item(item.entry)
    return render_template(
        "author/item.html",
        item=item,
        figures=figures,
        made_at=known.made_at,
        suspected=item_list.suspected_key(item.key, figures),
        drawing=_draw(item.key, figures) if figures.enough else None,
        in_place=bool(item.key) and item.key[0].kind in (PartKind.STEP, PartKind.PAIR),
        reports=reports.of_item(session, item_id, trainer=g.user),
        formats=FORMATS,
        report_kinds=REPORT_KINDS,
        part_label=part_label,
        enough=item_figures.ENOUGH,
        enough_to_compare=item_figures.ENOUGH_TO_COMPARE,
    )


def _draw(key: tuple[KeyPart, ...], figures: Figures) -> BarDrawing | None:
    """A bar for each part of the key and for "I don't know"; None for a lesson."""
    if not key:
        return None
    counts = [(_label(part), figures.taken.get(part.key, 0)) for part in key]
    counts.append((_("Does not know"), figures.dont_know))
    return draw_bars(
        [
            Bar(
                label,
                f"{percent(count / figures.learners)} ({count})",
                count / figures.learners,
            )
            for label, count in counts
        ],
    )


def _label(part: KeyPart) -> str:
    if part.kind is PartKind.OPTION and part.right:
        return str(_("%(letter)s, right", letter=part_label(part)))
    return part_label(part)
