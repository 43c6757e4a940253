"""Pages anybody may read: cookies, privacy, accessibility."""

from flask import Blueprint, render_template

bp = Blueprint("info", __name__)


@bp.get("/cookies")
def cookies() -> str:
    return render_template("info/cookies.html")


@bp.get("/privacy")
def privacy() -> str:
    return render_template("info/privacy.html")


@bp.get("/accessibility")
def accessibility() -> str:
    return render_template("info/accessibility.html")
