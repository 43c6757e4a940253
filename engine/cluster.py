"""Work on the parts of a log, done by a cluster of Dask workers: its only importer.

Needs the extra `cluster`. Source: Rocklin (2015), Dask, Proceedings of SciPy, 126-132.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from distributed import Client, Future

from engine.model.spread import Found, Part, Shared, Work


@dataclass(frozen=True, slots=True)
class OnCluster:
    """Does the work on the workers of a client; at most twice as many parts are under way.

    What is found comes back in the order of the parts, so that sums are the same on any number of
    workers, and the same as in turn.
    """

    client: Client

    def __call__(
        self, work: Work[Shared, Found], parts: Sequence[Part], shared: Shared
    ) -> Iterator[Found]:
        """Return what is found in each part, in their order."""
        sent = self.client.scatter([shared], broadcast=True, hash=False)[0]  # type: ignore[no-untyped-call]
        threads: dict[str, int] = self.client.nthreads()  # type: ignore[no-untyped-call]
        rest = iter(parts)

        def submit(part: Part) -> Future[Found]:
            return self.client.submit(work, part, sent, pure=False)

        coming = deque(submit(part) for part in islice(rest, 2 * sum(threads.values())))
        while coming:
            found: Found = coming.popleft().result()
            yield found
            coming.extend(submit(part) for part in islice(rest, 1))
