"""What a learner is shown of a served exercise, and how their form is read back.

Options stand in an order drawn for this serving and carry tokens that mean nothing elsewhere: the
page betrays neither the key nor the place in the author's file.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from typing import Protocol

from app.authoring import (
    Answer,
    Exercise,
    Lesson,
    Matching,
    MultipleChoice,
    Number,
    Ordering,
    ShortText,
    SingleChoice,
    UnreadableAnswer,
)

Fields = Mapping[str, Sequence[str]]


class Served(Protocol):
    """The facts of a serving that its sheet depends on."""

    @property
    def seed(self) -> int: ...
    @property
    def part_order(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ShownPart:
    """An option, step, line or match as shown: its text and the token a form sends back."""

    token: str
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A served exercise as the learner sees it before answering: no key, no feedback."""

    format: str
    title: str
    question: str
    hints: int
    unit: str | None
    parts: tuple[ShownPart, ...]
    lefts: tuple[ShownPart, ...]


def draw_order(document: Exercise | Lesson, seed: int) -> str:
    """The order in which the parts of an exercise are shown, as keys joined by commas."""
    keys = [key for key, _ in _parts(document)]
    shuffled = random.Random(seed).sample(keys, len(keys))  # noqa: S311 - an order, not a secret
    if isinstance(document, Ordering) and tuple(shuffled) == document.right_answer():
        shuffled = shuffled[1:] + shuffled[:1]  # never show the steps already in order
    return ",".join(shuffled)


def lay_out(document: Exercise, served: Served) -> Sheet:
    """The sheet of this serving."""
    texts = dict(_parts(document))
    lefts = document.lefts if isinstance(document, Matching) else ()
    return Sheet(
        format=document.format.value,
        title=document.title,
        question=document.question,
        hints=len(document.hints),
        unit=document.unit if isinstance(document, Number) else None,
        parts=tuple(
            ShownPart(token=token(served.seed, key), text=texts[key]) for key in _order(served)
        ),
        lefts=tuple(
            ShownPart(token=token(served.seed, part.key), text=part.text) for part in lefts
        ),
    )


def read_answer(document: Exercise, served: Served, fields: Fields) -> Answer:
    """The answer a submitted form holds; UnreadableAnswer says what is missing in it."""
    keys = {token(served.seed, key): key for key in _order(served)}
    if isinstance(document, SingleChoice):
        return keys.get(_first(fields, "choice"), "")
    if isinstance(document, MultipleChoice):
        return frozenset(keys.get(value, "") for value in fields.get("choice", ()))
    if isinstance(document, Ordering):
        return _read_places(keys, fields)
    if isinstance(document, Matching):
        return {
            part.key: keys.get(_first(fields, f"match-{token(served.seed, part.key)}"), "")
            for part in document.lefts
        }
    return _first(fields, "typed")


def _read_places(keys: Mapping[str, str], fields: Fields) -> tuple[str, ...]:
    places = {key: _first(fields, f"place-{mark}") for mark, key in keys.items()}
    if sorted(places.values()) != sorted(str(n + 1) for n in range(len(keys))):
        raise UnreadableAnswer("Give each step a different place.")
    return tuple(sorted(places, key=lambda key: int(places[key])))


def right_form(document: Exercise, seed: int) -> Fields:
    """The form of a right answer to a serving with this seed: for rehearsals and tests."""
    return _form(document, document.right_answer(), seed)


def wrong_form(document: Exercise, seed: int, rng: random.Random) -> Fields:
    """The form of some wrong answer: a wrong option, two parts swapped, or something else typed."""
    right = document.right_answer()
    if isinstance(document, SingleChoice | MultipleChoice):
        wrong = [option.key for option in document.options if not option.correct]
        picked = rng.choice(wrong)
        return _form(document, picked if isinstance(right, str) else {picked}, seed)
    if isinstance(right, tuple):
        first, second, *rest = right
        return _form(document, (second, first, *rest), seed)
    if isinstance(right, Mapping):
        (left, one), (other, two), *rest = right.items()
        return _form(document, {left: two, other: one, **dict(rest)}, seed)
    return {"typed": ["7 is not it" if isinstance(document, ShortText) else "987654"]}


def _form(document: Exercise, answer: Answer, seed: int) -> Fields:
    if isinstance(answer, Mapping):
        return {
            f"match-{token(seed, left)}": [token(seed, right)] for left, right in answer.items()
        }
    if isinstance(document, Ordering):
        return {f"place-{token(seed, key)}": [str(at)] for at, key in enumerate(answer, start=1)}
    if isinstance(answer, str):
        return (
            {"choice": [token(seed, answer)]}
            if isinstance(document, SingleChoice)
            else {"typed": [answer]}
        )
    return {"choice": [token(seed, key) for key in sorted(answer)]}


def token(seed: int, key: str) -> str:
    """A name for one part of one serving; useless in any other."""
    return blake2s(key.encode(), key=seed.to_bytes(8, "big"), digest_size=6).hexdigest()


def _order(served: Served) -> list[str]:
    return served.part_order.split(",") if served.part_order else []


def _parts(document: Exercise | Lesson) -> list[tuple[str, str]]:
    if isinstance(document, SingleChoice | MultipleChoice):
        return [(option.key, option.text) for option in document.options]
    if isinstance(document, Ordering):
        return [(step.key, step.text) for step in document.steps]
    if isinstance(document, Matching):
        return [(part.key, part.text) for part in document.rights]
    return []


def _first(fields: Fields, name: str) -> str:
    values = fields.get(name, ())
    return values[0] if values else ""
