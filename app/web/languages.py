"""Which language a page speaks: as its reader chose, else as their browser asks, else English.

The choice of a signed-in person is on their account and goes with them; a visitor's is in a cookie.
"""

from dataclasses import dataclass
from functools import cache

from babel import Locale
from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import get_babel, get_locale
from markupsafe import Markup
from werkzeug.wrappers import Response as WrappedResponse

from app.config import Config
from app.db import transact
from app.services.people import accounts
from app.web.addresses import is_local

COOKIE = "cairn-language"
A_YEAR = 365 * 24 * 60 * 60
SEE_OTHER = 303
PUBLIC = "info."  # kept by caches for everybody, so nothing on them may hold a visitor's token
NAMES = {"en": "English", "fr": "Français", "ar": "العربية"}
RIGHT_TO_LEFT = frozenset({"ar"})

bp = Blueprint("languages", __name__)


@dataclass(frozen=True, slots=True)
class Language:
    """A language to choose, by its own name."""

    code: str
    name: str
    direction: str
    current: bool


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        languages=languages,
        can_choose_here=can_choose_here,
        this_page=this_page,
        written_in=written_in,
    )
    app.after_request(_vary)


def _vary(answer: Response) -> Response:
    """Tell caches that a page everybody may keep is another one in another language."""
    if (request.endpoint or "").startswith(PUBLIC):
        answer.vary.update(("Accept-Language", "Cookie"))
    return answer


def chosen() -> str | None:
    """The reader's language; None leaves it to the installation's own."""
    user = g.get("user")
    wanted = (user.language if user is not None else None) or request.cookies.get(COOKIE)
    if wanted in NAMES:
        return wanted
    return request.accept_languages.best_match(NAMES)


def locale() -> Locale:
    """The language of this page, for Flask-Babel, which would look for its files every time."""
    return _locale(chosen() or get_babel().default_locale)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


def languages() -> list[Language]:
    """Every language, the one of this page marked."""
    current = _of_page()
    return [
        Language(code, name, _direction(code), current=code == current)
        for code, name in NAMES.items()
    ]


def can_choose_here() -> bool:
    """Whether the page itself may hold the form; else it leads to the page that does."""
    return g.get("user") is not None or not (request.endpoint or "").startswith(PUBLIC)


def this_page() -> str:
    """Where to come back to after a choice: not to what failed, nor to the answer to a form."""
    if g.get("failed") or request.method != "GET" or request.endpoint == "languages.choose":
        return url_for("account.home")
    return request.full_path.rstrip("?")


def written_in(language: str | None) -> Markup:
    """The attributes of an element whose words are in this language; none on a page of the same."""
    if not language or language == _of_page():
        return Markup()
    return Markup(' lang="{}" dir="{}"').format(language, _direction(language))


def _of_page() -> str:
    """The language of this page, found once for it."""
    found: str | None = g.get("page_language")
    if found is None:
        found = g.page_language = str(get_locale())
    return found


@bp.get("/language")
def choose() -> str:
    return render_template("languages/choose.html", back=_back(request.args.get("back", "")))


@bp.post("/language")
def submit_choose() -> ResponseReturnValue:
    wanted = request.form.get("language", "")
    answer = redirect(_back(request.form.get("back", "")), SEE_OTHER)
    if wanted not in NAMES:
        return answer
    if g.user is not None:
        transact(lambda db: accounts.choose_language(db, g.user.id, wanted))
    _remember(answer, wanted)
    return answer


def _remember(answer: WrappedResponse, language: str) -> None:
    config: Config = current_app.config["CAIRN"]
    answer.set_cookie(
        COOKIE,
        language,
        max_age=A_YEAR,
        secure=config.uses_https,
        httponly=True,
        samesite="Lax",
    )


def _back(path: str) -> str:
    return path if is_local(path) else url_for("account.home")


def _direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"
