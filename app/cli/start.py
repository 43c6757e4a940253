"""`flask start`: everything from an empty folder to a running server, safe to repeat."""

import os
import signal
import socket
import sys
from types import FrameType

import click
import waitress
from flask import Flask, current_app
from waitress.channel import HTTPChannel
from waitress.task import WSGITask

from app import logs, startup
from app.cli.prepare import prepare
from app.cli.sentence import plainly
from app.config import LOOPBACK, Config
from app.db import current_session
from app.models import Role
from app.refusal import CannotGoOn
from app.services.demo.visitors import demo_people
from app.services.people import founding
from app.storage import read_mounts

DEFAULT_PORT = 8000
HIGHEST_PORT = 65_535
WAITING = 128
# Writes take turns at the gate, so more threads only help pages that are read.
THREADS = 8
# Connections at once; each ends with its answer (_LastAnswer), or after a long silence.
CONNECTIONS = 1_000
SILENT_SECONDS = 20


@click.command("start", help="Migrate, publish, load the demo when asked for, and serve.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--threads", default=THREADS, show_default=True)
@plainly
def start(host: str, threads: int) -> None:
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
        _serve(config, listening, threads=threads)


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


def _serve(config: Config, listening: socket.socket, *, threads: int) -> None:
    signal.signal(signal.SIGTERM, _leave)
    sys.stdout.flush()
    logs.configure()
    application: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    HTTPChannel.task_class = _LastAnswer
    waitress.serve(
        application,
        sockets=[listening],
        threads=threads,
        ident=None,
        clear_untrusted_proxy_headers=config.trusted_proxies == 0,
        connection_limit=CONNECTIONS,
        channel_timeout=SILENT_SECONDS,
        cleanup_interval=SILENT_SECONDS,
        asyncore_use_poll=True,  # select() ends at 1,024 connections
    )


class _LastAnswer(WSGITask):  # type: ignore[misc]
    """An answer that ends its connection.

    Browsers keep connections for minutes. waitress looks at every open one again and again, and the
    hundred it allows would be taken by the first hundred people: the next waited half a minute.
    """

    def service(self) -> None:
        self.request.headers["CONNECTION"] = "close"
        super().service()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)  # waitress then answers what it has begun
