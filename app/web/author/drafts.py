"""The workshop's front: every draft, one draft with what it lacks, and what the module is about."""

import uuid
from dataclasses import replace
from datetime import date

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.authoring import RawModule, RawSkill, RawSource, read_raw_module
from app.clock import now
from app.db import current_session, transact
from app.services.errors import Invalid
from app.services.workshop import (
    copying,
    drafts,
    findings,
    outline,
    programmes,
    releasing,
    reviewing,
    writing,
)
from app.services.workshop.drafts import Draft
from app.services.workshop.writing import Stale
from app.web.author import SEE_OTHER, bp
from app.web.author.words import DECISIONS, FORMATS, LANGUAGES, STAGES
from app.web.forms import Form, choices, stripped
from app.web.pictures.skill_map import MapSkill, SkillMap, draw_skill_map
from app.web.said import said

NEW, NONE = "new", ""
SOURCE_PARTS = 4
LONGEST_WORDS = 1000


class NewDraftForm(Form):
    title = StringField(
        _l("Title"),
        [InputRequired(_l("Give the module a title")), Length(max=drafts.LONGEST_TITLE)],
        filters=[stripped],
        description=_l("A few words that say what people will be able to do."),
    )
    language = SelectField(_l("Language"), choices=choices(LANGUAGES), default="en")


class AboutForm(Form):
    title = StringField(
        _l("Title"),
        [InputRequired(_l("Give the module a title")), Length(max=drafts.LONGEST_TITLE)],
        filters=[stripped],
    )
    summary = TextAreaField(
        _l("Summary"),
        [Length(max=LONGEST_WORDS)],
        filters=[stripped],
        description=_l("One or two sentences. Learners read them before they begin."),
    )
    goal = TextAreaField(
        _l("Goal"),
        [Length(max=LONGEST_WORDS)],
        filters=[stripped],
        description=_l("What people can do afterwards: “After this module you can ...”"),
    )
    language = SelectField(_l("Language"), choices=choices(LANGUAGES))
    as_of = DateField(
        _l("Facts as of"),
        [InputRequired(_l("Enter the day on which the facts were checked"))],
        description=_l("The day on which law and guidance were last checked."),
    )
    sources = TextAreaField(
        _l("Sources"),
        [Length(max=10_000)],
        description=_l("One a line: title | publisher | year | address that begins with https://"),
    )
    programme = SelectField(
        _l("Programme"),
        description=_l("Learners meet the module through a programme they are enrolled in."),
    )
    new_programme = StringField(
        _l("Title of the new programme"),
        filters=[stripped],
        description=_l("Only if you chose a new programme above."),
    )


@bp.get("/drafts", endpoint="drafts")
def list_drafts() -> str:
    return render_template(
        "author/drafts.html",
        drafts=drafts.all_of(current_session(), trainer=g.user),
        stages=STAGES,
    )


@bp.get("/drafts/new")
def new_draft() -> str:
    return render_template("author/draft_new.html", form=NewDraftForm(formdata=None))


@bp.post("/drafts/new")
def submit_new_draft() -> ResponseReturnValue:
    form = NewDraftForm()
    if not form.validate():
        return render_template("author/draft_new.html", form=form), 422
    draft_id = transact(
        lambda db: drafts.create(
            db,
            trainer=g.user,
            title=form.title.data or "",
            language=form.language.data,
            at=now(),
        )
    )
    return redirect(url_for(".draft", draft_id=draft_id), SEE_OTHER)


@bp.post("/modules/<slug>/edit", endpoint="submit_copy")
def edit_published(slug: str) -> ResponseReturnValue:
    """Open a published module for writing: the agency's own, or its copy of a shared one."""
    draft_id = transact(lambda db: copying.edit(db, slug, trainer=g.user, at=now()))
    return redirect(url_for(".draft", draft_id=draft_id), SEE_OTHER)


