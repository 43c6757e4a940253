"""`flask responses`: a module's answers for notebooks, without names."""

import os
import secrets
from pathlib import Path
from typing import TextIO

import click
from sqlalchemy.orm import Session

from app.cli.calibrate import find_module
from app.cli.sentence import plainly
from app.clock import now
from app.db import transact
from app.refusal import CannotGoOn
from app.services.oversight import answer_export

KEY_BYTES = 32
ONLY_FOR_ME = 0o600


@click.command("responses", help="Write a module's answers as an answer log (CSV), without names.")
@click.argument("module")
@click.option(
    "--export", "path", type=click.Path(path_type=Path), required=True, help="The file to write."
)
@plainly
def responses(module: str, path: Path) -> None:
    key = secrets.token_bytes(KEY_BYTES)
    with _new_file(path) as to:

        def work(session: Session) -> answer_export.Exported:
            to.seek(0)
            to.truncate()  # of a try before this one
            found = find_module(session, module)
            return answer_export.export(session, found, to, key=key, at=now())

        try:
            written = transact(work)
        except BaseException:
            path.unlink()  # it was made here, and is not whole
            raise
    click.echo(f"{path}: {written.answers} answers of {written.learners} learners, without names.")
    click.echo(
        "Whoever knows how somebody answered may still recognise them. Keep it as personal data, "
        "and delete it when you are done."
    )


def _new_file(path: Path) -> TextIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        return open(  # noqa: PTH123 - pathlib cannot say who may read what it makes
            os.open(path, flags, ONLY_FOR_ME), "w", encoding="ascii", newline=""
        )
    except FileExistsError as error:
        raise CannotGoOn(f"{path} is there already. Name a file that is not.") from error
    except OSError as error:
        raise CannotGoOn(f"{path} cannot be written: {error.strerror}") from error
