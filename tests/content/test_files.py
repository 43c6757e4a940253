"""Problems stand on the line where an author will look for them."""

from typing import TYPE_CHECKING

import pytest

from app.authoring import Status, read_catalogue

if TYPE_CHECKING:
    from tests.content.conftest import Folder

SINGLE, NUMBER = "filing/filing-single.md", "filing/filing-number.md"


@pytest.mark.parametrize(
    ("name", "old", "new", "marked"),
    [
        (SINGLE, 'status = "active"', 'status = "live"', 'status = "live"'),
        (SINGLE, "skills =", 'colour = "red"\nskills =', "colour"),
        (SINGLE, "correct = true", "correct = 1", "correct = 1"),
        (NUMBER, "value = 12.0", "value = 0.3333333333333333", "0.33"),
        ("filing/filing-short.md", '"archive"', '"?!"', "?!"),
        (SINGLE, "Copies soon differ from each other.", "Copies.", '"Copies."'),
        (SINGLE, '["filing"]', "[\n  'filing',\n  'finding',\n]", "skills = ["),
        (SINGLE, 'title = "A record"', "title = '''\n'''", "title = '''"),
        (SINGLE, 'title = "A record"', 'title = "A record', 'title = "A record'),
        (SINGLE, "# Explanation", "# Why", "Why"),
        (SINGLE, "Think of where records lie.", "Think\n\n# Of", "# Of"),
        (SINGLE, "A citizen asks", "Once\nmore\n\n<i>a</i> citizen", "<i>a</i>"),
        (NUMBER, "value = 120", 'value = "120"', 'value = "120"'),
        (NUMBER, "tolerance = 0.5", "tolerance = -1", "tolerance = -1"),
        ("module.toml", "year = 2025", 'year = "2025"', 'year = "2025"'),
        (
            "module.toml",
            'slip = 0.1, forget = 0.0 }\nbecause = "Two',
            'slip = 0.8, forget = 0.0 }\nbecause = "Two',
            "slip = 0.8",
        ),
        ("module.toml", "as_of = 2026-11-22", "as_of = 2026-13-22", "as_of"),
        ("module.toml", '["1.3"]', "[1.3]", "[1.3]"),
        ("../programme.toml", 'summary = "How', 'summary = "" # "How', "summary"),
    ],
)
def test_a_problem_stands_on_the_line_of_its_cause(
    folder: "Folder", name: str, old: str, new: str, marked: str
) -> None:
    folder.edit(name, old, new)
    lines = (folder.module / name).read_text(encoding="utf-8").split("\n")
    file = (folder.module / name).resolve().relative_to(folder.root.resolve()).as_posix()
    found = [lines[problem.line - 1] for problem in folder.read().problems if problem.file == file]
    assert found
    assert all(marked in line for line in found)


def test_all_problems_are_reported_at_once(folder: "Folder") -> None:
    folder.edit(SINGLE, 'status = "active"', 'status = "live"')
    folder.edit(SINGLE, 'id = "', 'id = "X')
    folder.edit(SINGLE, "correct = true", "correct = 1")
    folder.edit(SINGLE, "# Explanation", "# Why")
    file = "programmes/good-records/keeping-records/filing/filing-single.md"
    said = {(p.rule, p.message) for p in folder.read().problems if p.file == file}
    assert said == {
        ("valid-values", "id must be 12 characters of a-z and 2-7."),
        ("valid-values", "status must be one of draft, active, retired."),
        ("valid-values", "options 2: correct must be true or false, without quotes."),
        ("known-sections", "# Why is not a section here; inner headings start with ##."),
        ("explanation-present", "The explanation is missing."),
    }


@pytest.mark.parametrize(
    "toml",
    [
        "a = " + "[" * 3000,
        "a = " + "9" * 5000,
        "a = 1\na = 2",
        "[options]\n[[options]]",
        "= 3",
        "a = {b = 1",
        "a = '''",
        "\x00",
        "a.b = 1\na = 2",
    ],
)
def test_broken_toml_is_a_problem_and_never_a_trace(folder: "Folder", toml: str) -> None:
    folder.write(SINGLE, f"+++\n{toml}\n+++\nText\n")
    (problem,) = folder.problems("readable-toml")
    assert 2 <= problem.line <= 4
    assert problem.message.startswith("This is not valid TOML: ")


@pytest.mark.parametrize(
    "text", ["", "+++", "+++\n", "+++\n+++", "text", "---\nid: 3\n---\n", "+++\n+++\n+++"]
)
def test_a_file_without_content_is_a_problem(folder: "Folder", text: str) -> None:
    folder.write(SINGLE, text)
    assert any(problem.file.endswith(SINGLE) for problem in folder.read().errors)


def test_windows_line_ends_do_not_move_lines(folder: "Folder") -> None:
    path = folder.edit(SINGLE, "correct = true", "correct = 1")
    line = folder.line_of(SINGLE, "correct = 1")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert [problem.line for problem in folder.problems("valid-values")] == [line]


def test_a_line_separator_inside_a_text_does_not_move_lines(folder: "Folder") -> None:
    folder.edit(SINGLE, "Throw it away", "Throw it\u2028away")
    folder.edit(SINGLE, "correct = true", "correct = 1")
    line = folder.line_of(SINGLE, "correct = 1")
    assert [problem.line for problem in folder.problems("valid-values")] == [line]


def test_the_catalogue_holds_what_the_files_say(folder: "Folder") -> None:
    catalogue = folder.read()
    (module,) = catalogue.modules
    assert [programme.modules for programme in catalogue.programmes] == [("keeping-records",)]
    assert (module.slug, module.programme, module.status) == (
        "keeping-records",
        "good-records",
        Status.ACTIVE,
    )
    assert module.as_of.isoformat() == "2026-11-22"
    assert module.sources[0].url == "https://example.org/code"
    filing, keeping = module.skills
    assert keeping.prerequisites == ("filing",)
    assert filing.parameters.slip == 0.1
    assert filing.frameworks == (("digcomp-2.2", ("1.3",)),)
    assert len(module.items) == 22
    assert len(module.items_of("filing")) == 11
    assert [item.slug for item in module.items if item.transfer] == [
        "filing-transfer",
        "keeping-transfer",
    ]


def test_an_empty_folder_is_an_empty_catalogue(folder: "Folder") -> None:
    (folder.root / "empty").mkdir()
    assert read_catalogue(folder.root / "empty").items == ()
