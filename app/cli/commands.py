"""Commands that are imported when somebody asks for them."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click
from flask.cli import AppGroup


class Commands(AppGroup):
    """A group that knows where its commands stand: name -> "module of this package:function".

    A server that starts, and every job it begins, needs one of them; to import all of them, with
    the formats they read and write, took a good part of the time to its first page.
    """

    def __init__(self, *, places: Mapping[str, str], **settings: Any) -> None:  # noqa: ANN401 - click's
        super().__init__(**settings)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self._places})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = self._places.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, _, name = place.partition(":")
        command: click.Command = getattr(import_module(f"app.cli.{module}"), name)
        return command
