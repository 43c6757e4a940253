"""The application for a WSGI server: `gunicorn app.wsgi:app`. It refuses to start wrongly."""

import logging

from flask import Flask

from app import create_app, logs, startup
from app.config import ConfigError
from app.db import Database
from app.refusal import CannotGoOn
from app.storage import read_mounts

# gunicorn starts a worker anew for any other exit code, and would do so for ever.
NOT_TO_BE_TRIED_AGAIN = 3


def make() -> Flask:
    """The application, once everything it needs is there."""
    logs.configure()
    try:
        application = create_app()
        config = application.config["CAIRN"]
        database: Database = application.extensions["database"]
        # Kept with the application: the sign comes down when it is forgotten.
        application.extensions["running"] = startup.Running(config.home)
        application.extensions["running"].say()
        startup.check_ready(config, database, mounts=read_mounts())
    except (CannotGoOn, ConfigError) as error:
        logging.getLogger("app.wsgi").critical("%s", error)
        raise SystemExit(NOT_TO_BE_TRIED_AGAIN) from error
    return application


app = make()
