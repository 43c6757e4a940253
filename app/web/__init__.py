"""The HTML doors: one module per audience, one access table, one place for errors."""

from datetime import timedelta
from importlib import import_module

from flask import Flask
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Config
from app.web import (
    access,
    assets,
    cookies,
    errors,
    headers,
    languages,
    navigation,
    origin,
    prose,
    templating,
    translations,
    views,
)

IDLE = timedelta(minutes=30)
DOORS = (
    "account",
    "languages",
    "info",
    "status",
    "jobs",
    "learn",
    "author",
    "media",
    "cohort",
    "oversight",
    "people",
)


def init_app(app: Flask, config: Config) -> None:
    """Give the application its doors."""
    app.config.update(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="__Host-cairn" if config.uses_https else "cairn",
        SESSION_COOKIE_SECURE=config.uses_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # Sliding: the cookie's own signature dates the last visit, so no GET writes a row for it.
        PERMANENT_SESSION_LIFETIME=IDLE,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=1000,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_SSL_STRICT=False,  # `origin` checks where a request comes from
        BABEL_DEFAULT_LOCALE="en",
        BABEL_DEFAULT_TIMEZONE="UTC",
    )
    app.ensure_sync = lambda func: func  # type: ignore[method-assign]  # no view is a coroutine
    app.jinja_environment = templating.Templates
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.add_extension("jinja2.ext.i18n")
    hops = config.trusted_proxies
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    cookies.init_app(app)
    Babel(app, locale_selector=languages.locale)
    languages.init_app(app)
    translations.init_app(app)
    origin.init_app(app)
    access.init_app(app)
    CSRFProtect(app)
    headers.init_app(app, config)
    assets.init_app(app, config)
    errors.init_app(app)
    views.init_app(app)
    prose.init_app(app)
    navigation.init_app(app, config)
    for name in DOORS:
        app.register_blueprint(import_module(f"app.web.{name}").bp)
