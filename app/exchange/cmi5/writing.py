"""A module as a cmi5 course: one assignable unit, its skills as objectives."""

from app.authoring import Module
from app.exchange.cmi5.course import NAMESPACE
from app.exchange.qti.written_xml import el, text


def write_course(module: Module, *, base: str) -> str:
    """Return cmi5.xml for a module that is learned at this public address.

    The unit is the module's own page: an adaptive module decides by itself what comes next, so it
    is not cut into units that another system would put in order.
    """
    root = f"{base.rstrip('/')}/cmi5/modules/{module.id}"
    objectives = [f"{base.rstrip('/')}/cmi5/skills/{skill.id}" for skill in module.skills]
    named = (
        el("objective", *_named(module, skill.title, skill.summary), id=address)
        for skill, address in zip(module.skills, objectives, strict=True)
    )
    references = (el("objective", idref=address) for address in objectives)
    unit = el(
        "au",
        *_named(module, module.title, module.goal),
        el("objectives", *references),
        el("url", text(f"{base.rstrip('/')}/learn/modules/{module.slug}")),
        id=f"{root}/unit",
        moveOn="Completed",
        launchMethod="OwnWindow",
    )
    course = el("course", *_named(module, module.title, module.summary), id=root)
    inner = "\n".join(("", course, el("objectives", *named), unit, ""))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{el("courseStructure", inner, xmlns=NAMESPACE)}\n'
    )


def _named(module: Module, title: str, description: str) -> tuple[str, str]:
    return (
        el("title", el("langstring", text(title), lang=module.language)),
        el("description", el("langstring", text(description), lang=module.language)),
    )
