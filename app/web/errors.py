"""Every failure becomes a page in plain words with a way out, in one place.

htmx gets the same words as a fragment. A person who typed something sees it again and can copy it.
What went wrong inside stays in the log; the page carries a short reference that finds it there.
"""

from http import HTTPStatus

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError

from app import logs
from app.db import Busy, OutcomeUnknown
from app.services.errors import Invalid, NotFound, Refused, TooMany
from app.web.fragments import wants_fragment
from app.web.said import said

RETRY_SECONDS = 3
NEVER_SHOWN = ("csrf", "password", "current", "new", "repeat", "token", "next", "person")
LONGEST_KEPT = 5000
PAGES = frozenset({400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503})


def init_app(app: Flask) -> None:
    """Answer every exception with its page."""
    app.register_error_handler(NotFound, lambda _: _page(HTTPStatus.NOT_FOUND))
    app.register_error_handler(Refused, lambda e: _page(HTTPStatus.CONFLICT, said=said(e)))
    app.register_error_handler(
        Invalid, lambda e: _page(HTTPStatus.UNPROCESSABLE_ENTITY, said=said(e))
    )
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(CSRFError, lambda _: _page(HTTPStatus.BAD_REQUEST, stale=True))
    for busy in (Busy, OutcomeUnknown, PoolTimeout, DBAPIError):
        app.register_error_handler(busy, _busy)
    # These are mistakes of ours, not a database that is busy: trying again would not help.
    for mistake in (IntegrityError, DataError, ProgrammingError, NotSupportedError):
        app.register_error_handler(mistake, _unexpected)
    app.register_error_handler(InternalServerError, _unexpected)
    app.register_error_handler(HTTPException, _http)


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)  # a redirect, or an answer somebody prepared
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    answer = _page(status)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value  # 405 must name what is allowed, 429 when to come back
    return answer


def _too_many(error: TooMany) -> Response:
    answer = _page(HTTPStatus.TOO_MANY_REQUESTS, said=said(error))
    answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _busy(error: Exception) -> Response:
    current_app.logger.warning("the database is busy: %s", _kind(error))
    answer = _page(HTTPStatus.SERVICE_UNAVAILABLE, unsure=isinstance(error, OutcomeUnknown))
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _kind(error: Exception) -> str:
    """What happened, without anybody's values: a lock waited for, a connection that never came."""
    cause = getattr(error, "orig", None)
    if cause is None:
        return type(error).__name__
    return f"{type(cause).__name__} {getattr(cause, 'sqlstate', None) or ''}".rstrip()


def _unexpected(error: Exception) -> Response:
    cause = getattr(error, "original_exception", None) or error
    current_app.logger.error("unexpected %s", type(cause).__name__, exc_info=cause)
    return _page(HTTPStatus.INTERNAL_SERVER_ERROR, reference=logs.reference())


def _page(
    status: HTTPStatus,
    *,
    said: str = "",
    reference: str = "",
    stale: bool = False,
    unsure: bool = False,
) -> Response:
    g.failed = True
    # The person may be unknown because the database could not be asked.
    g.setdefault("user", None)
    words = {
        "code": status.value if status.value in PAGES else _nearest(status),
        "said": said,
        "reference": reference,
        "stale": stale,
        "unsure": unsure,
        "typed": _typed(),
    }
    if wants_fragment():
        return make_response(render_template("errors/_error.html", **words), status)
    try:
        return make_response(render_template("errors/page.html", **words), status)
    except Exception as error:  # noqa: BLE001 - the page about a failure must not fail
        current_app.logger.error("no frame for an error page: %s", type(error).__name__)  # noqa: TRY400
        bare = current_app.jinja_env.get_template("errors/bare.html")
        return make_response(bare.render(words), status)


def _nearest(status: HTTPStatus) -> int:
    server = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return (HTTPStatus.INTERNAL_SERVER_ERROR if server else HTTPStatus.BAD_REQUEST).value


def _typed() -> list[str]:
    """What the person wrote and would hate to write again; never a secret."""
    if request.method != "POST" or request.content_length is None:
        return []
    try:
        fields = list(request.form.items(multi=True))
    except HTTPException:  # too large to be read: that is why we are here
        return []
    return [
        value[:LONGEST_KEPT]
        for name, value in fields
        if not name.startswith(NEVER_SHOWN) and " " in value.strip()
    ]
