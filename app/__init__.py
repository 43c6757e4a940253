"""Cairn, assembled: configuration, database, doors. Short enough to read at a glance."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Config


def create_app(config: "Config | None" = None) -> "Flask":
    """The application of `config`, or of the environment."""
    # Imported here, so that models and authoring can be used without the web.
    from flask import Flask  # noqa: PLC0415

    from app import cli, db, logs, web  # noqa: PLC0415
    from app.config import read_config  # noqa: PLC0415

    config = config or read_config()
    app = Flask(__name__)
    app.config["CAIRN"] = config
    db.init_app(app, config)
    logs.init_app(app, config)
    web.init_app(app, config)
    cli.init_app(app)
    return app
