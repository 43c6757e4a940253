"""`flask ...` or `python -m app ...`: the doors for administrators at a terminal."""

from flask import Flask

from app.cli.commands import Commands

PLACES = {
    "backup": "backup:backup",
    "calibrate": "calibrate:calibrate",
    "content": "content:content",
    "create-admin": "administrators:create_admin",
    "db": "database:db",
    "do": "work:do",
    "parameters": "parameters:parameters",
    "replay": "replay:replay",
    "responses": "responses:responses",
    "restore": "backup:restore",
    "seed-demo": "demo:seed_demo",
    "start": "start:start",
    "work": "work:work",
}


def init_app(app: Flask) -> None:
    """Make every command one of the application's."""
    app.cli = Commands(places=PLACES)
