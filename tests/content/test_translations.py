"""One item in two languages: the same keys and marks, other words."""

from typing import TYPE_CHECKING

import pytest

from app.authoring import (
    Item,
    Number,
    ShortText,
    canonical_json,
    digest,
    document_from_json,
    in_language,
    read_catalogue,
)
from app.authoring.freshness import mark_fresh

if TYPE_CHECKING:
    from tests.content.conftest import Folder

BODY = """
Une personne demande son dossier. Que faites-vous ?

# Hint
Pensez à l'endroit où sont les dossiers.

# Hint
Le dossier n'est qu'à un seul endroit.

# Explanation
Un dossier est gardé à un seul endroit, pour que tous trouvent le même sans copie.
"""
SHORT = """+++
title = "Où vont-ils ?"
[answer]
accepted = ["les archives", "archivage"]
right = "Les vieux dossiers vont aux archives."
otherwise = "Pensez au lieu des vieux dossiers."
[[mistakes]]
accepted = ["corbeille"]
feedback = "Ce qui est à la corbeille ne se retrouve pas."
+++"""
NUMBER = """+++
title = "Combien de mois ?"
[answer]
unit = "mois"
right = "Une année dure douze mois."
otherwise = "Comptez les mois d'une année."
[[mistakes]]
feedback = "Vous avez multiplié par dix en chemin."
+++"""
ORDERING = """+++
title = "Une lettre"
[[steps]]
text = "Ouvrir la lettre"
feedback = "Rien ne se lit avant cela."
[[steps]]
text = "Lire la lettre"
feedback = "On ne nomme pas ce qu'on n'a pas lu."
[[steps]]
text = "Nommer le fichier"
feedback = "Le nom dit de quoi parle la lettre."
[[steps]]
text = "Ranger le fichier"
feedback = "Il est rangé sous son nouveau nom."
+++"""

LAST = '[[steps]]\ntext = "Ranger le'
TOO_MANY = '[[steps]]\ntext = "De trop"\nfeedback = "Cette étape est de trop."\n'


@pytest.fixture
def translated(folder: "Folder") -> "Folder":
    for name, front in (("short", SHORT), ("number", NUMBER), ("ordering", ORDERING)):
        folder.write(f"filing/filing-{name}.fr.md", front + BODY)
    mark_fresh(folder.root, folder.read(), ".fr.md")
    return folder


def item(folder: "Folder", slug: str) -> Item:
    catalogue = read_catalogue(folder.root)
    assert [p for p in catalogue.problems if ".fr." in p.file] == []
    return next(item for item in catalogue.items if item.slug == slug)


@pytest.mark.parametrize("slug", ["filing-short", "filing-number", "filing-ordering"])
def test_a_document_keeps_its_translation(translated: "Folder", slug: str) -> None:
    document = item(translated, slug).document
    again = document_from_json(canonical_json(document))
    assert again == document
    assert in_language(again, "fr").title != document.title


def test_a_language_it_is_not_in_leaves_it_as_it_was_written(translated: "Folder") -> None:
    document = item(translated, "filing-short").document
    assert in_language(document, "ar") is document
    assert in_language(document, None) is document


def test_steps_have_the_same_keys_in_both_languages(translated: "Folder") -> None:
    document = item(translated, "filing-ordering").exercise
    assert document is not None
    french = dict(document.translations)["fr"]
    assert french.right_answer() == document.right_answer()
    assert french.answer_key()[0] == "Ouvrir la lettre"


@pytest.mark.parametrize("typed", ["the archive", "aux archives", "L'archivage", "Les Archives"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_words_of_either_language_are_right(
    translated: "Folder", typed: str, language: str
) -> None:
    asked = in_language(item(translated, "filing-short").document, language)
    assert isinstance(asked, ShortText)
    assert asked.grade(typed).correct is (typed != "aux archives")


def test_a_mistake_is_answered_in_the_readers_language(translated: "Folder") -> None:
    asked = in_language(item(translated, "filing-short").document, "fr")
    assert isinstance(asked, ShortText)
    for typed in ("bin", "la corbeille"):
        (note,) = asked.grade(typed).notes
        assert note.feedback == "Ce qui est à la corbeille ne se retrouve pas."


@pytest.mark.parametrize("typed", ["12 mois", "12 months", "12"])
def test_a_unit_of_either_language_is_read(translated: "Folder", typed: str) -> None:
    document = item(translated, "filing-number").document
    for language in ("en", "fr"):
        asked = in_language(document, language)
        assert isinstance(asked, Number)
        assert asked.grade(typed).correct


def test_a_stale_translation_is_said_and_not_shown(translated: "Folder") -> None:
    before = item(translated, "filing-short").document
    translated.edit("filing/filing-short.md", "Think of the place", "Think of a place")
    (problem,) = translated.problems("translation-fresh")
    assert problem.file.endswith("filing-short.fr.md")
    found = next(i for i in translated.read().items if i.slug == "filing-short")
    assert found.document.translations == ()
    assert digest(found.document) != digest(before)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# Hint\nLe dossier n'est", "Le dossier n'est", "sections"),
        ("Une personne", "## Un titre\nUne personne", "headings"),
        ("Une personne", "![Un plan](plan.png) Une personne", "images"),
        (LAST, TOO_MANY + LAST, "4 steps, got 5"),
    ],
)
def test_a_translation_of_another_shape_is_refused(
    translated: "Folder", old: str, new: str, said: str
) -> None:
    translated.edit("filing/filing-ordering.fr.md", old, new)
    (problem,) = translated.problems("translation-matches")
    assert said in problem.message


def test_a_translation_without_its_original_is_named(translated: "Folder") -> None:
    translated.write("filing/nothing.fr.md", SHORT + BODY)
    assert "nothing.md" in translated.problems("files-present")[0].message


def test_the_rules_on_words_hold_for_translations(translated: "Folder") -> None:
    translated.edit("filing/filing-ordering.fr.md", "Lire la lettre", "Ouvrir la lettre")
    assert [p.file for p in translated.problems("options-differ")] == [
        "programmes/good-records/keeping-records/filing/filing-ordering.fr.md"
    ]
