"""Every route as every actor on every kind of object: who may not enter learns nothing at all."""

import re
import uuid
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.models import Role
from app.web.access import TABLE
from tests.people import MODULE_SLUG
from tests.security.conftest import ROLES, Side, World

# Whatever differs between two answers for a good reason.
CHANGING = re.compile(
    r'value="[^"]{40,}"|/[0-9a-f-]{36}|[a-z2-7]{12}\b|reference [0-9a-f]{8}|[0-9a-f]{64}'
    r"|[0-9a-f]{32}\.png"
)
PUBLIC = {endpoint for endpoint, access in TABLE.items() if access.roles is None}
# A page of content that every agency shares looks alike from both sides.
SHARED_CONTENT = {"slug", "item_id", "skill_id"}


def rules(world: World) -> Iterator[tuple[Rule, str]]:
    for rule in world.app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule, method


def address(world: World, rule: Rule, method: str, ids: dict[str, str]) -> str:
    values = {name: ids.get(name, MODULE_SLUG) for name in rule.arguments}
    adapter = world.app.url_map.bind("127.0.0.1:8000")
    converted = {
        name: uuid.UUID(value) if re.fullmatch(r"[0-9a-f-]{36}", value) else value
        for name, value in values.items()
    }
    return adapter.build(rule.endpoint, converted, method=method)


def absent(side: Side) -> dict[str, str]:
    return {
        name: str(uuid.uuid4()) if re.fullmatch(r"[0-9a-f-]{36}", value) else "absentabsent"
        for name, value in side.ids.items()
    }


def token_of(client: FlaskClient) -> str:
    page = client.get("/cookies").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    return found.group(1) if found else ""


def ask(client: FlaskClient, path: str, method: str, token: str) -> TestResponse:
    if method == "GET":
        return client.get(path)
    return client.post(path, data={"csrf_token": token})


def plain(response: TestResponse) -> str:
    return CHANGING.sub("", response.get_data(as_text=True))


def test_a_route_admits_only_the_roles_of_the_table(world: World) -> None:
    for name, roles in ROLES.items():
        client = world.client(world.home, name)
        token = token_of(client)
        for rule, method in rules(world):
            allowed = TABLE[rule.endpoint].roles
            if rule.endpoint in PUBLIC or allowed is None or set(roles) & allowed:
                continue
            answer = ask(client, address(world, rule, method, world.home.ids), method, token)
            assert answer.status_code == 403, (name, method, rule.rule)


def test_nobody_signed_out_enters(world: World) -> None:
    client = world.app.test_client()
    for rule, method in rules(world):
        if rule.endpoint in PUBLIC:
            continue
        answer = ask(client, address(world, rule, method, world.home.ids), method, "")
        if method == "GET":
            assert answer.status_code == 302, rule.rule
            assert answer.headers["Location"].startswith("/sign-in?next=")
        else:
            assert answer.status_code in (400, 401), rule.rule


@pytest.mark.parametrize("name", [name for name in ROLES if name != "nobody"])
def test_what_is_anothers_answers_like_what_is_not_there(world: World, name: str) -> None:
    client = world.client(world.abroad, name)
    token = token_of(client)
    compared = 0
    for rule, method in rules(world):
        allowed = TABLE[rule.endpoint].roles
        named = set(rule.arguments) - SHARED_CONTENT
        if allowed is None or not set(ROLES[name]) & allowed or not named:
            continue
        foreign = ask(client, address(world, rule, method, world.home.ids), method, token)
        missing = ask(client, address(world, rule, method, absent(world.home)), method, token)
        # A form that is empty is told so before its object is looked for; that tells nothing.
        assert foreign.status_code == missing.status_code, (method, rule.rule)
        assert foreign.status_code in (404, 422), (method, rule.rule)
        assert plain(foreign) == plain(missing), (method, rule.rule)
        compared += 1
    assert compared or name in ("trainer", "other trainer")


def test_a_colleague_cannot_open_what_was_served_to_me(world: World) -> None:
    client = world.client(world.home, "other learner")
    token = token_of(client)
    for rule, method in rules(world):
        if "serving_id" in rule.arguments and TABLE[rule.endpoint].roles == frozenset(
            {Role.LEARNER}
        ):
            answer = ask(client, address(world, rule, method, world.home.ids), method, token)
            assert answer.status_code == 404, (method, rule.rule)


@pytest.mark.parametrize("name", list(ROLES))
def test_no_page_holds_a_word_of_the_other_agency(world: World, name: str) -> None:
    client = world.client(world.home, name)
    token = token_of(client)
    for ids in (world.home.ids, world.abroad.ids, absent(world.home)):
        for rule, method in rules(world):
            if rule.endpoint in {"static", "account.sign_out"}:
                continue
            answer = ask(client, address(world, rule, method, ids), method, token)
            text = answer.get_data().decode(errors="replace") + str(answer.headers)
            assert world.abroad.canary not in text, (name, method, rule.rule)
            assert answer.status_code < 500, (name, method, rule.rule)


def test_hr_pages_hold_no_answer_time_or_mastery_of_a_person(world: World) -> None:
    learner = world.client(world.home, "learner")
    record = learner.get("/learn/record").get_data(as_text=True)
    titles = set(re.findall(r'<a href="/learn/servings/[^"]+">([^<]+)</a>', record))
    assert titles
    client = world.client(world.home, "hr")
    for rule, method in rules(world):
        if method != "GET" or not rule.endpoint.startswith("cohort."):
            continue
        text = client.get(address(world, rule, method, world.home.ids)).get_data(as_text=True)
        assert not [title for title in titles if title in text], rule.rule
        assert "mastery-bar" not in text, rule.rule
