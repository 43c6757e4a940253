"""`flask work`: take up long work; `flask start` starts one by itself."""

import signal
import threading
import uuid

import click

from app import logs
from app.cli.sentence import plainly
from app.db import database
from app.jobs import doing, worker


@click.command("work", help="Take up long work, such as calibrations, until stopped.")
@plainly
def work() -> None:
    logs.configure()
    leaving = threading.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda _signal, _frame: leaving.set())
    worker.work(database(), leaving=leaving)


@click.command("do", hidden=True, help="Do one job that `flask work` has taken up.")
@click.argument("job", type=click.UUID)
@plainly
def do(job: uuid.UUID) -> None:
    logs.configure()
    doing.do(database(), job)
