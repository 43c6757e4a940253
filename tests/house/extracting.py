"""Gathering every marked text anew, by the recipe of the Makefile."""

import re
import subprocess
import sys
from pathlib import Path

from app.config import REPOSITORY


def extract(target: Path) -> None:
    """Write the template of all texts there are now."""
    rule = (REPOSITORY / "Makefile").read_text()
    keywords = re.search(r"^KEYWORDS := \$\(addprefix -k ,(.*)\)$", rule, re.MULTILINE)
    assert keywords
    recipe = re.search(r"pybabel --quiet extract (.*) \$\(KEYWORDS\) (.*) -o", rule)
    assert recipe
    words = [f"-k{word}" for word in keywords.group(1).split()]
    options = [*recipe.group(1).split(), *words, *recipe.group(2).split()]
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"]
    subprocess.run([*command, *options, "-o", str(target), "."], cwd=REPOSITORY, check=True)
