"""`flask ...` or `python -m app ...`: the doors for administrators at a terminal."""

from flask import Flask

from app.cli import administrators, backup, content, database, demo, progress, replay, start, work


def init_app(app: Flask) -> None:
    """Register every command."""
    for command in (
        administrators.create_admin,
        backup.backup,
        backup.restore,
        content.content,
        database.db,
        demo.seed_demo,
        progress.snapshot_progress,
        replay.replay,
        start.start,
        work.do,
        work.work,
    ):
        app.cli.add_command(command)
