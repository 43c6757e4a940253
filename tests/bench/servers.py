"""A real server as a process of its own, and what it takes of the machine."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psutil

from app.config import REPOSITORY

START = ("-m", "app", "start")
DEADLINE_SECONDS = 60.0
PAUSE_SECONDS = 0.005
PORTS = range(8160, 8170)
MEGABYTE = 1_000_000


class DidNotStart(Exception):
    """The server ended, or did not answer in time; the message is its last words."""


def free_port() -> int:
    """A port nobody answers on: two benches at once must not measure each other's server."""
    for port in PORTS:
        with socket.socket() as trying:
            trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trying.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise DidNotStart(f"No port is free from {PORTS.start} to {PORTS.stop - 1}.")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: the process we started, and those it started."""

    process: subprocess.Popen[bytes]
    port: int

    def _processes(self) -> list[psutil.Process]:
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]

    def listens(self) -> bool:
        """Whether it is this server that answers on its port, and no other."""
        return any(
            connection.status == psutil.CONN_LISTEN and connection.laddr.port == self.port
            for process in self._processes()
            for connection in process.net_connections("tcp")
        )

    def cpu_seconds(self) -> float:
        """Processor time so far, user and system, of all its processes."""
        taken = [process.cpu_times() for process in self._processes()]
        return sum(times.user + times.system for times in taken)

    def largest_mb(self) -> float:
        """Memory of its largest process: resident, in millions of bytes."""
        return max(process.memory_info().rss for process in self._processes()) / MEGABYTE


@contextmanager
def started(
    settings: Mapping[str, str],
    *,
    port: int,
    asking: str = "/readyz",
) -> Iterator[Server]:
    """A server that has answered its first request; it is gone afterwards."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAIRN_")}
    log = Path(settings["CAIRN_HOME"]) / "server.log"
    with log.open("wb") as words:
        process = subprocess.Popen(
            [sys.executable, *START],
            cwd=REPOSITORY,
            env=kept | dict(settings),
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
        )
    try:
        server = Server(process, port)
        _wait(server, asking, log)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(server: Server, asking: str, log: Path) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        try:
            status, _ = get(server.port, asking)
        except OSError:
            status = 0
        if status == 200 and server.process.poll() is None and server.listens():
            return
        if server.process.poll() is not None or time.monotonic() > deadline:
            raise DidNotStart(log.read_text()[-2000:])
        time.sleep(PAUSE_SECONDS)


def get(port: int, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
    """Status and body of one page, over a connection of its own."""
    connection = HTTPConnection("127.0.0.1", port, timeout=DEADLINE_SECONDS)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
