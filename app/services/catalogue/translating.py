"""What of a module and a programme is published in other languages.

The texts of an item are kept in its own revision; here are the titles that other pages name.
"""

from typing import Any

from app import authoring
from app.authoring import is_fresh


def describe(module: authoring.Module) -> dict[str, Any]:
    """By language: the module's own words, those of its skills by id, the titles of its items."""
    titles: dict[str, dict[str, str]] = {}
    for item in module.items:
        if item.status is authoring.Status.ACTIVE:
            for language, document in item.document.translations:
                titles.setdefault(language, {})[item.id] = document.title
    words = {one.language: one.words for one in module.translations if is_fresh(module, one)}
    return {
        language: {
            "module": _own(words.get(language, {})),
            "skills": _skills(module, words.get(language, {})),
            "items": titles.get(language, {}),
        }
        for language in sorted(titles.keys() | words.keys())
    }


def words_of_programme(programme: authoring.Programme) -> dict[str, Any]:
    """Title and summary by language."""
    return {one.language: one.words for one in programme.translations if is_fresh(programme, one)}


def _own(words: Any) -> dict[str, str]:  # noqa: ANN401 - words of any shape
    return {name: words[name] for name in ("title", "summary", "goal") if name in words}


def _skills(module: authoring.Module, words: Any) -> dict[str, Any]:  # noqa: ANN401 - the same
    return {
        skill.id: dict(own)
        for skill, own in zip(module.skills, words.get("skills", ()), strict=False)
    }
