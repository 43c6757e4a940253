"""No published figure, alone or with all others of all weeks, says anything about one person."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from app.services.cohorts import suppression
from app.services.cohorts.suppression import Band, Figures, Tally, band_of, counts_in, form_groups

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WEEKS = tuple(MONDAY + timedelta(weeks=week) for week in range(12))
TRIALS = 2000
MOST_ENUMERATED = 16
Path = tuple[Tally, ...]  # how a group stands, week by week


def published(people: int, path: Path) -> tuple[Figures, ...]:
    """What is published about the group in each week."""
    figures, shown = Figures(), []
    for week in range(len(path)):
        figures = next_week(people, figures, path[: week + 1])
        shown.append(figures)
    return tuple(shown)


def next_week(people: int, past: Figures, path: Path) -> Figures:
    return suppression.publish(
        people,
        past,
        now=path[-1],
        then=lambda at: path[WEEKS.index(at)],
        at=WEEKS[len(path) - 1],
    )


def standings(people: int, after: Tally = Tally(0, 0)) -> Iterator[Tally]:  # noqa: B008 - frozen
    for started in range(after.started, people + 1):
        for completed in range(after.completed, started + 1):
            yield Tally(started, completed)


@dataclass
class Extremes:
    """Among all ways a group can have gone that look the same, the extreme ones of each week."""

    fewest_started: list[Path]
    most_started: list[Path]
    fewest_completed: list[Path]
    most_completed: list[Path]

    def add(self, path: Path) -> None:
        for week, tally in enumerate(path):
            if tally.started < self.fewest_started[week][week].started:
                self.fewest_started[week] = path
            if tally.started > self.most_started[week][week].started:
                self.most_started[week] = path
            if tally.completed < self.fewest_completed[week][week].completed:
                self.fewest_completed[week] = path
            if tally.completed > self.most_completed[week][week].completed:
                self.most_completed[week] = path


@cache
def explanations(people: int, weeks: int) -> dict[Figures, Extremes]:
    """By enumeration of every way a group can go: what each published record leaves open."""
    found: dict[Figures, Extremes] = {}

    def follow(path: Path, figures: Figures) -> None:
        if len(path) == weeks:
            first = [path] * weeks
            extremes = Extremes(first, first[:], first[:], first[:])
            found.setdefault(figures, extremes).add(path)
            return
        for tally in standings(people, *path[-1:]):
            follow((*path, tally), next_week(people, figures, (*path, tally)))

    follow((), Figures())
    return found


@pytest.mark.parametrize(("people", "weeks"), [(10, 3), (12, 3), (14, 2), (21, 2), (25, 2)])
def test_every_record_leaves_both_values_open_in_every_week(people: int, weeks: int) -> None:
    for extremes in explanations(people, weeks).values():
        for week in range(weeks):
            assert extremes.fewest_started[week][week].started < people
            assert extremes.most_started[week][week].started > 0
            assert extremes.fewest_completed[week][week].completed < people
            assert extremes.most_completed[week][week].completed > 0


def test_figures_do_move() -> None:
    path = (Tally(0, 0), Tally(14, 2), Tally(30, 12), Tally(40, 25))
    last = published(40, path)[-1]
    assert len(last.not_started) == 4
    assert [figure.band for figure in last.completed] == [Band(0, 20), Band(20, 40), Band(60, 80)]


def test_the_largest_movement_never_pins_a_count_down() -> None:
    """Three times ten more of thirty would mean everybody."""
    path = (Tally(30, 0), Tally(30, 10), Tally(30, 20), Tally(30, 30))
    last = published(30, path)[-1]
    assert suppression.leaves_room(30, last)
    assert last.completed[-1].band.low < 80


@dataclass(frozen=True)
class Group:
    """A leaf of a tree: some departments of a cohort, and how they went."""

    cohort: int
    departments: tuple[str, ...]
    people: int
    path: Path


def draw_agency(rng: random.Random) -> list[Group]:
    """A random agency: the groups of the departments of its cohorts, and how they went."""
    groups = []
    for cohort in range(rng.randint(1, 3)):
        sizes = {f"department {n}": rng.randint(1, 14) for n in range(rng.randint(1, 4))}
        for departments in form_groups(sizes):
            people = sum(sizes[name] for name in departments)
            groups.append(Group(cohort, departments, people, draw_path(rng, people)))
    return groups


def draw_path(rng: random.Random, people: int) -> Path:
    """Two weeks; often at an extreme, where leaks would be."""
    first = rng.choice([draw_tally(rng, people), Tally(0, 0), Tally(people, 0)])
    later = draw_tally(rng, people)
    second = Tally(max(first.started, later.started), max(first.completed, later.completed))
    return first, rng.choice([second, first, Tally(people, people)])


def draw_tally(rng: random.Random, people: int) -> Tally:
    started = rng.randint(0, people)
    return Tally(started, rng.randint(0, started))


Cells = dict[tuple[object, ...], object]


def cells(groups: list[Group]) -> Cells:
    """All that the agency's pages show: groups, cohorts and the agency, in each week."""
    shown: Cells = {}
    records = [(group, published(group.people, group.path)) for group in groups]
    for week in range(2):
        for group, record in records:
            shown[week, group.cohort, group.departments] = record[week]
        for cohort in {cohort for group in groups for cohort in (group.cohort, None)}:
            parts = [
                (group.people, record[week].completed[-1].band)
                for group, record in records
                if cohort in {None, group.cohort}
            ]
            shown[week, cohort, "together"] = suppression.together(parts)
    return shown


