"""Figures about the running server, in Prometheus' words, added up over its workers."""

import atexit
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from flask import Response, request
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, values
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from app import logs
from app.db import Database
from app.services.operations.totals import count_responses

# Where the promised latencies lie: 50 ms for most, 120 ms for nearly all.
SECONDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.25, 0.5, 1.0, 2.5, 5.0)
UNAVAILABLE = 503
# A watcher's own requests say nothing about people's.
WATCHING = "status."
# Where the workers of one server write what they count (the library's own name for it).
SHARED = "PROMETHEUS_MULTIPROC_DIR"


def share() -> None:
    """Have all workers that are forked from now on count into one folder, gone with this process.

    The library chooses how to count when it is imported, which may be long before.
    """
    os.environ[SHARED] = tempfile.mkdtemp(prefix="cairn-measures-")
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]
    atexit.register(_forget, os.environ[SHARED], process=os.getpid())


def _forget(folder: str, *, process: int) -> None:
    if os.getpid() == process:  # not when a worker leaves
        shutil.rmtree(folder, ignore_errors=True)


class Measures:
    """What the requests of one application have been like."""

    def __init__(self, database: Database) -> None:
        self._stored = _Stored(database)
        self._making = threading.Lock()
        self._counts: _Counts | None = None

    def registry(self) -> CollectorRegistry:
        """What to show at one look: what all workers counted, and the database's own figures."""
        shown = CollectorRegistry()
        shown.register(MultiProcessCollector(None) if SHARED in os.environ else self._here())  # type: ignore[no-untyped-call]
        shown.register(self._stored)
        return shown

    def count(self, response: Response) -> Response:
        """Count one answered request."""
        endpoint = request.endpoint or "none"
        if not endpoint.startswith(WATCHING):
            self._here().count(endpoint, response)
        return response

    def _here(self) -> "_Counts":
        # Made at the first request: by then it is settled whether workers count together.
        with self._making:
            if self._counts is None:
                self._counts = _Counts()
            return self._counts


class _Counts(Collector):
    """What this process has counted."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each would only say when it began
        self._registry = CollectorRegistry()
        self._seconds = Histogram(
            "cairn_request_seconds",
            "How long requests took, by door and outcome.",
            ["endpoint", "method", "status"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._busy = Counter(
            "cairn_database_busy",
            "Requests answered 503 because the database was busy.",
            registry=self._registry,
        )

    def count(self, endpoint: str, response: Response) -> None:
        status = f"{response.status_code // 100}xx"
        self._seconds.labels(endpoint, request.method, status).observe(logs.elapsed_seconds())
        if response.status_code == UNAVAILABLE:
            self._busy.inc()

    def collect(self) -> Iterator[Metric]:
        return iter(self._registry.collect())


class _Stored(Collector):
    """What the database itself knows, asked for at each look: true for all processes together."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterator[Metric]:
        try:
            with self._database.reader() as session:
                responses = count_responses(session)
        except SQLAlchemyError:
            return  # a gap in the curve is the truth while the database does not answer
        yield CounterMetricFamily("cairn_responses", "Responses stored.", value=responses)
        path = self._database.path
        if path is not None:
            yield GaugeMetricFamily("cairn_database_bytes", "Database file.", value=_size(path))
            yield GaugeMetricFamily(
                "cairn_wal_bytes", "Write-ahead log.", value=_size(Path(f"{path}-wal"))
            )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
