"""What people did to rights, records, content and parameters."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from app.db import current_session
from app.services.oversight import events
from app.web.account import ROLE_NAMES
from app.web.acts import ACT_NAMES
from app.web.forms import Form, choices
from app.web.oversight.door import bp, pseudonym_key
from app.web.oversight.words import DETAIL_NAMES, REASON_NAMES


class EventForm(Form):
    class Meta:
        csrf = False

    act = SelectField(
        _l("What was done"),
        choices=choices({"": _l("Anything")} | ACT_NAMES),
    )


@bp.get("/events", endpoint="events")
def list_events() -> ResponseReturnValue:
    form = EventForm(request.args)
    page = events.read_events(
        current_session(),
        g.user,
        key=pseudonym_key(),
        act=form.act.data or "",
        before=request.args.get("before", ""),
    )
    return render_template(
        "oversight/events.html",
        form=form,
        page=page,
        act_names=ACT_NAMES,
        detail_names=DETAIL_NAMES,
        value_names=REASON_NAMES | {role.value: name for role, name in ROLE_NAMES.items()},
    )
