"""What every answer carries: what the page may load, who may keep it, what it may tell others."""

from http import HTTPStatus

from flask import Flask, Response, g, request, session

from app.config import Config

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OF_DOCUMENTS = frozenset(
    {"Content-Security-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy"}
)
"""They rule what a document may do: a browser heeds them on no stylesheet and on no script."""
A_YEAR = 365 * 24 * 60 * 60
TRANSPORT = f"max-age={A_YEAR}; includeSubDomains"
TEN_MINUTES = "public, max-age=600"
PUBLIC = "info."


def init_app(app: Flask, config: Config) -> None:
    """Put them on every answer of Flask; `assets` does it for static files."""
    always = carried_by(config)

    def add_headers(response: Response) -> Response:
        for name, value in always.items():
            response.headers.setdefault(name, value)
        if request.endpoint != "static":
            response.headers["Cache-Control"] = _keeping(response)
        response.headers.pop("Server", None)
        return response

    app.after_request(add_headers)


def carried_by(config: Config) -> dict[str, str]:
    """What every answer of this installation carries, whoever gives it."""
    return ALWAYS | ({"Strict-Transport-Security": TRANSPORT} if config.uses_https else {})


def _keeping(response: Response) -> str:
    """Who may keep this answer: nobody, unless it is the same for everybody."""
    public = (request.endpoint or "").startswith(PUBLIC)
    # A session that holds anything sends its cookie along with the answer.
    personal = g.get("user") is not None or bool(session)
    fine = response.status_code == HTTPStatus.OK
    return TEN_MINUTES if public and fine and not personal else "no-store"
