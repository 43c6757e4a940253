"""How Cairn is served: gunicorn's settings, for `flask start` and for gunicorn itself.

Workers share nothing but the database: any of them answers any request, on one machine or on many.
Beyond one machine the database is PostgreSQL (CAIRN_DATABASE_URL); migrate before the workers
start, with `flask db upgrade`: a worker refuses a database of another version.

    CAIRN_DATABASE_URL=postgresql://... CAIRN_SECRET_KEY=... CAIRN_BASE_URL=https://... \\
    CAIRN_TRUSTED_PROXIES=1 WEB_CONCURRENCY=4 gunicorn --config python:app.gunicorn app.wsgi:app
"""

import gc
import os

from gunicorn import glogging
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from app import logs, measure, processes

bind = f"{os.environ.get('CAIRN_HOST', '127.0.0.1')}:{os.environ.get('PORT') or '8000'}"
worker_class = "gthread"
# Two use the small server Cairn is made for; each more takes about 100 MB and one processor.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
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
# What a proxy says is believed by the application alone, and only as CAIRN_TRUSTED_PROXIES allows.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
control_socket_disable = True


def on_starting(_arbiter: object) -> None:
    """Before there are workers: what they count is added up, what they share is left alone."""
    measure.share()
    gc.freeze()  # the collector would touch, and so copy, every object it finds here


def pre_fork(arbiter: Arbiter, worker: Worker) -> None:
    """Give the worker the processor that fewest others have."""
    if hasattr(os, "sched_getaffinity"):
        taken = [getattr(other, "processor", None) for other in arbiter.WORKERS.values()]
        worker.processor = min(sorted(os.sched_getaffinity(0)), key=taken.count)


def post_fork(_arbiter: Arbiter, worker: Worker) -> None:
    """A worker never outlives who started it, and keeps to its processor.

    Outliving, it would keep the port and the data folder. Its threads take turns anyway; on two
    processors in turn, each finds the caches full of something else.
    """
    processes.end_with_parent()
    processor = getattr(worker, "processor", None)
    if processor is not None:
        os.sched_setaffinity(0, {processor})


class Logger(glogging.Logger):  # type: ignore[misc]  # it has no types
    """gunicorn's own messages as JSON too, from the first."""

    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        logs.configure()


logger_class = Logger
