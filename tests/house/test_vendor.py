"""What we ship of other people's work is exactly what was cleaned, and carries its licence."""

import re

from tests.house import vendor

FILES = [path for path in vendor.VENDOR.rglob("*") if path.is_file()]
STYLES = vendor.VENDOR / "govuk-frontend-6.3.0" / "govuk-frontend.css"


def test_every_vendored_file_is_the_one_in_the_manifest() -> None:
    assert vendor.MANIFEST.read_text() == vendor.manifest()


def test_every_package_keeps_its_licence() -> None:
    packages = [folder for folder in vendor.VENDOR.iterdir() if folder.is_dir()]
    assert packages
    assert all((folder / "LICENSE.txt").is_file() for folder in packages)


def test_nothing_that_belongs_to_gov_uk_is_left() -> None:
    css = STYLES.read_text()
    assert not re.search(r"GDS Transport|@font-face|crest|url\(", css)


def test_no_page_uses_a_component_whose_rules_are_gone() -> None:
    pages = (vendor.VENDOR.parents[1] / "templates").rglob("*.html")
    used = {name for page in pages for name in re.findall(r"govuk-[\w-]+", page.read_text())}
    assert [name for name in sorted(used) if vendor.UNUSED.match(f".{name}")] == []


def test_the_design_system_stays_below_our_rules() -> None:
    css = STYLES.read_text()
    outside = css.replace("/* GOV.UK Frontend, MIT, see LICENSE.txt beside */\n", "")
    assert outside.startswith("@layer govuk{")
    assert outside.count("{") == outside.count("}")


def test_no_file_points_to_a_source_map() -> None:
    assert not [path.name for path in FILES if b"sourceMappingURL" in path.read_bytes()]


def test_cleaning_keeps_rules_of_components_in_use() -> None:
    css = ".govuk-tabs{a:b}.govuk-radios,.govuk-tabs__x{c:d}@media print{.govuk-tabs{e:f}}"
    assert vendor.without_unused(css) == ".govuk-radios{c:d}"


def test_cleaning_turns_sides_into_directions() -> None:
    cleaned = vendor.clean_styles(".govuk-radios{margin-left:1px;left:2px;text-align:left}")
    assert "margin-inline-start:1px;inset-inline-start:2px;text-align:start" in cleaned
