"""How Cairn decides, read from what is running."""

from flask import g, render_template
from flask.typing import ResponseReturnValue

from app.db import current_session
from app.services.oversight import workings
from app.web.author.words import FORMATS
from app.web.oversight.door import bp
from app.web.oversight.words import RULE_NAMES


@bp.get("/how")
def how() -> ResponseReturnValue:
    return render_template(
        "oversight/how.html",
        workings=workings.describe_workings(current_session(), g.user),
        rule_names=RULE_NAMES,
        format_names=FORMATS,
    )
