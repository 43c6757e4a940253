"""A module or a draft rehearsed: asked for, and read once the work is done."""

import uuid

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.clock import now
from app.db import current_session, transact
from app.services.errors import Refused
from app.services.teaching import material, rehearsals
from app.services.workshop import draft_rehearsals, drafts
from app.web.author import SEE_OTHER, bp
from app.web.said import said

# Who rehearses, and what they are like.
KINDS = {
    "newcomer": (_l("Newcomers"), _l("Know next to nothing of it beforehand.")),
    "knower": (_l("People who know it"), _l("Know every skill before they start.")),
    "slow": (_l("Slow learners"), _l("Know next to nothing, and need more than twice as long.")),
}


@bp.get("/modules/<slug>/rehearsal", endpoint="rehearsal")
def show_rehearsal(slug: str) -> str:
    session = current_session()
    syllabus = material.content(session, slug, trainer=g.user).syllabus
    return render_template(
        "author/rehearsal.html",
        title=syllabus.title,
        language=syllabus.language,
        titles={skill.id: skill.title for skill in syllabus.skills.values()},
        item_titles={item.id: item.title for item in syllabus.items.values()},
        draft=None,
        back=url_for(".module", slug=slug),
        again=url_for(".submit_rehearsal", slug=slug),
        found=rehearsals.latest(session, syllabus.module_id, trainer=g.user),
        kinds=KINDS,
        refusal="",
    )


@bp.post("/modules/<slug>/rehearsal")
def submit_rehearsal(slug: str) -> ResponseReturnValue:
    job_id = transact(lambda db: rehearsals.ask(db, slug, trainer=g.user, at=now()))
    return redirect(url_for("jobs.job", job_id=job_id), SEE_OTHER)


@bp.get("/drafts/<uuid:draft_id>/rehearsal", endpoint="draft_rehearsal")
def show_draft_rehearsal(draft_id: uuid.UUID) -> str:
    session = current_session()
    draft = drafts.find(session, draft_id, trainer=g.user)
    return _draft_page(draft, found=draft_rehearsals.latest(session, draft), refusal="")


@bp.post("/drafts/<uuid:draft_id>/rehearsal")
def submit_draft_rehearsal(draft_id: uuid.UUID) -> ResponseReturnValue:
    try:
        job_id = transact(lambda db: draft_rehearsals.ask(db, draft_id, trainer=g.user, at=now()))
    except Refused as problem:
        draft = drafts.find(current_session(), draft_id, trainer=g.user)
        return _draft_page(draft, found=None, refusal=said(problem)), 409
    return redirect(url_for("jobs.job", job_id=job_id), SEE_OTHER)


def _draft_page(draft: drafts.Draft, *, found: rehearsals.Rehearsed | None, refusal: str) -> str:
    return render_template(
        "author/rehearsal.html",
        title=draft.title,
        language=draft.language,
        titles={skill.id: skill.title for skill in draft.raw.skills} if draft.raw else {},
        item_titles={item.item_id: item.raw.title for item in draft.items if item.raw},
        draft=draft,
        back=url_for(".draft", draft_id=draft.id),
        again=url_for(".submit_draft_rehearsal", draft_id=draft.id),
        found=found,
        kinds=KINDS,
        refusal=refusal,
    )
