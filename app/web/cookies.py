"""The session cookie: one signer as long as the application lives, renewed once a minute."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.clock import now

# Idle time counts from the last renewal; to the minute is enough, and most answers carry no cookie.
RENEWED_AFTER = timedelta(minutes=1)


def init_app(app: Flask) -> None:
    """Sign cookies as Flask does; the secret key must be set."""
    app.session_interface = _OneSigner()


class _OneSigner(SecureCookieSessionInterface):
    """Flask makes a signer for every request, and a new cookie for every answer."""

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        signer = self.get_signing_serializer(app)
        value = request.cookies.get(self.get_cookie_name(app))
        if signer is None or not value:
            return super().open_session(app, request)
        idle = int(app.permanent_session_lifetime.total_seconds())
        try:
            held, signed_at = signer.loads(value, max_age=idle, return_timestamp=True)
        except BadSignature:
            return _Held()
        return _Held(held, signed_at=signed_at)

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        fresh = isinstance(session, _Held) and session.is_fresh()
        return session.modified or (not fresh and super().should_set_cookie(app, session))


class _Held(SecureCookieSession):
    """What a browser's cookie holds, and since when."""

    def __init__(
        self, held: Mapping[str, Any] | None = None, *, signed_at: datetime | None = None
    ) -> None:
        super().__init__(held)
        self._signed_at = signed_at

    def is_fresh(self) -> bool:
        return self._signed_at is not None and now() - self._signed_at < RENEWED_AFTER
