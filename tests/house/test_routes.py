"""Deny by default: a route that is not in the access table fails here before it refuses there."""

from flask import Flask

from app.web.access import TABLE


def test_every_route_is_in_the_access_table(app: Flask) -> None:
    undeclared = {rule.endpoint for rule in app.url_map.iter_rules()} - TABLE.keys()
    assert not undeclared


def test_the_access_table_names_no_route_that_is_gone(app: Flask) -> None:
    gone = TABLE.keys() - {rule.endpoint for rule in app.url_map.iter_rules()}
    assert not gone


def test_writes_are_posted(app: Flask) -> None:
    methods = {rule.rule: rule.methods or set() for rule in app.url_map.iter_rules()}
    assert all(allowed <= {"GET", "HEAD", "OPTIONS", "POST"} for allowed in methods.values())
