"""Templates as Flask loads them, with globals that are quick to look up."""

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


class Templates(Environment):
    """Jinja gives each template a chain of mappings, which every import of a macro walks in Python.

    Cairn's globals are complete before the first page is shown, so each template can have its own.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}
