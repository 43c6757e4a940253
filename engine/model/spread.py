"""How work is spread over the parts of a log: one after another, on threads, or elsewhere.

A part is a callable that returns the answers of some learners, so that reading happens where the
work is done, and no more than a few parts are in memory at a time. Parts are by learner, and share
one numbering of skills and items.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

from engine.model.answers import AnswerLog

Part = Callable[[], AnswerLog]
"""Gives the same answers each time it is called; hashable, and for a cluster picklable."""

Shared = TypeVar("Shared")
Found = TypeVar("Found")

Work = Callable[[Part, Shared], Found]
"""What is done with each part; a function of a module, so that it can be sent."""


class Spread(Protocol):
    """A way of doing work on many parts."""

    def __call__(
        self, work: Work[Shared, Found], parts: Sequence[Part], shared: Shared, /
    ) -> Iterator[Found]:
        """Return what was found in each part, in the order of the parts, one at a time."""


def in_turn(work: Work[Shared, Found], parts: Sequence[Part], shared: Shared) -> Iterator[Found]:
    """Return what is found in each part, done here, one after another."""
    for part in parts:
        yield work(part, shared)


@dataclass(frozen=True, slots=True)
class OnThreads:
    """Does the work on so many threads; at most twice as many parts are under way."""

    workers: int

    def __call__(
        self, work: Work[Shared, Found], parts: Sequence[Part], shared: Shared
    ) -> Iterator[Found]:
        """Return what is found in each part, in their order."""
        rest = iter(parts)
        with ThreadPoolExecutor(self.workers) as pool:
            coming = deque(
                pool.submit(work, part, shared) for part in islice(rest, 2 * self.workers)
            )
            while coming:
                yield coming.popleft().result()
                coming.extend(pool.submit(work, part, shared) for part in islice(rest, 1))
