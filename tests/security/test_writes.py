"""Writes need our own form; reads write nothing; redirects stay here."""

import re

import pytest
from sqlalchemy import text

from app.models import Base
from app.web.access import TABLE
from tests.security.conftest import ROLES, World
from tests.security.test_matrix import address, rules, token_of

ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "/\tevil",
    "https:/evil.example",
    " //evil.example",
    "///evil.example",
    "/%5cevil.example\\..",
    "data:text/html,x",
)


def contents(world: World) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with world.database.reader() as session:
        return {
            table.name: sorted(str(row) for row in session.execute(table.select()))
            for table in Base.metadata.sorted_tables
        }


def test_a_write_without_our_token_is_refused(world: World) -> None:
    for name, roles in ROLES.items():
        client = world.client(world.home, name)
        for rule, method in rules(world):
            allowed = TABLE[rule.endpoint].roles
            if method != "POST" or allowed is None or not set(roles) & allowed:
                continue
            before = contents(world)
            for sent in ({}, {"csrf_token": "stale"}):
                answer = client.post(address(world, rule, method, world.home.ids), data=sent)
                assert answer.status_code == 400, (name, rule.rule)
            assert contents(world) == before


def test_a_write_started_by_another_site_is_refused(world: World) -> None:
    client = world.client(world.home, "learner")
    answer = client.post(
        f"/learn/servings/{world.home.ids['serving_id']}/hint",
        data={"csrf_token": token_of(client), "hint": "1"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403


def test_another_persons_token_is_refused(world: World) -> None:
    theirs = token_of(world.client(world.home, "other learner"))
    answer = world.client(world.home, "learner").post(
        f"/learn/servings/{world.home.ids['serving_id']}/hint",
        data={"csrf_token": theirs, "hint": "1"},
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("name", list(ROLES))
def test_reading_changes_nothing(world: World, name: str) -> None:
    client = world.client(world.home, name)
    before = contents(world)
    for rule, method in rules(world):
        if method == "GET" and rule.endpoint != "static":
            client.get(address(world, rule, method, world.home.ids))
    assert contents(world) == before


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_never_leads_elsewhere(world: World, target: str) -> None:
    from app.services.people.passwords import hash_password  # noqa: PLC0415 - slow, only here

    person = world.home.people["learner"]
    hashed = hash_password("a long enough password")
    world.database.transact(
        lambda session: session.execute(
            text("UPDATE user_account SET password_hash = :hash WHERE email = :email"),
            {"hash": hashed, "email": person.email},
        )
    )
    client = world.app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    answer = client.post(
        "/sign-in",
        data={
            "csrf_token": found.group(1),
            "email": person.email,
            "password": "a long enough password",
            "next": target,
        },
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/learn"
