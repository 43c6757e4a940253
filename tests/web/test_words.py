"""Whatever the engine gives as a reason, the learner's pages have words for."""

import ast
from collections.abc import Iterator

import pytest

from app.config import REPOSITORY

WORDS = (REPOSITORY / "app/templates/learn/_words.html").read_text()


def counterfactuals() -> Iterator[str]:
    """The key of every counterfactual that the engine makes."""
    for file in sorted((REPOSITORY / "engine").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Counterfactual":
                for part in ast.walk(node.args[0]) if node.args else ():
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value


@pytest.mark.parametrize("key", sorted(set(counterfactuals())))
def test_what_would_change_a_choice_is_said_in_words(key: str) -> None:
    assert f'change.key == "{key}"' in WORDS
