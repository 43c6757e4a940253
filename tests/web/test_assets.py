"""Static files are sent lean, and mean the same."""

import gzip
import re
from pathlib import Path

import pytest

from app.config import REPOSITORY
from app.web.assets import compressed

STATIC = REPOSITORY / "app" / "static"
OURS = sorted(STATIC.glob("*.css"))
SPACE = re.compile(r"\s+")


def sent(file: Path, tmp_path: Path) -> str:
    return gzip.decompress(compressed(file, into=tmp_path).read_bytes()).decode()


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.name)
def test_a_stylesheet_loses_its_comments_and_nothing_else(file: Path, tmp_path: Path) -> None:
    rules = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)
    lean = sent(file, tmp_path)
    assert "/*" not in lean
    assert SPACE.sub(" ", lean).strip() == SPACE.sub(" ", rules).strip()


def test_what_others_made_is_sent_as_it_is(tmp_path: Path) -> None:
    (file,) = STATIC.glob("vendor/govuk-frontend-*/govuk-frontend.css")
    assert sent(file, tmp_path) == file.read_text()
