"""Settings of gunicorn, to serve many: `gunicorn --config python:app.gunicorn app.wsgi:app`.

Workers share nothing but the database: any of them answers any request, on one machine or on many.
Beyond one machine the database is PostgreSQL (CAIRN_DATABASE_URL); migrate before the workers
start, with `flask db upgrade`: a worker refuses a database of another version.

    CAIRN_DATABASE_URL=postgresql://... CAIRN_SECRET_KEY=... CAIRN_BASE_URL=https://... \\
    CAIRN_TRUSTED_PROXIES=1 WEB_CONCURRENCY=4 gunicorn --config python:app.gunicorn app.wsgi:app
"""

import os

from gunicorn import glogging  # type: ignore[import-untyped]

from app import logs

bind = f"{os.environ.get('CAIRN_HOST', '127.0.0.1')}:{os.environ.get('PORT') or '8000'}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2 * (os.cpu_count() or 1))
threads = 4
# Each worker opens its own connections: none crosses a fork.
preload_app = False
# A worker that is told to leave has this long to answer what it has begun.
graceful_timeout = 5
timeout = 30
keepalive = 5
# Requests are logged by the application, as JSON and without addresses.
accesslog = None
limit_request_line = 8190


class Logger(glogging.Logger):  # type: ignore[misc]  # it has no types
    """gunicorn's own messages as JSON too, from the first."""

    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        logs.configure()


logger_class = Logger
