"""Where every weight of the model lives, and into which bucket every circumstance falls.

The weights are one flat vector cut into blocks; a block is a term of the prediction and has words.
Plain Python: the scalar model and its compiled twin read the same numbers from here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import log2


class Block(IntEnum):
    """The terms of a prediction, in the order of their weights."""

    START = 0
    ITEM = 1
    SKILL = 2
    HISTORY = 3
    PRACTICE = 4
    FORM = 5
    ABILITY = 6
    FAMILIAR = 7
    SPACING = 8
    ELAPSED = 9
    PAUSE = 10
    PACE = 11
    ATTEMPT = 12
    PREVIOUS = 13
    POSITION = 14
    BREADTH = 15
    FOLLOWS = 16
    TRUST = 17


WORDS: dict[Block, str] = {
    Block.START: "usual level of everyone",
    Block.ITEM: "this question is harder or easier than usual",
    Block.SKILL: "usual for this skill",
    Block.HISTORY: "your last answers on this skill",
    Block.PRACTICE: "how much you have practised this skill",
    Block.FORM: "better or worse on this skill than we expected",
    Block.ABILITY: "how you are doing overall",
    Block.FAMILIAR: "how you are doing overall, on this skill",
    Block.SPACING: "how many questions ago you met this skill",
    Block.ELAPSED: "how long ago you met this skill",
    Block.PAUSE: "whether you come back from a break",
    Block.PACE: "how fast you answered the last question",
    Block.ATTEMPT: "a question you have seen before",
    Block.PREVIOUS: "your answer to the question before",
    Block.POSITION: "how far you have come",
    Block.BREADTH: "how many skills the question needs",
    Block.FOLLOWS: "what was asked just before",
    Block.TRUST: "how much your record on this skill tells so far",
}

TRENDS = 4
"""Running levels that ABILITY weighs: long, steady, recent, and on skills met first."""
HISTORY_BITS = 5
EXPERIENCE_LEVELS = 8
HISTORIES = 2 << HISTORY_BITS
SPACINGS, ELAPSES, PAUSES, PACES, ATTEMPTS, PREVIOUS, POSITIONS, BREADTHS = (
    10, 7, 5, 22, 10, 8, 20, 9,
)  # fmt: skip

ELAPSED_SECONDS = (600.0, 3_600.0, 43_200.0, 172_800.0, 604_800.0, 2_592_000.0)
"""Ten minutes, an hour, half a day, two days, a week, a month."""
PAUSE_SECONDS = (600.0, 3_600.0, 43_200.0, 604_800.0)
"""Shorter gaps are not told apart: they hold the working time of the answer that is to come."""


def _logarithmic(per_doubling: float, *, levels: int, first: int, length: int) -> tuple[int, ...]:
    """Return the bucket of each count from 0: own bucket for 0, then so many per doubling."""
    return (0, *(min(levels - 1, first + int(per_doubling * log2(n))) for n in range(1, length)))


EXPERIENCE = _logarithmic(1.5, levels=EXPERIENCE_LEVELS, first=1, length=33)
SPACING = _logarithmic(1.0, levels=SPACINGS, first=1, length=513)
POSITION = _logarithmic(2.0, levels=POSITIONS, first=1, length=1025)
PACE = _logarithmic(2.0, levels=PACES, first=1, length=2049)


@dataclass(frozen=True, slots=True)
class Layout:
    """The sizes and places of the blocks for so many skills, items and links.

    A link is an ordered pair of skill sets, one asked right after the other.
    """

    skills: int
    items: int
    links: int

    @property
    def sizes(self) -> tuple[int, ...]:
        """Return the number of weights of each block."""
        return (
            1,
            self.items,
            self.skills,
            HISTORIES,
            2 + 2 * self.skills,
            EXPERIENCE_LEVELS + self.skills,
            EXPERIENCE_LEVELS * TRENDS,
            self.skills,
            SPACINGS,
            ELAPSES + 1,
            PAUSES,
            2 * PACES,
            2 * ATTEMPTS,
            PREVIOUS,
            POSITIONS,
            BREADTHS,
            self.links,
            EXPERIENCE_LEVELS,
        )

    @property
    def offsets(self) -> tuple[int, ...]:
        """Return where each block begins, and where the last one ends."""
        total, places = 0, [0]
        for size in self.sizes:
            total += size
            places.append(total)
        return tuple(places)


class Tier(IntEnum):
    """How much of the model is in use; each tier holds those before it."""

    RECORD = 0
    ELAPSED = 1
    ITEM = 2
    ABILITY = 3
    CONTEXT = 4
    HISTORY = 5


_ADDED: dict[Tier, Sequence[Block]] = {
    Tier.RECORD: (),
    Tier.ELAPSED: (Block.ELAPSED, Block.PAUSE),
    Tier.ITEM: (Block.ITEM, Block.START, Block.SKILL, Block.BREADTH),
    Tier.ABILITY: (Block.ABILITY, Block.FAMILIAR, Block.FORM),
    Tier.CONTEXT: (
        Block.ATTEMPT,
        Block.PREVIOUS,
        Block.POSITION,
        Block.SPACING,
        Block.PACE,
        Block.TRUST,
    ),
    Tier.HISTORY: (Block.HISTORY, Block.PRACTICE, Block.FOLLOWS),
}


def blocks_of(tier: Tier) -> frozenset[Block]:
    """Return the terms that a tier uses."""
    return frozenset(block for known in Tier if known <= tier for block in _ADDED[known])