@bp.get("/drafts/<uuid:draft_id>")
def draft(draft_id: uuid.UUID) -> str:
    session = current_session()
    found = drafts.find(session, draft_id, trainer=g.user)
    checked = findings.check(session, found, trainer=g.user)
    return render_template(
        "author/draft.html",
        draft=found,
        checked=checked,
        desk=reviewing.desk(session, found, trainer=g.user),
        status=releasing.status(session, found),
        drawing=drawn(found),
        notes=counted(found),
        stages=STAGES,
        decisions=DECISIONS,
        formats=FORMATS,
        groups=_grouped(found),
        item_drafts={item.item_id: item for item in found.items},
    )


@bp.get("/drafts/<uuid:draft_id>/about")
def about(draft_id: uuid.UUID) -> ResponseReturnValue:
    found = drafts.find(current_session(), draft_id, trainer=g.user)
    if found.raw is None:
        return redirect(url_for(".module_text", draft_id=draft_id), SEE_OTHER)
    return _about_page(found, _about_form(found, found.raw), version=found.version)


@bp.post("/drafts/<uuid:draft_id>/about")
def submit_about(draft_id: uuid.UUID) -> ResponseReturnValue:
    found = drafts.find(current_session(), draft_id, trainer=g.user)
    form = _with_programmes(AboutForm())
    version = request.form.get("version", type=int) or 0
    if not form.validate():
        return _about_page(found, form, version=version), 422
    try:
        saved = transact(lambda db: _save_about(db, found, form, version))
    except Invalid as problem:
        form.blame(problem)
        return _about_page(found, form, version=version), 422
    if isinstance(saved, Stale):
        return _about_page(found, form, version=saved.version, stale=saved), 409
    flash(_("Saved."), "success")
    return redirect(url_for(".draft", draft_id=draft_id), SEE_OTHER)


@bp.get("/drafts/<uuid:draft_id>/text")
def module_text(draft_id: uuid.UUID) -> str:
    found = drafts.find(current_session(), draft_id, trainer=g.user)
    return _text_page(found, text=found.text)


@bp.post("/drafts/<uuid:draft_id>/text")
def submit_module_text(draft_id: uuid.UUID) -> ResponseReturnValue:
    found = drafts.find(current_session(), draft_id, trainer=g.user)
    text, version = request.form.get("text", ""), request.form.get("version", type=int) or 0
    try:
        saved = transact(
            lambda db: writing.save_module(
                db, draft_id, trainer=g.user, text=text, version=version, at=now()
            )
        )
    except Invalid as problem:
        return _text_page(found, text=text, error=said(problem)), 422
    if isinstance(saved, Stale):
        return _text_page(found, text=text, stale=saved), 409
    flash(_("Saved."), "success")
    return redirect(url_for(".module_text", draft_id=draft_id), SEE_OTHER)


def drawn(found: Draft) -> SkillMap | None:
    """The map of a draft's skills; None where it cannot be drawn."""
    raw = found.raw
    if raw is None or not raw.skills or outline.circle(raw):
        return None
    return draw_skill_map(
        [
            MapSkill(s.slug, s.title, s.prerequisites, "new", url=_skill_page(found, s))
            for s in raw.skills
        ]
    )


def _skill_page(found: Draft, skill: RawSkill) -> str:
    return url_for(".skill", draft_id=found.id, drafted_skill=skill.id)


def counted(found: Draft) -> dict[str, str]:
    """How many items each skill has, in words."""
    skills = found.raw.skills if found.raw else ()
    counts = {
        skill.slug: sum(
            not item.is_retired and item.raw is not None and skill.slug in item.raw.skills
            for item in found.items
        )
        for skill in skills
    }
    return {
        slug: _("1 item") if count == 1 else _("%(count)d items", count=count)
        for slug, count in counts.items()
    }


