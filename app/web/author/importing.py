"""Other people's question files: looked at first, then taken into a draft whole, or not at all."""

import base64
import binascii
import uuid
import zlib

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField

from app.clock import now
from app.db import current_session, transact
from app.exchange import Question, Read, Unsupported, items_from
from app.exchange.gaps import gaps
from app.exchange.readers import READERS
from app.services.errors import Invalid
from app.services.workshop import drafts, importing
from app.services.workshop.drafts import Draft
from app.web.author import SEE_OTHER, bp
from app.web.author.categories import (
    MOST,
    PlacesForm,
    categories_of,
    placed,
    places_form,
    shown,
)
from app.web.author.words import FORMATS
from app.web.forms import Form, choices

MOST_BYTES = 2_000_000
HELD_BYTES = 600_000  # a file that packs into this goes along in the page, not to be chosen again


class ImportForm(Form):
    file = FileField(
        _l("Question file"),
        description=_l("At most 2 MB. Nothing is added before you have seen what is in it."),
    )
    skill = SelectField(
        _l("Skill"),
        description=_l("The skill that the questions practise. You can change it later."),
    )
    name = HiddenField()
    held = HiddenField()


@bp.get("/drafts/<uuid:draft_id>/import")
def import_questions(draft_id: uuid.UUID) -> str:
    found = drafts.find(current_session(), draft_id, trainer=g.user)
    return _page(found, _form(found, fresh=True))


@bp.post("/drafts/<uuid:draft_id>/import")
def submit_import(draft_id: uuid.UUID) -> ResponseReturnValue:
    found = drafts.find(current_session(), draft_id, trainer=g.user)
    form = _form(found)
    try:
        name, content = _sent(form)
    except Invalid as problem:
        form.blame(problem)
        return _page(found, form), 422
    read = items_from(name, content)
    places = places_form(read, found.raw.skills if found.raw else ())
    if "keep" not in request.form or read.faults or not (form.validate() and places.validate()):
        return _page(found, form, read=read, places=places, name=name, content=content), (
            422 if read.faults else 200
        )
    kept = transact(
        lambda db: importing.keep(
            db,
            draft_id,
            read.questions,
            skill=form.skill.data,
            skills=placed(places, read),
            trainer=g.user,
            at=now(),
        )
    )
    flash(ngettext("Added %(num)d item.", "Added %(num)d items.", kept.items), "success")
    for words in kept.left_out:
        flash(_("A picture could not be taken: %(words)s", words=words), "error")
    return redirect(url_for(".draft", draft_id=draft_id), SEE_OTHER)


def _form(found: Draft, *, fresh: bool = False) -> ImportForm:
    form = ImportForm(formdata=None) if fresh else ImportForm()
    skills = found.raw.skills if found.raw else ()
    form.skill.choices = choices({skill.slug: skill.title for skill in skills})
    return form


def _sent(form: ImportForm) -> tuple[str, bytes]:
    """Return the name and content of the file: chosen now, or sent along from the look before."""
    sent = request.files.get("file")
    content = sent.read(MOST_BYTES + 1) if sent else b""
    if sent and content:
        if len(content) > MOST_BYTES:
            raise Invalid("The file is larger than 2 MB.", field="file")
        return (sent.filename or "file")[:200], content
    held = _unpacked(form.held.data or "")
    if not held:
        raise Invalid("Choose a file", field="file")
    return (form.name.data or "file")[:200], held


def _packed(content: bytes) -> str:
    """Return the file as text a page can hold, empty when it is too much for one."""
    packed = base64.b64encode(zlib.compress(content, 9)).decode()
    return packed if len(packed) <= HELD_BYTES else ""


def _unpacked(text: str) -> bytes:
    try:
        packed = base64.b64decode(text, validate=True)
        return zlib.decompressobj().decompress(packed, MOST_BYTES)
    except (binascii.Error, ValueError, zlib.error):
        return b""


def _page(
    found: Draft,
    form: ImportForm,
    *,
    read: Read | None = None,
    places: PlacesForm | None = None,
    name: str = "",
    content: bytes = b"",
) -> str:
    held = _packed(content) if content else ""
    return render_template(
        "author/import.html",
        draft=found,
        form=form,
        read=read,
        places=list(places or ()),
        categories=categories_of(read),
        most_categories=MOST,
        shown=shown,
        name=name,
        held=held,
        rows=[] if read is None else [(e, _kind(e), gaps(e)) for e in read.questions],
        formats=FORMATS,
        titles=[reader.title for reader in READERS],
    )


def _kind(entry: Question | Unsupported) -> str:
    return entry.item.format if isinstance(entry, Question) else entry.kind
