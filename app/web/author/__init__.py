"""The trainer's pages: content as learners see it, what its figures say, and who needs a person."""

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app.db import current_session
from app.services.teaching import material
from app.web.author.words import FORMATS, people
from app.web.pictures.skill_map import MapSkill, draw_skill_map

bp = Blueprint("author", __name__, url_prefix="/author")
SEE_OTHER = 303


@bp.get("", endpoint="modules")
def list_modules() -> ResponseReturnValue:
    return render_template(
        "author/modules.html", modules=material.modules(current_session(), trainer=g.user)
    )


@bp.get("/modules/<slug>", endpoint="module")
def show_module(slug: str) -> ResponseReturnValue:
    overview = material.module(current_session(), slug, trainer=g.user)
    drawing = draw_skill_map(
        [
            MapSkill(
                skill.slug, skill.title, skill.prerequisites, "new", url=f"#skill-{skill.slug}"
            )
            for skill in overview.skills
        ]
    )
    return render_template(
        "author/module.html",
        overview=overview,
        own=overview.taught.own,
        drawing=drawing,
        formats=FORMATS,
        people=people,
        notes={
            skill.slug: ngettext(
                "%(num)d item",
                "%(num)d items",
                len(skill.lessons) + len(skill.exercises) + len(skill.transfers),
            )
            for skill in overview.skills
        },
    )


# The other modules hang their routes on this blueprint, so they are imported once it is there.
from app.web.author import (  # noqa: E402
    curves,  # noqa: F401
    drafts,  # noqa: F401
    importing,  # noqa: F401
    item_editor,  # noqa: F401
    items,  # noqa: F401
    pictures,  # noqa: F401
    regrades,  # noqa: F401
    rehearsals,  # noqa: F401
    reports,  # noqa: F401
    reviews,  # noqa: F401
    skills,  # noqa: F401
    stuck,  # noqa: F401
)
