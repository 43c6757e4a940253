"""cmi5: the examples are read, what the specification forbids is refused, ours keeps the schema."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree

from app.authoring import Module, read_catalogue
from app.exchange import Package, Refused
from app.exchange.cmi5 import read_course, write_course
from tests.exchange.fixtures import FIXTURES

EXAMPLES = sorted((FIXTURES / "cmi5-spec" / "examples").glob("*.xml"))
COURSES = sorted((FIXTURES / "cmi5-catapult" / "courses").glob("*/cmi5.xml"))
BROKEN = sorted((FIXTURES / "cmi5-catapult" / "packages").glob("*.xml"))
CONTENT = Path(__file__).parents[2] / "content"
BASE = "https://learn.example.org"


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(FIXTURES / "cmi5-spec" / "CourseStructure.xsd"))


@pytest.fixture(scope="module")
def modules() -> tuple[Module, ...]:
    return read_catalogue(CONTENT).modules


def test_what_we_write_keeps_the_schema(
    schema: etree.XMLSchema, modules: tuple[Module, ...]
) -> None:
    for module in modules:
        schema.assertValid(etree.fromstring(write_course(module, base=BASE).encode()))


def test_what_we_write_keeps_what_no_schema_sees(modules: tuple[Module, ...]) -> None:
    for module in modules:
        content = write_course(module, base=f"{BASE}/").encode()
        course = read_course(Package.of_content("cmi5.xml", content))
        assert course.title == module.title
        assert len(course.objectives) == len(module.skills)
        assert [unit.address for unit in course.units] == [f"{BASE}/learn/modules/{module.slug}"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_of_the_specification_is_read(path: Path) -> None:
    assert read_course(_with_its_files(path)).units


@pytest.mark.parametrize("path", COURSES, ids=lambda path: path.parent.name)
def test_a_course_in_its_archive_is_read(path: Path) -> None:
    assert read_course(_with_its_files(path)).units


@pytest.mark.parametrize("path", COURSES, ids=lambda path: path.parent.name)
def test_a_relative_address_needs_an_archive(path: Path) -> None:
    with pytest.raises(Refused, match=r"14\.2\.0\.0-1"):
        read_course(Package.of_path(path))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_course_is_refused_with_its_requirement(path: Path) -> None:
    with pytest.raises(Refused, match=_REQUIREMENTS[path.stem[:3]]) as refusal:
        read_course(Package.of_path(path))
    assert refusal.value.line > 1


_REQUIREMENTS = {
    "201": "3.0.0.0-1",
    "202": "14.2.0.0-1",
    "205": r"13\.1\.[23]\.0-1",
    "206": "13.1.4.0-2",
}


def test_an_archive_needs_a_course_structure_at_its_root() -> None:
    folder = FIXTURES / "cmi5-catapult" / "packages" / "210-1-no-cmi5-xml"
    with pytest.raises(Refused, match=r"14\.1\.0\.0-2"):
        read_course(Package.of_path(folder))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('moveOn="Completed"', 'moveOn="Perhaps"', "moveOn must be one of"),
        ('moveOn="Completed"', 'moveOn="Passed" masteryScore="1.5"', "between 0 and 1"),
        ('launchMethod="OwnWindow"', 'launchMethod="Popup"', "launchMethod must be"),
        ("<objective idref=", "<objective idref='urn:x' other=", "is not there"),
        ('lang="en"', 'lang="?"', "is no language"),
        ("https://learn.example.org/learn", "ftp://learn.example.org/learn", "not valid"),
    ],
)
def test_a_spoilt_course_is_refused(
    old: str, new: str, said: str, modules: tuple[Module, ...]
) -> None:
    content = write_course(modules[0], base=BASE).replace(old, new)
    with pytest.raises(Refused, match=said):
        read_course(Package.of_content("cmi5.xml", content.encode()))


def _with_its_files(path: Path) -> Package:
    """Return a course structure zipped with an empty file at each relative address."""
    packed = BytesIO()
    found = etree.parse(path).iter("{*}url")
    relative = {str(u.text).strip().partition("?")[0] for u in found if "://" not in str(u.text)}
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(path, "cmi5.xml")
        for name in relative:
            archive.writestr(name, "")
    return Package.of_content("course.zip", packed.getvalue())
