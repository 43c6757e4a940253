"""Things that the code of the house never does, found by reading it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import REPOSITORY

OURS = ("app", "engine")
LONGEST = 400
FORBIDDEN_CALLS = {"eval", "exec", "render_template_string", "__import__", "compile"}
FORBIDDEN_MODULES = {"pickle", "marshal", "shelve", "yaml"}
# prose.py turns into markup what the sanitiser let through; languages.py two attributes, escaped;
# translations.py the texts of the catalogues, with escaped values.
MAY_MAKE_MARKUP = {"app/web/prose.py", "app/web/languages.py", "app/web/translations.py"}


def sources() -> Iterator[Path]:
    for folder in OURS:
        yield from sorted((REPOSITORY / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def calls(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.add(node.func.id)
    return found


def modules(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", list(sources()), ids=name_of)
def test_a_file_keeps_to_the_rules(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    assert not calls(tree) & FORBIDDEN_CALLS
    assert not modules(tree) & FORBIDDEN_MODULES
    assert len(text.splitlines()) <= LONGEST
    if "markupsafe" in modules(tree):
        assert name_of(path) in MAY_MAKE_MARKUP
