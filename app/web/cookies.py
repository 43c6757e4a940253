"""The session cookie, signed and read by one signer for as long as the application lives."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


def init_app(app: Flask) -> None:
    """Sign cookies as Flask does; the secret key must be set."""
    app.session_interface = _OneSigner()


class _OneSigner(SecureCookieSessionInterface):
    """Flask makes a signer for every request and every answer; the key never changes here."""

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer
