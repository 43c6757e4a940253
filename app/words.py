"""Sentences that are written where no reader is near, and translated where one is.

Services and authoring know no language. They write an English sentence as a template and its
values; the door that shows it (app/web/said.py) translates the template, then puts the values in.
"""

from collections.abc import Mapping
from typing import Self


class Sentence(str):
    """An English sentence that remembers how it was made. `make messages` finds its template.

    Without values the template is the sentence, also where it still waits for them.
    """

    __slots__ = ("template", "values")

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> Self:
        sentence = super().__new__(cls, template % values if values else template)
        sentence.template = template
        sentence.values = values
        return sentence


def remembered(template: str, values: Mapping[str, object]) -> Sentence:
    """A sentence that was kept with how it was made; its template was marked where it was said."""
    return Sentence(template, **values)
