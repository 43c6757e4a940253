from collections.abc import Mapping
from dataclasses import dataclass
from math import perm
from typing import ClassVar, Self

from app.authoring.entry import Entry, MalformedDocument
from app.authoring.formats.exercise import (
    LEAST_GUESS,
    Answer,
    Exercise,
    Format,
    Graded,
    Note,
    Part,
    UnreadableAnswer,
    keys_of,
    letters,
    scattered_keys,
)
from app.words import Sentence

MATCH_ALL = Sentence("Choose a match for each line.")
MATCH_ONCE = Sentence("Use each match only once.")


@dataclass(frozen=True, slots=True)
class Pair:
    """A left part, the right-hand choice that belongs to it, and why."""

    left: Part
    right: Part
    feedback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching(Exercise):
    """Pairs to match; each right-hand choice is used at most once, an extra one never."""

    format: ClassVar[Format] = Format.MATCHING

    pairs: tuple[Pair, ...]
    extra: tuple[Part, ...]

    def __post_init__(self) -> None:
        if len(self.pairs) < 2:  # noqa: PLR2004 - one pair is no choice
            raise MalformedDocument("a matching has at least two pairs")

    @classmethod
    def from_entry(cls, entry: Entry) -> Self:
        rows, extra = entry.entries("pairs"), entry.entries("extra")
        texts = (*(row.text("right") for row in rows), *(row.text("text") for row in extra))
        new = scattered_keys(texts, names="123456789xyz")
        left_keys = keys_of(rows, letters(len(rows)), name="left_key")
        right_keys = keys_of(rows, new[: len(rows)], name="right_key")
        extra_keys = keys_of(extra, new[len(rows) :])
        return cls(
            title=entry.text("title"),
            question=entry.text("question"),
            hints=entry.texts("hints"),
            explanation=entry.text("explanation"),
            pairs=tuple(
                Pair(
                    left=Part(left, row.text("left")),
                    right=Part(right, row.text("right")),
                    feedback=row.text("feedback"),
                )
                for left, right, row in zip(left_keys, right_keys, rows, strict=True)
            ),
            extra=tuple(map(Part, extra_keys, texts[len(rows) :])),
        )

    @property
    def lefts(self) -> tuple[Part, ...]:
        return tuple(pair.left for pair in self.pairs)

    @property
    def rights(self) -> tuple[Part, ...]:
        """Return every right-hand choice, ordered by key: an order that tells nothing."""
        rights = (*(pair.right for pair in self.pairs), *self.extra)
        return tuple(sorted(rights, key=lambda right: right.key))

    @property
    def guess(self) -> float:
        return max(LEAST_GUESS, 1 / perm(len(self.rights), len(self.pairs)))

    def grade(self, answer: Answer) -> Graded:
        chosen = self._read(answer)
        notes = tuple(
            Note(
                pair.left.key,
                f"{pair.left.text} → {chosen[pair.left.key].text}",
                chosen=True,
                right=chosen[pair.left.key] == pair.right,
                feedback=pair.feedback,
            )
            for pair in self.pairs
        )
        return Graded(correct=all(note.right for note in notes), notes=notes)

    def _read(self, answer: Answer) -> dict[str, Part]:
        rights = {right.key: right for right in self.rights}
        lefts = {left.key for left in self.lefts}
        if not isinstance(answer, Mapping) or set(answer) != lefts:
            raise UnreadableAnswer(MATCH_ALL)
        if not all(isinstance(key, str) and key in rights for key in answer.values()):
            raise UnreadableAnswer(MATCH_ALL)
        if len(set(answer.values())) < len(lefts):
            raise UnreadableAnswer(MATCH_ONCE)
        return {left: rights[key] for left, key in answer.items()}

    def right_answer(self) -> dict[str, str]:
        return {pair.left.key: pair.right.key for pair in self.pairs}

    def answer_key(self) -> tuple[str, ...]:
        return tuple(f"{pair.left.text} → {pair.right.text}" for pair in self.pairs)

    def texts_shown(self) -> tuple[str, ...]:
        return tuple(part.text for part in (*self.lefts, *self.rights))

    def answer_parts(self) -> dict[str, object]:
        return {
            "pairs": [
                {
                    "left_key": pair.left.key,
                    "left": pair.left.text,
                    "right_key": pair.right.key,
                    "right": pair.right.text,
                    "feedback": pair.feedback,
                }
                for pair in self.pairs
            ],
            "extra": [{"key": part.key, "text": part.text} for part in self.extra],
        }
