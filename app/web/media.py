"""Pictures that items show: written anew when they came in, and allowed to do nothing here."""

from flask import Blueprint, Response, g

from app.db import current_session
from app.services.workshop import media

bp = Blueprint("media", __name__, url_prefix="/media")

# Opened by itself a drawing is a page: this one may load nothing and run nothing.
POLICY = "default-src 'none'; style-src 'none'; sandbox"


@bp.get("/<picture>")
def picture(picture: str) -> Response:
    """A picture of the reader's agency."""
    found = media.find(current_session(), picture, reader=g.user)
    response = Response(found.content, content_type=found.content_type)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Content-Disposition"] = "inline"
    return response
