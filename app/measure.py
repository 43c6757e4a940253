"""Figures about the running server, in Prometheus' words. Each process counts its own requests."""

from collections.abc import Iterator
from pathlib import Path

from flask import Response, request
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
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


class Measures:
    """What one application has counted."""

    def __init__(self, database: Database) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each would only say when it began
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "cairn_request_seconds",
            "How long requests took, by door and outcome.",
            ["endpoint", "method", "status"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._busy = Counter(
            "cairn_database_busy",
            "Requests answered 503 because the database was busy.",
            registry=self.registry,
        )
        self.registry.register(_Stored(database))

    def count(self, response: Response) -> Response:
        """Count one answered request."""
        endpoint = request.endpoint or "none"
        if endpoint.startswith(WATCHING):
            return response
        status = f"{response.status_code // 100}xx"
        self._seconds.labels(endpoint, request.method, status).observe(logs.elapsed_seconds())
        if response.status_code == UNAVAILABLE:
            self._busy.inc()
        return response


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
