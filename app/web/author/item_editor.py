"""Writing an item: as a form, as text, with the learner's view of it beside."""

import secrets
import uuid
from dataclasses import dataclass

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.authoring import RawItem, read_raw, write_item
from app.clock import now
from app.db import current_session, transact
from app.services.errors import Invalid
from app.services.workshop import differences, drafts, findings, reviewing, specimen, writing
from app.services.workshop.differences import Line
from app.services.workshop.drafts import Draft, DraftedItem
from app.services.workshop.writing import Saved, Stale
from app.web.author import SEE_OTHER, bp
from app.web.author.item_fields import act_on, blank, fields_of, read_fields
from app.web.author.words import FORMATS, LABELS, ROW_WORDS, part_label
from app.web.said import said

PAGE_BYTES = 8


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two texts of one item: what another save left there, and how the typed one differs."""

    stale: Stale
    lines: tuple[Line, ...]


@bp.get("/drafts/<uuid:draft_id>/items/new")
def new_item(draft_id: uuid.UUID) -> ResponseReturnValue:
    """The form for a new item; an address may name the skill it is for."""
    return _new_page(drafts.find(current_session(), draft_id, trainer=g.user))


@bp.post("/drafts/<uuid:draft_id>/items/new")
def submit_new_item(draft_id: uuid.UUID) -> ResponseReturnValue:
    draft = drafts.find(current_session(), draft_id, trainer=g.user)
    format_, title = request.form.get("format", ""), request.form.get("title", "").strip()
    skill = request.form.get("skill", "")
    errors = {}
    if format_ not in FORMATS:
        errors["format"] = _("Choose what kind of item it is")
    if not title or len(title) > drafts.LONGEST_TITLE:
        errors["title"] = _("Give the item a title of 1 to 120 characters")
    if draft.raw is None or draft.raw.skill(skill) is None:
        errors["skill"] = _("Choose the skill it belongs to")
    if errors:
        return _new_page(draft, errors=errors), 422
    kind = "lesson" if format_ in {"explanation", "worked-case"} else "exercise"
    raw = blank(kind, format_, title=title, skill=skill)
    (item_id,) = transact(
        lambda db: drafts.add_items(db, draft_id, [raw], trainer=g.user, at=now())
    )
    return redirect(url_for(".edit_item", draft_id=draft_id, item_draft_id=item_id), SEE_OTHER)


@bp.get("/drafts/<uuid:draft_id>/items/<uuid:item_draft_id>")
def edit_item(draft_id: uuid.UUID, item_draft_id: uuid.UUID) -> ResponseReturnValue:
    draft, item = _found(draft_id, item_draft_id)
    if item.raw is None:
        to = url_for(".item_text", draft_id=draft_id, item_draft_id=item_draft_id)
        return redirect(to, SEE_OTHER)
    return _form_page(draft, item, item.raw)


@bp.post("/drafts/<uuid:draft_id>/items/<uuid:item_draft_id>")
def submit_item(draft_id: uuid.UUID, item_draft_id: uuid.UUID) -> ResponseReturnValue:
    """Save the form; a row button saves it too, then adds, removes or moves its row."""
    draft, item = _found(draft_id, item_draft_id)
    raw, anchor = act_on(_sent(item), request.form.get("act", ""))
    try:
        saved = transact(lambda db: _save(db, draft, item, write_item(raw)))
    except Invalid as problem:
        return _form_page(draft, item, raw, error=said(problem)), 422
    if isinstance(saved, Stale):
        return _form_page(draft, item, raw, conflict=_conflict(saved, draft, raw)), 409
    if not anchor:
        flash(_("Saved."), "success")
    to = url_for(
        ".edit_item", draft_id=draft_id, item_draft_id=item_draft_id, _anchor=anchor or None
    )
    return redirect(to, SEE_OTHER)


@bp.post("/drafts/<uuid:draft_id>/items/<uuid:item_draft_id>/preview")
def submit_preview(draft_id: uuid.UUID, item_draft_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what the open page holds, and show it as learners would see it."""
    draft, item = _found(draft_id, item_draft_id)
    raw = _sent(item)

    def keep(db: Session) -> Saved | Stale:
        return writing.autosave_item(
            db,
            draft.id,
            item.id,
            trainer=g.user,
            text=write_item(raw),
            version=_version(),
            at=now(),
            page=request.form.get("page", "")[:64],
        )

    saved = transact(keep)
    if isinstance(saved, Stale):
        return _preview(draft, item, raw, conflict=_conflict(saved, draft, raw), swapped=True)
    return _preview(draft, item, raw, version=saved.version, swapped=True)


@bp.get("/drafts/<uuid:draft_id>/items/<uuid:item_draft_id>/text")
def item_text(draft_id: uuid.UUID, item_draft_id: uuid.UUID) -> ResponseReturnValue:
    draft, item = _found(draft_id, item_draft_id)
    return _text_page(draft, item, text=item.text)


