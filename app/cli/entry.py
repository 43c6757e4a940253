"""The way in for `python -m app`: like `flask`, but a wrong setting is a sentence too."""

import sys
from collections.abc import Sequence

import click
from flask.cli import FlaskGroup

from app import create_app
from app.config import ConfigError

WRONG = 2


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    try:
        # Made here: FlaskGroup would report what goes wrong meanwhile with a traceback.
        application = create_app()
        group = FlaskGroup(create_app=lambda: application, add_default_commands=False)
        group.main(args=list(arguments), prog_name="python -m app", standalone_mode=True)
    except ConfigError as error:
        click.echo(str(error), err=True)
        return WRONG
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
