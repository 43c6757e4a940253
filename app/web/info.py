"""Pages anybody may read: cookies, privacy, accessibility, what is known of the engine."""

from flask import Blueprint, render_template

from app.services.oversight import measured

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


@bp.get("/engine")
def engine() -> str:
    return render_template("info/engine.html", measured=measured.read())
