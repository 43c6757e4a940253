"""`flask ...` or `python -m app ...`: the doors for administrators at a terminal."""

import click
from flask import Flask

from app.cli import (
    administrators,
    backup,
    calibrate,
    content,
    database,
    demo,
    exchange,
    parameters,
    progress,
    replay,
    responses,
    start,
    work,
)


def _content() -> click.Group:
    """Return the commands of content, with those for other formats."""
    content.content.add_command(exchange.import_)
    content.content.add_command(exchange.export)
    return content.content


def init_app(app: Flask) -> None:
    """Register every command."""
    for command in (
        administrators.create_admin,
        backup.backup,
        backup.restore,
        calibrate.calibrate,
        _content(),
        database.db,
        demo.seed_demo,
        parameters.parameters,
        progress.snapshot_progress,
        replay.replay,
        responses.responses,
        start.start,
        work.do,
        work.work,
    ):
        app.cli.add_command(command)
