"""Everything public in the engine says what it returns."""

import inspect

import pytest

import engine


@pytest.mark.parametrize("name", engine.__all__)
def test_a_public_name_of_the_engine_is_documented(name: str) -> None:
    thing = getattr(engine, name)
    if inspect.isclass(thing) or inspect.isfunction(thing):
        assert inspect.getdoc(thing)
