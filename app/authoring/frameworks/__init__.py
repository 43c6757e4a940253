"""Outside frameworks that skills are mapped to, kept as data: a file each beside this one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Framework:
    """A published list of competences; a skill names the codes it serves."""

    name: str
    title: str
    publisher: str
    licence: str
    codes: Mapping[str, str]  # code to title, in the framework's order


FRAMEWORKS: tuple[Framework, ...] = tuple(
    Framework(**json.loads(path.read_text(encoding="utf-8")))
    for path in sorted(Path(__file__).parent.glob("*.json"))
)
