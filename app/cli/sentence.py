"""Errors at the terminal: one sentence, exit code 2, no traceback."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from app.config import ConfigError
from app.db import Busy
from app.refusal import CannotGoOn
from app.services.errors import DomainError

Given = ParamSpec("Given")
Result = TypeVar("Result")

EXPECTED = (CannotGoOn, ConfigError, DomainError)


class Sentence(click.ClickException):
    """What went wrong and the way out."""

    exit_code = 2

    def show(self, file: object = None) -> None:  # noqa: ARG002 - click's signature
        click.echo(self.format_message(), err=True)


def _of_database(error: DBAPIError) -> str:
    reason = " ".join(str(error.orig).split())
    return f"The database does not answer: {reason}. Check CAIRN_HOME and CAIRN_DATABASE_URL."


def plainly(work: Callable[Given, Result]) -> Callable[Given, Result]:
    """Run a command within the application, and say what is expected to go wrong in a sentence."""

    @with_appcontext
    @wraps(work)
    def spoken(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        try:
            return work(*args, **kwargs)
        except EXPECTED as error:
            raise Sentence(str(error)) from error
        except Busy as error:
            raise Sentence("The database is busy. Nothing was changed; try again.") from error
        except DBAPIError as error:
            raise Sentence(_of_database(error)) from error

    return spoken
