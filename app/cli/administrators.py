"""`flask create-admin`: outside demo mode the only way to a first account."""

import secrets
import sys

import click
from sqlalchemy.orm import Session

from app.cli.sentence import plainly
from app.clock import now
from app.db import transact
from app.services.people import founding
from app.services.people.founding import Founded

GENERATED_BYTES = 15


@click.command("create-admin", help="Make an administrator's account.")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--agency", required=True, help="The agency's name; made when there is none.")
@click.option("--generate", is_flag=True, help="Make up a password and print it once.")
@plainly
def create_admin(email: str, name: str, agency: str, generate: bool) -> None:  # noqa: FBT001
    made_up = generate or not sys.stdin.isatty()
    password = (
        secrets.token_urlsafe(GENERATED_BYTES)
        if made_up
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )

    def work(session: Session) -> Founded:
        return founding.create_administrator(
            session, email=email, name=name, agency=agency, password=password, at=now()
        )

    founded = transact(work)
    if founded.new_agency:
        click.echo(f"Made the agency {agency}.")
    click.echo(f"{email.strip().lower()} may now sign in as administrator of {agency}.")
    if made_up:
        click.echo(f"Password, shown only here: {password}")
