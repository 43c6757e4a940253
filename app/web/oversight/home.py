"""Where an oversight officer begins: what there is to look at, and a decision to be found."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from app.clock import now
from app.db import current_session
from app.services.oversight import lookup
from app.web.oversight.decisions import FindForm
from app.web.oversight.door import bp


@bp.get("")
def home() -> ResponseReturnValue:
    found = lookup.home(current_session(), g.user, at=now())
    return render_template("oversight/home.html", home=found, form=FindForm(request.args))