@bp.post("/drafts/<uuid:draft_id>/items/<uuid:item_draft_id>/text")
def submit_item_text(draft_id: uuid.UUID, item_draft_id: uuid.UUID) -> ResponseReturnValue:
    draft, item = _found(draft_id, item_draft_id)
    text = request.form.get("text", "")
    try:
        saved = transact(lambda db: _save(db, draft, item, text))
    except Invalid as problem:
        return _text_page(draft, item, text=text, error=said(problem)), 422
    if isinstance(saved, Stale):
        return _text_page(draft, item, text=text, stale=saved), 409
    flash(_("Saved."), "success")
    to = url_for(".item_text", draft_id=draft_id, item_draft_id=item_draft_id)
    return redirect(to, SEE_OTHER)


@bp.post("/drafts/<uuid:draft_id>/items/<uuid:item_draft_id>/state")
def submit_item_state(draft_id: uuid.UUID, item_draft_id: uuid.UUID) -> ResponseReturnValue:
    """Take an item out of the module, or use a retired one again."""
    draft, item = _found(draft_id, item_draft_id)
    if request.form.get("act") == "use":
        transact(lambda db: writing.use_item_again(db, draft.id, item.id, trainer=g.user, at=now()))
        flash(_("“%(title)s” is used again.", title=item.title), "success")
    else:
        gone = transact(
            lambda db: writing.remove_item(db, draft.id, item.id, trainer=g.user, at=now())
        )
        text = _("“%(title)s” was taken out.") if gone else _("“%(title)s” will be retired.")
        flash(text % {"title": item.title}, "success")
    return redirect(url_for(".draft", draft_id=draft_id, _anchor="items"), SEE_OTHER)


def _found(draft_id: uuid.UUID, item_draft_id: uuid.UUID) -> tuple[Draft, DraftedItem]:
    draft = drafts.find(current_session(), draft_id, trainer=g.user)
    return draft, draft.item(item_draft_id)


def _sent(item: DraftedItem) -> RawItem:
    if item.raw is None:
        abort(409)
    return read_fields(request.form, item.raw)


def _version() -> int:
    return request.form.get("version", type=int) or 0


def _save(db: Session, draft: Draft, item: DraftedItem, text: str) -> Saved | Stale:
    return writing.save_item(
        db,
        draft.id,
        item.id,
        trainer=g.user,
        text=text,
        version=_version(),
        at=now(),
        page=request.form.get("page", "")[:64],
    )


def _conflict(stale: Stale, draft: Draft, raw: RawItem) -> Conflict:
    theirs = read_raw(stale.text)
    titles = {skill.slug: skill.title for skill in draft.raw.skills} if draft.raw else {}
    old = differences.said_by_item(theirs, titles) if theirs else []
    return Conflict(stale, differences.compared(old, differences.said_by_item(raw, titles)))


def _form_page(
    draft: Draft,
    item: DraftedItem,
    raw: RawItem,
    *,
    error: str = "",
    conflict: Conflict | None = None,
) -> str:
    desk = reviewing.desk(current_session(), draft, trainer=g.user)
    return render_template(
        "author/draft_item.html",
        draft=draft,
        item=item,
        fields=fields_of(raw),
        version=conflict.stale.version if conflict else item.version,
        page=secrets.token_hex(PAGE_BYTES),
        error=error,
        comments=desk.of_item(item.item_id),
        row_words=ROW_WORDS,
        earlier=writing.earlier_texts(current_session(), draft.id, item.item_id, trainer=g.user),
        **_preview_words(draft, item, raw, conflict=conflict),
    )


def _preview(
    draft: Draft,
    item: DraftedItem,
    raw: RawItem,
    *,
    version: int | None = None,
    conflict: Conflict | None = None,
    swapped: bool = False,
) -> str:
    words = _preview_words(draft, item, raw, conflict=conflict)
    return render_template(
        "author/_preview.html",
        draft=draft,
        item=item,
        version=version,
        swapped=swapped,
        saved_at=now(),
        **words,
    )


def _preview_words(
    draft: Draft, item: DraftedItem, raw: RawItem, *, conflict: Conflict | None
) -> dict[str, object]:
    """What the learner's view of an item needs, whether it is swapped in or part of the page."""
    shown = specimen.of_text(write_item(raw), file=item.file)
    kept = drafts.alone(draft, item, write_item(raw))
    checked = findings.check(current_session(), kept, trainer=g.user)
    return {
        "shown": shown,
        "found": checked.of_item(item.item_id),
        "conflict": conflict,
        "formats": FORMATS,
        "labels": LABELS,
        "part_label": part_label,
    }


def _text_page(
    draft: Draft, item: DraftedItem, *, text: str, error: str = "", stale: Stale | None = None
) -> str:
    checked = findings.check(current_session(), drafts.alone(draft, item, text), trainer=g.user)
    return render_template(
        "author/draft_text.html",
        draft=draft,
        item=item,
        title=item.title,
        text=text,
        version=stale.version if stale else item.version,
        error=error,
        stale=stale,
        found=checked.of_item(item.item_id),
        readable=read_raw(text) is not None,
        action=url_for(".submit_item_text", draft_id=draft.id, item_draft_id=item.id),
    )


def _new_page(draft: Draft, *, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "author/draft_new_item.html",
        draft=draft,
        formats=FORMATS,
        errors=errors or {},
        typed={
            name: request.form.get(name, request.args.get(name, ""))
            for name in ("title", "format", "skill")
        },
    )
