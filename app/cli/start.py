"""`flask start`: everything from an empty folder to a running server, safe to repeat."""

import os
import signal
import socket
import subprocess
import sys

import click
from flask import Flask, current_app
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.sock import create_sockets

from app import gunicorn, processes, startup
from app.cli.prepare import prepare
from app.cli.sentence import plainly
from app.config import LOOPBACK, REPOSITORY, Config
from app.db import current_session, release_reader
from app.models import Role
from app.refusal import CannotGoOn
from app.services.demo.visitors import demo_people
from app.services.people import founding
from app.storage import read_mounts

DEFAULT_PORT = 8000
HIGHEST_PORT = 65_535
WAITING = 128
# A tenth of a processor that somebody else wants; with less, what it has locked waits too long.
POLITENESS = 10


@click.command("start", help="Migrate, publish, load the demo when asked for, and serve.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--workers", default=gunicorn.workers, show_default=True, help="Processes that answer."
)
@plainly
def start(host: str, workers: int) -> None:
    config: Config = current_app.config["CAIRN"]
    if config.demo and host not in LOOPBACK:
        raise CannotGoOn(
            "The demo signs anybody in, so it answers on this machine alone. "
            "Leave out --host, or unset CAIRN_DEMO."
        )
    # Listening first: whoever connects meanwhile waits, and a taken port is told before any work.
    with listen(host, _port()) as listening:
        running = startup.Running(config.home)
        running.say()
        prepare(config, mounts=read_mounts())
        click.echo(_welcome(config))
        release_reader()  # else this process would read for as long as it serves
        _begin_work()
        _serve(listening, workers=workers)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, or CannotGoOn naming the port and the way out."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(WAITING)
    except OSError as error:
        listening.close()
        raise CannotGoOn(
            f"Cannot answer on {host}:{port}: {error.strerror}. If Cairn runs already, open "
            f"http://{host}:{port}; otherwise choose another port: PORT={_next(port)} make run"
        ) from error
    return listening


def _next(port: int) -> int:
    return port + 1 if port < HIGHEST_PORT else DEFAULT_PORT


def _port() -> int:
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not text.isdigit() or not 0 < int(text) <= HIGHEST_PORT:
        raise CannotGoOn(f"PORT must be a number from 1 to {HIGHEST_PORT}, got {text!r}.")
    return int(text)


def _welcome(config: Config) -> str:
    lines = [f"Cairn is ready: {config.base_url}", f"Data folder: {config.home}"]
    if config.demo:
        lines.append("Demo accounts, one click each on the sign-in page:")
        people = demo_people(current_session())
        lines += [f"  {_in_words(person.role)}: {person.name}" for person in people]
    elif not founding.has_accounts(current_session()):
        lines.append(
            "There is no account yet. Make one: flask create-admin --email ADDRESS --name NAME "
            "--agency AGENCY"
        )
    lines.append("Stop with Ctrl+C.")
    return "\n".join(lines)


def _in_words(role: Role) -> str:
    return role.value.replace("_", " ").replace("hr ", "HR ")


def _begin_work() -> None:
    """Long work has a process of its own, which ends with this one and lets answers go first."""
    subprocess.Popen(
        [sys.executable, "-m", "app", "work"],
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        preexec_fn=_step_back,  # noqa: PLW1509 - one thread
    )


def _step_back() -> None:
    processes.end_with_parent(signal.SIGTERM)
    os.nice(POLITENESS)


def _serve(listening: socket.socket, *, workers: int) -> None:
    sys.stdout.flush()
    application: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    server = Arbiter(_Prepared(application, workers=workers))
    server.LISTENERS = create_sockets(server.cfg, server.log, fds=[listening.detach()])
    server.run()


class _Prepared(BaseApplication):  # type: ignore[misc]
    """The application as it stands, for workers that are forked from here."""

    def __init__(self, application: Flask, *, workers: int) -> None:
        self._workers = workers
        super().__init__()
        self.callable = application

    def load_config(self) -> None:
        for name, value in vars(gunicorn).items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)
        self.cfg.set("workers", self._workers)
        self.cfg.set("loglevel", "warning")  # the welcome says it all
