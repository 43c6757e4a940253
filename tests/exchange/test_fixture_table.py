"""Every fixture is read, named as unsupported, or refused with a sentence."""

from pathlib import Path

import pytest

from tests.exchange import table


@pytest.mark.parametrize("path", list(table.packages()), ids=lambda path: str(path.name))
def test_a_fixture_is_understood_or_said(path: Path) -> None:
    read = table.read(path)
    assert read.format
    assert all(fault.sentence.endswith(".") for fault in read.faults)
    assert all(entry.kind and entry.because for entry in read.unsupported)
    categories_alone = path.name.startswith("category")
    assert read.entries or categories_alone