def _grouped(found: Draft) -> list[tuple[str, str | None, list[drafts.DraftedItem]]]:
    """The items under the title of their main skill and its language, in the skills' order."""
    skills = found.raw.skills if found.raw else ()
    groups: list[tuple[str, str | None, list[drafts.DraftedItem]]] = [
        (skill.title, found.language, [item for item in found.items if item.folder == skill.slug])
        for skill in skills
    ]
    known = {skill.slug for skill in skills}
    rest = [item for item in found.items if item.folder not in known]
    return [*groups, (str(_("Without a skill")), None, rest)] if rest else groups


def _about_form(found: Draft, raw: RawModule) -> AboutForm:
    form = AboutForm(
        formdata=None,
        data={
            "title": raw.title,
            "summary": raw.summary,
            "goal": raw.goal,
            "language": raw.language,
            "as_of": raw.as_of,
            "sources": "\n".join(_source_line(source) for source in raw.sources),
            "programme": found.programme_id or NONE,
        },
    )
    return _with_programmes(form)


def _with_programmes(form: AboutForm) -> AboutForm:
    own = programmes.own(current_session(), trainer=g.user)
    named = {NONE: _("None yet")} | {line.id: line.title for line in own}
    form.programme.choices = choices(named | {NEW: _("A new programme")})
    return form


def _save_about(db: Session, found: Draft, form: AboutForm, version: int) -> object:
    row = drafts.lock(db, found.id, trainer=g.user)
    raw = read_raw_module(row.text)
    if raw is None:
        raise Invalid("The text of this module cannot be read. Mend it as text first.")
    changed = replace(
        raw,
        title=form.title.data or "",
        summary=" ".join((form.summary.data or "").split()),
        goal=" ".join((form.goal.data or "").split()),
        language=form.language.data,
        as_of=form.as_of.data if isinstance(form.as_of.data, date) else None,
        sources=_sources(form.sources.data or ""),
    )
    saved = writing.change_module(db, found.id, changed, trainer=g.user, version=version, at=now())
    if not isinstance(saved, Stale):
        row.programme_id = _chosen_programme(db, form)
    return saved


def _chosen_programme(db: Session, form: AboutForm) -> str | None:
    chosen = form.programme.data
    if chosen == NEW:
        return programmes.create(db, form.new_programme.data or "", trainer=g.user, at=now())
    return chosen or None


def _sources(typed: str) -> tuple[RawSource, ...]:
    found = []
    for number, line in enumerate(typed.splitlines(), start=1):
        parts = [part.strip() for part in line.split("|")]
        if not line.strip():
            continue
        if len(parts) != SOURCE_PARTS or not parts[2].isdecimal() or len(parts[2]) != 4:  # noqa: PLR2004
            raise Invalid(
                "Line %(number)d needs a title, a publisher, a year and an address, with | between",
                field="sources",
                number=number,
            )
        found.append(RawSource(parts[0], parts[1], int(parts[2]), parts[3]))
    return tuple(found)


def _source_line(source: RawSource) -> str:
    return f"{source.title} | {source.publisher} | {source.year} | {source.url}"


def _about_page(found: Draft, form: AboutForm, *, version: int, stale: Stale | None = None) -> str:
    return render_template(
        "author/draft_about.html",
        draft=found,
        form=form,
        version=version,
        stale=stale,
        theirs=read_raw_module(stale.text) if stale else None,
        languages=LANGUAGES,
    )


def _text_page(found: Draft, *, text: str, error: str = "", stale: Stale | None = None) -> str:
    session = current_session()
    tried = replace(found, text=text, raw=read_raw_module(text))
    return render_template(
        "author/draft_text.html",
        draft=found,
        item=None,
        title=found.title,
        text=text,
        version=stale.version if stale else found.version,
        error=error,
        stale=stale,
        found=findings.check(session, tried, trainer=g.user).of_module,
        readable=tried.raw is not None,
        action=url_for(".submit_module_text", draft_id=found.id),
    )