def test_all_cells_of_a_tree_leave_both_values_open_for_everybody() -> None:
    rng = random.Random(20261123)
    checked = 0
    for _ in range(80):
        groups = [group for group in draw_agency(rng) if group.people <= MOST_ENUMERATED]
        shown = cells(groups)
        for place, group in enumerate(groups):
            extremes = explanations(group.people, 2)[published(group.people, group.path)[-1]]
            for week in range(2):
                fewest = extremes.fewest_completed[week]
                most = extremes.most_completed[week]
                assert fewest[week].completed < group.people  # anybody may not have completed
                assert most[week].completed > 0  # and anybody may have
                for other in (fewest, most):
                    swapped = [*groups[:place], replace(group, path=other), *groups[place + 1 :]]
                    assert cells(swapped) == shown
                    checked += 1
    assert checked > 200


def test_no_group_is_smaller_than_ten() -> None:
    rng = random.Random(7)
    for _ in range(500):
        sizes = {f"d{n}": rng.randint(0, 25) for n in range(rng.randint(0, 6))}
        groups = form_groups(sizes)
        assert all(sum(sizes[name] for name in names) >= 10 for names in groups)
        counted = [name for names in groups for name in names]
        assert len(counted) == len(set(counted))
        left = [size for name, size in sizes.items() if name not in counted]
        assert sum(left) < 10


@pytest.mark.parametrize("people", range(10, 240))
def test_a_band_is_true_and_never_finer_than_five_people(people: int) -> None:
    for count in range(people + 1):
        band = band_of(count, people)
        low, high = counts_in(band, people)
        assert low <= count <= high
        assert high - low + 1 >= 5
        assert band.low / 100 <= count / people <= band.high / 100


def test_large_groups_have_bands_of_ten_points_with_open_ends() -> None:
    bands = {band_of(count, 80) for count in range(81)}
    assert bands == {Band(low, low + 10) for low in range(0, 100, 10)}


def test_totals_and_remainders_hold_what_they_stand_for() -> None:
    rng = random.Random(11)
    for _ in range(500):
        sizes = [rng.randint(10, 90) for _ in range(rng.randint(1, 5))]
        counts = [rng.randint(0, size) for size in sizes]
        parts = [(n, band_of(count, n)) for n, count in zip(sizes, counts, strict=True)]
        total = suppression.together(parts)
        assert total.low <= 100 * sum(counts) / sum(sizes) <= total.high
        other = rng.randint(0, sizes[0] - counts[0])
        rest = suppression.remainder(parts[0][1], band_of(other, sizes[0]))
        assert rest.low <= 100 * (sizes[0] - counts[0] - other) / sizes[0] <= rest.high


def test_a_group_below_ten_has_no_bands() -> None:
    with pytest.raises(ValueError, match="needs 10 people"):
        band_of(3, 9)


Publisher = Callable[[int, Path], object]


def newest(people: int, path: Path) -> object:
    return published(people, path)[-1]


def unprotected(people: int, path: Path) -> object:
    """What the same bands would show if every week's were published."""
    return [band_of(tally.completed, people) for tally in path]


def advantage_alone(publisher: Publisher) -> float:
    """How much better than chance one sees whether the only person who may complete did."""
    rng, right = random.Random(5), 0
    for _ in range(TRIALS):
        people = rng.randint(10, 80)
        before = draw_tally(rng, people - 1)
        completes = rng.random() < 0.5
        tally = Tally(before.started + completes, before.completed + completes)
        same = publisher(people, (before, before)) == publisher(people, (before, tally))
        right += (not same) == completes
    return right / TRIALS - 0.5


def test_one_answer_is_never_seen_as_a_difference_between_weeks() -> None:
    assert advantage_alone(newest) <= 0.02


def test_the_attack_would_work_without_the_rule() -> None:
    assert advantage_alone(unprotected) > 0.02


def test_watching_for_weeks_says_next_to_nothing_about_one_person() -> None:
    """Everybody goes their way; the watcher has seen 6,000 such groups and knows the odds."""
    rng = random.Random(31)
    seen: defaultdict[object, Counter[bool]] = defaultdict(Counter)
    for _ in range(6_000):
        shown, truth = watched_group(rng)
        seen[shown][truth] += 1
    usual = sum(counts[True] for counts in seen.values()) / 6_000 > 0.5
    guessed = base = 0
    for _ in range(TRIALS):
        shown, truth = watched_group(rng)
        odds = seen.get(shown)
        guess = odds[True] > odds[False] if odds else usual
        guessed += guess == truth
        base += usual == truth
    assert (guessed - base) / TRIALS <= 0.02


def watched_group(rng: random.Random) -> tuple[object, bool]:
    """Five weeks of a group: what is published, and whether its first person completed."""
    people = rng.choice((12, 18, 30, 60))
    state, path = [0] * people, []
    for _ in range(5):
        path.append(Tally(sum(s > 0 for s in state), sum(s > 1 for s in state)))
        state = [s + (s < 2 and rng.random() < (0.35, 0.2)[s]) for s in state]
    return (people, newest(people, tuple(path))), state[0] > 1
