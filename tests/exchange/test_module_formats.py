"""`flask content export --format case` and `cmi5` describe a module as a whole."""

from pathlib import Path

import pytest
from flask import Flask

from app.exchange import Package
from app.exchange.case import read_framework
from app.exchange.cmi5 import read_course

MODULE = "ai-literacy-for-public-servants"


@pytest.mark.parametrize("format_", ["case", "cmi5"])
def test_a_module_is_described_as_a_whole(app: Flask, tmp_path: Path, format_: str) -> None:
    out = tmp_path / "cmi5.xml"
    arguments = ["content", "export", str(out), "--format", format_, "--module", MODULE]
    done = app.test_cli_runner().invoke(args=arguments)
    assert done.exit_code == 0, done.output
    if format_ == "case":
        assert len(read_framework(out.read_bytes()).codes) > 5
    else:
        assert read_course(Package.of_path(out)).units
