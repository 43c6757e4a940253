"""A wrong key put right: what that would change, then the act itself."""

import uuid

from flask import current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app.clock import now
from app.config import Config
from app.db import current_session, transact
from app.services.people.pseudonyms import reference
from app.services.workshop import drafts, regrading
from app.services.workshop.drafts import Draft, DraftedItem
from app.web.author import SEE_OTHER, bp
from app.web.forms import Form, stripped

SHOWN = 100


class RegradeForm(Form):
    reason = TextAreaField(
        _l("What was wrong with the key?"),
        [
            InputRequired(_l("Say what was wrong with the key")),
            Length(max=regrading.LONGEST_REASON, message=_l("Use at most 1,000 characters")),
        ],
        filters=[stripped],
        description=_l("The learners concerned read it, and it stays in the audit log."),
    )


@bp.get("/drafts/<uuid:draft_id>/items/<uuid:item_draft_id>/regrade")
def regrade(draft_id: uuid.UUID, item_draft_id: uuid.UUID) -> str:
    draft, item = _found(draft_id, item_draft_id)
    return _page(draft, item, RegradeForm(formdata=None))


@bp.post("/drafts/<uuid:draft_id>/items/<uuid:item_draft_id>/regrade")
def submit_regrade(draft_id: uuid.UUID, item_draft_id: uuid.UUID) -> ResponseReturnValue:
    draft, item = _found(draft_id, item_draft_id)
    form = RegradeForm()
    if not form.validate():
        return _page(draft, item, form), 422
    count = transact(
        lambda db: regrading.regrade(
            db, draft, item, trainer=g.user, reason=form.reason.data or "", at=now()
        )
    )
    flash(_("Done. Learners who are told on their next page: %(count)d.", count=count), "success")
    to = url_for(".edit_item", draft_id=draft_id, item_draft_id=item_draft_id)
    return redirect(to, SEE_OTHER)


def _found(draft_id: uuid.UUID, item_draft_id: uuid.UUID) -> tuple[Draft, DraftedItem]:
    draft = drafts.find(current_session(), draft_id, trainer=g.user)
    return draft, draft.item(item_draft_id)


def _page(draft: Draft, item: DraftedItem, form: RegradeForm) -> str:
    config: Config = current_app.config["CAIRN"]
    found = regrading.prospect(current_session(), draft, item, trainer=g.user)
    return render_template(
        "author/draft_regrade.html",
        draft=draft,
        item=item,
        form=form,
        prospect=found,
        # Whom it concerns is shown by pseudonym: a key is mended without knowing who answered.
        lines=[
            (reference(line.learner_id, key=config.secret_key), line.before, line.after)
            for line in found.changed[:SHOWN]
        ],
        shown=SHOWN,
    )
