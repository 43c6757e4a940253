"""`flask content`: check what authors wrote, and publish it."""

from pathlib import Path

import click
from flask import current_app
from sqlalchemy.orm import Session

from app.authoring import Catalogue, read_catalogue
from app.authoring.__main__ import main as lint_files
from app.cli.commands import Commands
from app.cli.mark import Mark
from app.cli.sentence import plainly
from app.clock import now
from app.config import Config
from app.db import transact
from app.refusal import CannotGoOn
from app.services.catalogue import publishing
from app.services.catalogue.publishing import Published

SHOWN = 5


@click.group(
    "content",
    cls=Commands,
    places={"import": "exchange:import_", "export": "exchange:export"},
    help="What is taught: check the files, publish them.",
)
def content() -> None:
    pass


@content.command("lint", help="Say everything that is wrong with the content files.")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--only", default="", metavar="WORD", help="Only problems that name this.")
@plainly
def lint(folder: Path | None, only: str) -> None:
    raise SystemExit(lint_files([str(folder or _shipped()), "--only", only]))


@content.command("publish", help="Make what changed in the files what learners see from now on.")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@plainly
def publish(folder: Path | None) -> None:
    click.echo(describe(publish_folder(folder or _shipped())))


def publish_folder(folder: Path) -> Published:
    """Publish the files of a folder, or raise CannotGoOn when they have errors."""
    catalogue = _read(folder)

    def work(session: Session) -> Published:
        return publishing.publish(session, catalogue, at=now())

    return transact(work)


def publish_changes(config: Config) -> None:
    """Publish the configured content unless exactly that was the last to be published."""
    mark = Mark(config)
    if mark.is_current():
        return
    published = publish_folder(config.content)
    if published.modules:
        click.echo(describe(published))
    mark.renew()


def describe(published: Published) -> str:
    """What publishing changed, as a sentence."""
    if not published.modules:
        return "The content has not changed since it was published."
    names = ", ".join(published.modules)
    return f"Published {names}: {published.new_item_revisions} new item revisions."


def _read(folder: Path) -> Catalogue:
    try:
        catalogue = read_catalogue(folder)
    except FileNotFoundError as error:
        raise CannotGoOn(f"{error} Set CAIRN_CONTENT to the folder with the content.") from error
    if catalogue.errors:
        shown = "".join(f"\n  {problem}" for problem in catalogue.errors[:SHOWN])
        raise CannotGoOn(
            f"The content in {folder} has {len(catalogue.errors)} errors, so nothing was published."
            f" See them all with: flask content lint{shown}"
        )
    return catalogue


def _shipped() -> Path:
    config: Config = current_app.config["CAIRN"]
    return config.content
