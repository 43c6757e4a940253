"""How soon a server answers, what it takes of the memory, and how heavy the first page is.

    python -m tests.bench.start [--json]

The database exists already, as on every day but the first. Time counts from starting the process
to the last byte of the first page; the middle of five starts. Memory is measured after 100 pages of
signed-in learners; bytes are what a browser gets for the first page and all it needs, compressed.
Bars: 1.5 seconds, 110 MB, 60 kB.
"""

import argparse
import json
import re
import statistics
from time import perf_counter

from app.config import Config
from tests.bench import servers, world
from tests.bench.world import Learner

STARTS = 5
PAGES = 100
LEARNERS = 20
MODULE = "/learn/modules/ai-literacy-for-public-servants"
PATHS = ("/learn", MODULE, f"{MODULE}/map", "/learn/record")
COMPRESSED = {"Accept-Encoding": "gzip"}
LOADED = re.compile(r'(?:src|href)="(/static/[^"]+)"')


def time_start(config: Config, port: int) -> float:
    """Seconds from nothing to the first page."""
    begun = perf_counter()
    with servers.started(world.settings(config, port=port), port=port, asking="/"):
        return perf_counter() - begun


def memory_after_pages(config: Config, port: int, learners: list[Learner]) -> tuple[float, float]:
    """Megabytes of the process before and after many pages were shown."""
    with servers.started(world.settings(config, port=port), port=port, asking="/") as server:
        before = server.largest_mb()
        for number in range(PAGES):
            learner = learners[number % len(learners)]
            path = PATHS[number % len(PATHS)]
            status, _ = servers.get(port, path, {"Cookie": learner.cookie})
            assert status == 200, (path, status)
        return before, server.largest_mb()


def first_page_bytes(config: Config, port: int) -> int:
    """Bytes of the first page and of every file it names, as they are sent."""
    with servers.started(world.settings(config, port=port), port=port, asking="/"):
        _, page = servers.get(port, "/")
        _, sent = servers.get(port, "/", COMPRESSED)
        files = set(LOADED.findall(page.decode().replace("&amp;", "&")))
        return len(sent) + sum(len(servers.get(port, file, COMPRESSED)[1]) for file in files)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--json", action="store_true", help="print one JSON object")
    given = asked.parse_args()
    with world.folder() as home:
        port = servers.free_port()
        config = world.make_config(home, port=port)
        learners = world.enrol(world.prepare(config), learners=LEARNERS)
        time_start(config, port)  # the first compresses the static files, once for ever
        starts = [time_start(config, port) for _ in range(STARTS)]
        before, after = memory_after_pages(config, port, learners)
        figures = {
            "seconds_to_first_page": statistics.median(starts),
            "slowest_start_seconds": max(starts),
            "memory_mb_at_start": before,
            "memory_mb_after_100_pages": after,
            "first_page_kb": first_page_bytes(config, port) / 1_000,
        }
    if given.json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(f"{name:>26}  {figure:.2f}")


if __name__ == "__main__":
    main()
