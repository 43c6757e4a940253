"""The skills of a draft: a list with buttons, and one skill's page with its questions in words."""

import uuid
from dataclasses import replace
from hashlib import sha256

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import DecimalField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import TextInput

from app.authoring import RawModule, RawSkill
from app.authoring.frameworks import FRAMEWORKS
from app.clock import now
from app.db import current_session, transact
from app.services.catalogue import foundations
from app.services.errors import Invalid, NotFound, Refused
from app.services.workshop import drafts, outline, writing
from app.services.workshop.drafts import Draft
from app.services.workshop.outline import Estimate
from app.web.author import SEE_OTHER, bp
from app.web.author.drafts import counted, drawn
from app.web.forms import Form, choices, stripped
from app.web.said import said

MOVES = {"up": -1, "down": 1}
TEN = 10
OF_TEN = NumberRange(min=0, max=TEN, message=_l("Enter a number from 0 to 10"))


def _of_ten(label: str, hint: str) -> DecimalField:
    return DecimalField(
        label,
        [InputRequired(_l("Enter a number from 0 to 10")), OF_TEN],
        places=None,  # 3, not 3.00
        widget=TextInput(),
        description=hint,
    )


class SkillForm(Form):
    seen = HiddenField()
    title = StringField(
        _l("Title"),
        [InputRequired(_l("Give the skill a title")), Length(max=outline.LONGEST_TITLE)],
        filters=[stripped],
        description=_l("What somebody can do, such as “Say what counts as personal data”."),
    )
    summary = TextAreaField(
        _l("Summary"),
        [Length(max=600)],
        filters=[stripped],
        description=_l("One sentence that begins with “You can”."),
    )
    prerequisites = SelectMultipleField(
        _l("Builds on"),
        description=_l("Skills that people need first. Leave all empty where there are none."),
    )
    builds_on = SelectMultipleField(
        _l("Skills of other modules it builds on"),
        description=_l("Learners see them as advice and can always go on without them."),
    )
    knows = _of_ten(
        _l("Of ten new staff, how many can already do this?"),
        _l("Think of the last people who joined. Halves such as 2.5 are fine."),
    )
    learns = _of_ten(
        _l("Of ten who cannot, how many will have it after one good exercise?"),
        _l("Most skills: 1 to 3."),
    )
    guesses = _of_ten(
        _l("Of ten who cannot, how many will answer right all the same?"),
        _l("With four options about 2.5. Each exercise also counts its own chance by its format."),
    )
    slips = _of_ten(
        _l("Of ten who can, how many will still answer wrong?"),
        _l("A moment of haste, a word misread. Most skills: 0.5 to 1.5."),
    )
    because = TextAreaField(
        _l("Why do you think so?"),
        [Length(max=600)],
        filters=[stripped],
        description=_l("One sentence. Oversight officers and other trainers read it."),
    )
    codes = SelectMultipleField(_l("Codes of outside frameworks"))
    other_codes = TextAreaField(
        _l("Codes of other frameworks"),
        [Length(max=2000)],
        description=_l("One a line: framework: code"),
    )


@bp.get("/drafts/<uuid:draft_id>/skills")
def skills(draft_id: uuid.UUID) -> ResponseReturnValue:
    found = drafts.find(current_session(), draft_id, trainer=g.user)
    if found.raw is None:
        return redirect(url_for(".module_text", draft_id=draft_id), SEE_OTHER)
    return _skills_page(found)


