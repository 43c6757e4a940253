"""The README's glossary and the tables of the database use the same words."""

import re

from app import models
from app.config import REPOSITORY

GLOSSARY = (REPOSITORY / "README.md").read_text().split("## Glossary", 1)[-1].split("\n## ", 1)[0]
WORDS = {word.lower() for word in re.findall(r"\*\*([^*]+)\*\*", GLOSSARY)}
# Tables that only join two words of the glossary, or hold the machinery of signing in.
JOINS = {"ProgrammeModule", "UserRole", "SignInAttempt"}


def in_words(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()


def test_every_table_is_in_the_glossary() -> None:
    tables = {name for name in models.__all__ if hasattr(getattr(models, name), "__tablename__")}
    missing = {in_words(name) for name in tables - JOINS} - WORDS
    assert not missing


def test_the_parameters_of_a_skill_are_in_the_glossary() -> None:
    assert {"prior", "learn", "guess", "slip", "forget"} <= WORDS
