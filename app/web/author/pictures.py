"""Pictures for items: added, looked at, and the words with which a text shows one."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.clock import now
from app.db import current_session, transact
from app.services.errors import Invalid
from app.services.workshop import drafts, media
from app.services.workshop.drafts import Draft
from app.web.author import SEE_OTHER, bp
from app.web.forms import Form, stripped

ACCEPTED = "image/png,image/jpeg,image/webp,image/gif,image/svg+xml"


class PictureForm(Form):
    file = FileField(
        _l("Picture"),
        description=_l("PNG, JPEG, WebP, GIF or SVG, at most 1.5 MB. It is written anew."),
    )
    words = StringField(
        _l("What it shows, for people who cannot see it"),
        [
            InputRequired(_l("Say in words what the picture shows")),
            Length(max=300, message=_l("Use at most 300 characters")),
        ],
        filters=[stripped],
    )


@bp.get("/drafts/<uuid:draft_id>/pictures")
def pictures(draft_id: uuid.UUID) -> str:
    found = drafts.find(current_session(), draft_id, trainer=g.user)
    return _page(found, PictureForm(formdata=None))


@bp.post("/drafts/<uuid:draft_id>/pictures")
def submit_picture(draft_id: uuid.UUID) -> ResponseReturnValue:
    found = drafts.find(current_session(), draft_id, trainer=g.user)
    form = PictureForm()
    if not form.validate():
        return _page(found, form), 422
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    try:
        name = transact(lambda db: media.add(db, content, trainer=g.user, at=now()))
    except Invalid as problem:
        form.blame(problem)
        return _page(found, form), 422
    flash(_("Added. Copy the line below it into a text."), "success")
    words = " ".join((form.words.data or "").replace("[", "(").replace("]", ")").split())
    to = url_for(".pictures", draft_id=draft_id, added=name, words=words, _anchor="added")
    return redirect(to, SEE_OTHER)


def _page(found: Draft, form: PictureForm) -> str:
    shown = media.latest(current_session(), trainer=g.user)
    added = request.args.get("added", "")
    return render_template(
        "author/draft_pictures.html",
        draft=found,
        form=form,
        pictures=shown,
        added=added if added in {line.name for line in shown} else "",
        words=request.args.get("words", "")[:300],
        accepted=ACCEPTED,
    )