@bp.post("/drafts/<uuid:draft_id>/skills")
def submit_skills(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Add a skill, move one, or take one out."""
    found = drafts.find(current_session(), draft_id, trainer=g.user)
    if found.raw is None:  # somebody has saved a text that cannot be read
        return redirect(url_for(".module_text", draft_id=draft_id), SEE_OTHER)
    act, _dot, skill_id = request.form.get("act", "add").partition(".")
    try:
        anchor = transact(
            lambda db: _alter(db, found, act, skill_id, request.form.get("title", ""))
        )
    except (Invalid, Refused) as problem:
        return _skills_page(found, error=said(problem)), 422
    return redirect(url_for(".skills", draft_id=draft_id, _anchor=anchor), SEE_OTHER)


@bp.get("/drafts/<uuid:draft_id>/skills/<drafted_skill>")
def skill(draft_id: uuid.UUID, drafted_skill: str) -> str:
    found, raw, skill = _found(draft_id, drafted_skill)
    return _skill_page(found, skill, _form_of(found, raw, skill))


@bp.post("/drafts/<uuid:draft_id>/skills/<drafted_skill>")
def submit_skill(draft_id: uuid.UUID, drafted_skill: str) -> ResponseReturnValue:
    found, raw, skill = _found(draft_id, drafted_skill)
    form = _with_choices(SkillForm(), found, raw, skill)
    if not form.validate():
        return _skill_page(found, skill, form), 422
    if form.seen.data != digest_of(skill):
        form.seen.data = digest_of(skill)
        return _skill_page(found, skill, form, stale=True), 409
    try:
        changed = _described(skill, form)
        transact(
            lambda db: writing.alter_module(
                db,
                draft_id,
                lambda now_there: outline.describe_skill(now_there, drafted_skill, changed),
                trainer=g.user,
                at=now(),
            )
        )
    except Invalid as problem:
        form.blame(problem)
        return _skill_page(found, skill, form), 422
    flash(_("Saved “%(title)s”.", title=changed.title), "success")
    return redirect(url_for(".skills", draft_id=draft_id, _anchor=f"skill-{skill.slug}"), SEE_OTHER)


def digest_of(skill: RawSkill) -> str:
    """What a page saw of a skill: another digest means that somebody changed it since."""
    return sha256(repr(skill).encode()).hexdigest()[:16]


def _alter(db: Session, found: Draft, act: str, skill_id: str, title: str) -> str:
    def alter(raw: RawModule) -> RawModule:
        if act in MOVES:
            return outline.move_skill(raw, skill_id, by=MOVES[act])
        if act == "remove":
            items = [item.raw for item in found.items if item.raw and not item.is_retired]
            return outline.remove_skill(raw, skill_id, items=items)
        return outline.add_skill(raw, title)

    writing.alter_module(db, found.id, alter, trainer=g.user, at=now())
    return f"row-{skill_id}" if act in MOVES else "add"


def _found(draft_id: uuid.UUID, skill_id: str) -> tuple[Draft, RawModule, RawSkill]:
    found = drafts.find(current_session(), draft_id, trainer=g.user)
    if found.raw is None:
        raise NotFound
    return found, found.raw, found.raw.skills[outline.place_of(found.raw, skill_id)]


def _form_of(draft: Draft, raw: RawModule, skill: RawSkill) -> SkillForm:
    known = {f"{name}:{code}" for name, codes in skill.frameworks.items() for code in codes}
    listed = {f"{f.name}:{code}" for f in FRAMEWORKS for code in f.codes}
    form = SkillForm(
        formdata=None,
        data={
            "seen": digest_of(skill),
            "title": skill.title,
            "summary": skill.summary,
            "prerequisites": list(skill.prerequisites),
            "builds_on": list(skill.builds_on),
            **{name: _ten(skill.parameters[key]) for name, key in QUESTIONS.items()},
            "because": skill.because,
            "codes": sorted(known & listed),
            "other_codes": "\n".join(code.replace(":", ": ", 1) for code in sorted(known - listed)),
        },
    )
    return _with_choices(form, draft, raw, skill)


QUESTIONS = {"knows": "prior", "learns": "learn", "guesses": "guess", "slips": "slip"}


def _ten(share: float) -> float:
    of_ten = round(share * TEN, 3)
    return int(of_ten) if of_ten == int(of_ten) else of_ten


def _with_choices(form: SkillForm, draft: Draft, raw: RawModule, skill: RawSkill) -> SkillForm:
    form.prerequisites.choices = choices(
        {other.slug: other.title for other in raw.skills if other.id != skill.id}
    )
    form.builds_on.choices = _elsewhere(draft, skill)
    form.codes.choices = choices(
        {
            f"{f.name}:{code}": f"{code} {title}" if code[0].isdigit() else title
            for f in FRAMEWORKS
            for code, title in f.codes.items()
        }
    )
    return form


def _elsewhere(draft: Draft, skill: RawSkill) -> dict[str, list[SelectChoice]]:
    """The skills of every other module by its title; one that is no longer there stays in sight."""
    modules = foundations.offered(
        current_session(), agency_id=g.user.agency_id, without=draft.module_id
    )
    known = {one.place for skills in modules for one in skills}
    gone = {place: place for place in skill.builds_on if place not in known}
    found = {
        skills[0].module_title: choices({one.place: one.skill_title for one in skills})
        for skills in modules
        if skills
    }
    return found | ({str(_("No longer offered")): choices(gone)} if gone else {})


def _described(skill: RawSkill, form: SkillForm) -> RawSkill:
    shares = {name: float(form[name].data) / TEN for name in QUESTIONS}
    return replace(
        skill,
        title=form.title.data or "",
        summary=" ".join((form.summary.data or "").split()),
        prerequisites=tuple(form.prerequisites.data or ()),
        builds_on=tuple(form.builds_on.data or ()),
        parameters={**outline.estimated(Estimate(**shares)), "forget": skill.parameters["forget"]},
        because=" ".join((form.because.data or "").split()),
        frameworks=_codes([*(form.codes.data or ()), *(form.other_codes.data or "").splitlines()]),
    )


def _codes(lines: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if not line.strip():
            continue
        name, colon, code = (part.strip() for part in line.partition(":"))
        if not (name and colon and code):
            raise Invalid("Write each code as framework: code", field="other_codes")
        if code not in found.get(name, ()):
            found[name] = (*found.get(name, ()), code)
    return found


def _skills_page(found: Draft, *, error: str = "") -> str:
    return render_template(
        "author/draft_skills.html",
        draft=found,
        drawing=drawn(found),
        notes=counted(found),
        error=error,
        typed=request.form.get("title", ""),
    )


def _skill_page(found: Draft, skill: RawSkill, form: SkillForm, *, stale: bool = False) -> str:
    return render_template(
        "author/draft_skill.html",
        draft=found,
        skill=skill,
        form=form,
        stale=stale,
        frameworks=FRAMEWORKS,
    )
