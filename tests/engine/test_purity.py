"""The engine loads nothing heavy, and says what every public function returns."""

import inspect
import subprocess
import sys

import pytest

import engine

HEAVY = ("numpy", "pandas", "pyBKT", "sklearn", "scipy", "numba", "flask", "sqlalchemy")


def test_importing_the_engine_loads_nothing_heavy() -> None:
    code = f"import sys, engine; print([name for name in {HEAVY!r} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("name", engine.__all__)
def test_every_public_name_is_documented(name: str) -> None:
    thing = getattr(engine, name)
    if inspect.isfunction(thing):
        assert (thing.__doc__ or "").startswith("Return ")
    elif inspect.isclass(thing):
        assert thing.__doc__
        assert not thing.__doc__.startswith(f"{name}(")


def test_every_threshold_of_the_policy_has_its_sentence() -> None:
    told = engine.describe(engine.Policy())
    assert {line.name for line in told} == set(engine.Policy.__dataclass_fields__)
    for line in told:
        assert line.sentence[0].isupper()
        assert line.sentence.endswith(".")
