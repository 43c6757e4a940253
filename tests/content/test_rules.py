"""Every rule is broken once and kept once, at its edge where it has one."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po

from app.authoring import RULES, Rule, Severity, read_catalogue
from app.authoring.freshness import mark_fresh
from app.config import REPOSITORY
from app.words import Sentence

if TYPE_CHECKING:
    from tests.content.conftest import Folder

Edit = Callable[["Folder"], object]

SINGLE, MULTIPLE = "filing/filing-single.md", "filing/filing-multiple.md"
NUMBER, SHORT = "filing/filing-number.md", "filing/filing-short.md"
ORDERING, MATCHING = "filing/filing-ordering.md", "filing/filing-matching.md"
LESSON, TRANSFER = "filing/filing-explanation.md", "filing/filing-transfer.md"
MODULE, TOLD = "module.toml", "A citizen asks for her record."
EXPLANATION = (
    "A record is kept in one place, so that everybody finds the same one and nobody keeps a copy."
)
# The exercises of filing, those that are easy to guess first.
PRACTICE = (
    *("single", "single-again", "multiple", "number"),
    *("short", "short-again", "ordering", "matching"),
)
FRENCH = "filing/filing-explanation.fr.md"
IN_FRENCH = '+++\ntitle = "Où vont les dossiers"\n+++\nUn dossier a une seule place.\n'
WORDS_35 = " ".join(["word"] * 35) + "."
GROUP = "kept accordingly notwithstanding administrative considerations "

BREAKS: dict[str, Edit] = {
    "files-present": lambda f: f.write("stray.md", "text"),
    "readable-text": lambda f: (f.module / SINGLE).write_bytes(b"+++\nid = \xff\n+++\n"),
    "readable-toml": lambda f: f.edit(SINGLE, 'status = "active"', "status = active"),
    "front-matter": lambda f: f.edit(SINGLE, "+++\n", ""),
    "known-keys": lambda f: f.edit(SINGLE, "skills", 'colour = "red"\nskills'),
    "required-keys": lambda f: f.edit(SINGLE, "correct = false\n", ""),
    "valid-values": lambda f: f.edit(SINGLE, "correct = true", 'correct = "yes"'),
    "body-present": lambda f: f.edit(SINGLE, "Think of where records lie.", ""),
    "known-sections": lambda f: f.edit(SINGLE, "# Hint", "# Clue"),
    "explanation-present": lambda f: f.edit(SINGLE, "# Explanation", "# Hint"),
    "unique-ids": lambda f: f.edit(SINGLE, "bdbdbdbdbdbd", "bebebebebebe"),
    "well-formed-names": lambda f: f.move(SINGLE, "filing/Filing_Single.md"),
    "unique-names": lambda f: f.move(SINGLE, "filing/keeping-number.md"),
    "items-differ": lambda f: f.edit("filing/filing-single-again.md", "(b1)", "(b0)"),
    "modules-exist": lambda f: f.edit("../programme.toml", "keeping-records", "keeping-files"),
    "skills-exist": lambda f: f.edit(SINGLE, '["filing"]', '["filing", "finding"]'),
    "main-skill-folder": lambda f: f.edit(SINGLE, '["filing"]', '["keeping"]'),
    "prerequisites-exist": lambda f: f.edit(MODULE, '["filing"]', '["finding"]'),
    "no-prerequisite-cycle": lambda f: f.edit(
        MODULE, "prerequisites = []", 'prerequisites = ["keeping"]'
    ),
    "foundations-exist": lambda f: _beside(f, builds_on="listening/hear-out"),
    "no-module-cycle": lambda f: _beside(
        f, builds_on="listening/hear", back="keeping-records/filing"
    ),
    "enough-lessons": lambda f: f.edit(LESSON, "explanation", "worked-case"),
    "enough-exercises": lambda f: f.edit(SINGLE, "active", "draft"),
    "one-transfer-case": lambda f: f.edit(TRANSFER, "transfer = true\n", ""),
    "reachable-skills": lambda f: _drafted(f, *PRACTICE),
    "enough-for-evidence": lambda f: f.edit(SINGLE, "active", "draft"),
    "seldom-guessed": lambda f: _drafted(f, *PRACTICE[2:]),
    "transfer-hard-to-guess": lambda f: f.edit(SINGLE, "skills", "transfer = true\nskills"),
    "feedback-says-why": lambda f: f.edit(SINGLE, "Then nobody can find it again.", "It is wrong."),
    "explanation-long-enough": lambda f: f.edit(
        SINGLE, "so that everybody finds the same one and nobody keeps a copy.", "see?"
    ),
    "few-hints": lambda f: f.edit(SINGLE, "# Hint", "# Hint\nA third one.\n\n# Hint"),
    "options-differ": lambda f: f.edit(SINGLE, "Throw it away", "FILE it, once!"),
    "answers-differ": lambda f: f.edit(SHORT, '["bin"]', '["The Archive."]'),
    "no-all-or-none": lambda f: f.edit(SINGLE, "Copy it to all", "None of the above"),
    "right-option-length": lambda f: f.edit(
        SINGLE, "File it once", "File it once in the one place where it is"
    ),
    "right-option-seldom-longest": lambda f: [
        f.edit(f"{skill}/{skill}-{name}.md", "File it once", "File it only once now")
        for skill in ("filing", "keeping")
        for name in ("single", "single-again")
    ],
    "headings-from-two": lambda f: f.edit(SINGLE, TOLD, "Her record\n==========\n\n" + TOLD),
    "images-have-words": lambda f: (
        f.write("media/map.png", ""),
        f.edit(SINGLE, TOLD, "![](map.png)"),
    ),
    "images-exist": lambda f: f.edit(SINGLE, TOLD, "![A map](map.png)"),
    "safe-links": lambda f: f.edit(SINGLE, TOLD, "[her record](http://example.org)"),
    "no-raw-html": lambda f: f.edit(SINGLE, TOLD, "A <b>citizen</b> asks."),
    "right-option-place": lambda f: _copies(f, count=7, first=0),
    "lesson-length": lambda f: f.append(LESSON, "word " * 200),
    "reading-grade": lambda f: f.edit(SINGLE, TOLD, GROUP * 12),
    "short-sentences": lambda f: f.edit(SINGLE, TOLD, "One more " + WORDS_35),
    "translation-matches": lambda f: f.write(FRENCH, IN_FRENCH + "# Mot\n"),
    "translation-fresh": lambda f: f.write(FRENCH, IN_FRENCH),
}
KEEPS: dict[str, Edit] = {
    "files-present": lambda f: f.write("filing/notes.txt", "not an item"),
    "readable-text": lambda f: f.edit(SINGLE, "citizen", "citoyenne âgée"),
    "readable-toml": lambda f: f.edit(SINGLE, 'status = "active"', "status = 'active' # a comment"),
    "front-matter": lambda f: f.edit(SINGLE, "+++\n", "\ufeff+++   \n"),
    "known-keys": lambda f: f.edit(SINGLE, "skills", "transfer = false\nskills"),
    "required-keys": lambda f: f.edit(NUMBER, 'unit = "months"\n', ""),
    "valid-values": lambda f: f.edit(NUMBER, "value = 12.0", "value = 12"),
    "body-present": lambda f: f.edit(SINGLE, "# Hint\n", "# Hint\n\n\n"),
    "known-sections": lambda f: f.edit(SINGLE, TOLD, "```\n# a comment in code\n```"),
    "explanation-present": lambda f: f.edit(SINGLE, "# Explanation", "# Explanation #"),
    "unique-ids": lambda f: f.edit(SINGLE, "bdbdbdbdbdbd", "bdbdbdbdbdbz"),
    "well-formed-names": lambda f: f.move(SINGLE, "filing/form-27b-6.md"),
    "unique-names": lambda f: f.move(SINGLE, "filing/another-name.md"),
    "items-differ": lambda f: f.edit("filing/filing-single-again.md", "(b1)", "(b)"),
    "modules-exist": lambda f: f.edit("../programme.toml", "modules = [", "modules = [\n"),
    "skills-exist": lambda f: f.edit(SINGLE, '["filing"]', '["filing", "keeping"]'),
    "main-skill-folder": lambda f: f.edit(SINGLE, '["filing"]', '["filing", "keeping"]'),
    "prerequisites-exist": lambda f: f.edit(MODULE, '["filing"]', "[]"),
    "no-prerequisite-cycle": lambda f: f.edit(MODULE, '["filing"]', '["filing", "filing"]'),
    "foundations-exist": lambda f: _beside(f, builds_on="listening/hear"),
    "no-module-cycle": lambda f: _beside(f, builds_on="listening/hear"),
    "enough-lessons": lambda f: f.edit(MODULE, "status", "# two lessons a skill\nstatus"),
    "enough-exercises": lambda f: (
        f.edit(SINGLE, "active", "draft"),
        f.edit(MODULE, "active", "draft"),
    ),
    "one-transfer-case": lambda f: f.edit(SINGLE, "skills", "transfer = false\nskills"),
    "reachable-skills": lambda f: _drafted(f, *PRACTICE[1:]),
    "enough-for-evidence": lambda f: (
        f.edit(SINGLE, "active", "draft"),
        f.edit(MODULE, "active", "draft"),
    ),
    "seldom-guessed": lambda f: _drafted(f, *PRACTICE[3:]),
    "transfer-hard-to-guess": lambda f: (
        f.edit(TRANSFER, "transfer = true\n", ""),
        f.edit(MULTIPLE, "skills", "transfer = true\nskills"),
    ),
    "feedback-says-why": lambda f: f.edit(SINGLE, "Then nobody can find it again.", "x" * 20),
    "explanation-long-enough": lambda f: f.edit(
        SINGLE,
        EXPLANATION,
        "y" * 55,
    ),
    "few-hints": lambda f: f.edit(SINGLE, "# Hint\nThink of where records lie.\n", ""),
    "options-differ": lambda f: f.edit(SINGLE, "Throw it away", "File it twice"),
    "answers-differ": lambda f: f.edit(NUMBER, "value = 120", "value = 12.6"),
    "no-all-or-none": lambda f: f.edit(SINGLE, "Copy it to all", "Send all of it up"),
    "right-option-length": lambda f: f.edit(SINGLE, "File it once", "File it once in place"),
    "right-option-seldom-longest": lambda f: [
        f.edit(f"filing/filing-{name}.md", "File it once", "File it only once now")
        for name in ("single", "single-again")
    ],
    "headings-from-two": lambda f: f.edit(SINGLE, TOLD, "## Her record\n\n" + TOLD),
    "images-have-words": lambda f: (
        f.write("media/map.png", ""),
        f.edit(SINGLE, TOLD, "![A map](map.png)"),
    ),
    "images-exist": lambda f: (
        f.write("media/map.png", ""),
        f.edit(SINGLE, TOLD, "![A map](map.png)"),
    ),
    "safe-links": lambda f: f.edit(
        SINGLE, TOLD, "[her](https://example.org) <mailto:a@example.org>"
    ),
    "no-raw-html": lambda f: f.edit(SINGLE, TOLD, "`<b>` marks bold text, and 1 < 2 > 0."),
    "right-option-place": lambda f: _copies(f, count=6, first=5),
    "lesson-length": lambda f: f.append(LESSON, "word " * 100),
    "reading-grade": lambda f: f.edit(SINGLE, TOLD, GROUP * 2),
    "short-sentences": lambda f: f.edit(SINGLE, TOLD, WORDS_35),
    "translation-matches": lambda f: f.write(FRENCH, IN_FRENCH),
    "translation-fresh": lambda f: _read_by_somebody(f),  # noqa: PLW0108 - defined below
}
RULE_NAMES = [rule.name for rule in RULES]
# Broken by folders and translations only, which the terminal tells of; no draft is one.
OF_FOLDERS = frozenset(
    {"files-present", "readable-text", "modules-exist", "translation-matches", "translation-fresh"}
)
MARKED = REPOSITORY / "app" / "translations" / "messages.pot"


def _beside(folder: "Folder", *, builds_on: str, back: str = "") -> None:
    """Put a module beside the first, whose first skill builds on this; and let it build back."""
    text = (folder.module / MODULE).read_text()
    for old in ("aaaaaaaaaaab", "aaaaaaaaaaac"):
        text = text.replace(old, old.replace("a", "e", 3))
    text = text[: text.rindex("[[skills]]")].replace('"filing"', '"hear"')
    text = text.replace("active", "draft")
    if back:
        text = text.replace("prerequisites = []", f'prerequisites = []\nbuilds_on = ["{back}"]')
    folder.write("../listening/module.toml", text)
    folder.edit(MODULE, "prerequisites = []", f'prerequisites = []\nbuilds_on = ["{builds_on}"]')


def _drafted(folder: "Folder", *names: str) -> None:
    for name in names:
        folder.edit(f"filing/filing-{name}.md", "active", "draft")


def _read_by_somebody(folder: "Folder") -> None:
    """Add a translation, and say that it fits the words of its original."""
    folder.write(FRENCH, IN_FRENCH)
    mark_fresh(folder.root, folder.read(), ".fr.md")


def _copies(folder: "Folder", *, count: int, first: int) -> None:
    """Add single choices whose right option is the second, in `first` of them the first."""
    text = (folder.module / SINGLE).read_text(encoding="utf-8")
    for n in range(count):
        copy = text.replace("bdbdbdbdbdbd", "z" * 11 + "abcdefgh"[n])
        if n < first:
            copy = copy.replace("correct = true", "correct = moved").replace(
                "correct = false", "correct = true", 1
            )
            copy = copy.replace("correct = moved", "correct = false")
        folder.write(f"filing/copy-{n}.md", copy)


def test_the_sample_breaks_no_rule(folder: "Folder") -> None:
    assert folder.read().problems == ()


def test_every_rule_is_tried_both_ways() -> None:
    assert sorted(BREAKS) == sorted(KEEPS) == sorted(RULE_NAMES)


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_a_broken_rule_is_found(folder: "Folder", rule: str) -> None:
    BREAKS[rule](folder)
    assert folder.problems(rule)


@pytest.mark.parametrize("rule", sorted({*RULE_NAMES} - OF_FOLDERS))
def test_what_a_draft_breaks_is_marked_for_translation(folder: "Folder", rule: str) -> None:
    BREAKS[rule](folder)
    with MARKED.open("rb") as file:
        marked = {message.id for message in read_po(file)}
    said = [problem.message for problem in folder.problems(rule)]
    assert [
        one for one in said if not isinstance(one, Sentence) or one.template not in marked
    ] == []


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_a_kept_rule_is_not_reported(folder: "Folder", rule: str) -> None:
    KEEPS[rule](folder)
    assert not folder.problems(rule)


@pytest.mark.parametrize("rule", RULES, ids=RULE_NAMES)
def test_a_problem_is_as_severe_as_its_rule(folder: "Folder", rule: Rule) -> None:
    BREAKS[rule.name](folder)
    assert {problem.severity for problem in folder.problems(rule.name)} == {rule.severity}


@pytest.mark.parametrize("rule", RULES, ids=RULE_NAMES)
def test_a_rule_is_one_sentence(rule: Rule) -> None:
    assert rule.sentence[0].isupper()
    assert rule.sentence.endswith(".")


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_a_problem_names_a_file_of_the_catalogue_and_a_line_of_it(
    folder: "Folder", rule: str
) -> None:
    BREAKS[rule](folder)
    for problem in folder.problems(rule):
        text = (folder.root / problem.file).read_text(encoding="utf-8", errors="replace")
        assert 1 <= problem.line <= text.count("\n") + 1


def test_a_warning_is_no_error(folder: "Folder") -> None:
    BREAKS["short-sentences"](folder)
    catalogue = folder.read()
    assert catalogue.errors == ()
    assert [problem.severity for problem in catalogue.warnings] == [Severity.WARNING]


def test_a_cycle_is_named_by_its_path(folder: "Folder") -> None:
    BREAKS["no-prerequisite-cycle"](folder)
    (problem,) = folder.problems("no-prerequisite-cycle")
    assert "filing -> keeping -> filing" in problem.message


def test_a_circle_of_modules_is_named_by_its_path(folder: "Folder") -> None:
    BREAKS["no-module-cycle"](folder)
    (problem,) = folder.problems("no-module-cycle")
    assert "keeping-records -> listening -> keeping-records" in problem.message


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("listening/hear-out", "The module listening has no skill hear-out."),
        ("speaking/hear", "There is no other module speaking to build on."),
        (
            "keeping-records/filing",
            "“filing” is a skill of this module: name it under prerequisites",
        ),
    ],
)
def test_what_cannot_be_built_on_is_named_with_its_line(
    folder: "Folder", place: str, said: str
) -> None:
    _beside(folder, builds_on=place)
    (problem,) = folder.problems("foundations-exist")
    line = (folder.root / problem.file).read_text().splitlines()[problem.line - 1]
    assert said in problem.message
    assert line == f'builds_on = ["{place}"]'


def test_what_a_skill_builds_on_elsewhere_names_module_and_skill(folder: "Folder") -> None:
    _beside(folder, builds_on="hear")
    (problem,) = folder.problems("valid-values")
    assert "must be a module and its skill" in problem.message


@pytest.mark.parametrize(
    "words",
    ["All of the above", "none of these answers", "Both of the above.", "All are correct"],
)
def test_catch_all_options_are_found(folder: "Folder", words: str) -> None:
    folder.edit(SINGLE, "Copy it to all", words)
    assert folder.problems("no-all-or-none")


def test_a_broken_item_is_left_out(folder: "Folder") -> None:
    BREAKS["known-keys"](folder)
    assert "filing-single" not in [item.slug for item in folder.read().items]


def test_a_missing_folder_is_an_error(folder: "Folder") -> None:
    with pytest.raises(FileNotFoundError, match="There is no folder"):
        read_catalogue(folder.root / "nowhere")
