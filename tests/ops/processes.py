"""Real processes: a started Cairn, and commands run to their end."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from app.config import REPOSITORY

DEADLINE_SECONDS = 60.0
PAUSE_SECONDS = 0.02


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a process with this data folder and nothing of the tester's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAIRN_")}
    kept.pop("PORT", None)
    return kept | {"CAIRN_HOME": str(home), "PYTHONWARNINGS": "ignore"} | more


def run(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command of Cairn to its end."""
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=REPOSITORY,
        env=environment(home, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass(slots=True)
class Cairn:
    """A server that was started and answers."""

    process: subprocess.Popen[str]
    port: int

    def get(self, path: str) -> tuple[int, str]:
        url = f"http://127.0.0.1:{self.port}{path}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        """End it and return exit code, output and log."""
        self.process.send_signal(how)
        output, log = self.process.communicate(timeout=DEADLINE_SECONDS)
        return self.process.returncode, output, log


def start(home: Path, **more: str) -> Cairn:
    """Start a server and wait until it is ready."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "start"],
        cwd=REPOSITORY,
        env=environment(home, PORT=str(port), **more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    server = Cairn(process, port)
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not _is_ready(server):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            output, log = process.communicate()
            raise AssertionError(f"Cairn did not start: {output}{log}")
        time.sleep(PAUSE_SECONDS)
    return server


def _is_ready(server: Cairn) -> bool:
    try:
        return server.get("/readyz")[0] == 200
    except OSError:
        return False
