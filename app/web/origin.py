"""A write must come from our own pages: the browser says where a request was started."""

from flask import Flask, abort, request

SAFE = {"GET", "HEAD", "OPTIONS"}
OURS = {"same-origin", "none"}  # none: typed, bookmarked, or sent by no page at all


def init_app(app: Flask) -> None:
    """Refuse every unsafe request that another site started; the token check comes after."""
    app.before_request(_refuse_strangers)


def _refuse_strangers() -> None:
    if request.method not in SAFE and request.headers.get("Sec-Fetch-Site", "none") not in OURS:
        abort(403)
