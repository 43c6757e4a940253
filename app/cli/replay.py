"""`flask replay`: rebuild every learner's state from the responses and compare."""

import click

from app.cli.sentence import plainly


@click.command("replay", help="Rebuild mastery from the responses and say where it differs.")
@click.option("--repair", is_flag=True, help="Store what was rebuilt where it differs.")
@plainly
def replay(repair: bool) -> None:  # noqa: FBT001 - click hands a flag over so
    raise NotImplementedError
