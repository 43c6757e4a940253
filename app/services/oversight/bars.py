"""What was asked of the engine before it was measured, beside what it reached: misses included."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KNOWN, SLOW_GAP, KNOWER_SHARE, DECISION_MS, CLOSED = 0.88, 0.10, 0.40, 1.0, 0.5
SMALL_CLASS_GAP = 0.06
"""How far the accuracy after 20 learners may be below that of the full fit, in AUC."""
PILOT_KNOWN, PILOT_MINUTES = 0.84, 360.0
"""What the first rules reached in four pilot worlds: from there half the way to the oracle counts.
Those worlds were others, and slower: their oracle needed 182 minutes."""
PILOT_ORACLE_MINUTES = 182.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, and figures in the order in which its words tell them.

    reached: empty where it is not measured yet; then met is None.
    """

    name: str
    reached: tuple[float, ...]
    asked: tuple[float, ...]
    met: bool | None


def sequencing_bars(figures: Mapping[str, Any]) -> tuple[Bar, ...]:
    """The bars for choosing, from the figures of its bench."""

    def bar(name: str, reached: tuple[str, ...], asked: tuple[float | str, ...]) -> Bar:
        """The first figure of mastery is to be reached, all others are not to be passed."""
        found = [figures.get(each) for each in reached]
        limits = [figures.get(each) if isinstance(each, str) else each for each in asked]
        values = tuple(float(it) for it in found if it is not None)
        bounds = tuple(float(it) for it in limits if it is not None)
        if len(values) < len(reached) or len(bounds) < len(asked):
            return Bar(name, (), bounds, None)
        passed = zip(reached, values, bounds, strict=True)
        met = all(
            value >= bound if each in AT_LEAST else value <= bound for each, value, bound in passed
        )
        return Bar(name, values, bounds, met)

    figures = {**figures, **derived(figures)}
    return (
        bar("mastery", ("cairn_known", "cairn_minutes"), (KNOWN, "bar_minutes")),
        bar("slow-gap", ("cairn_slow_gap",), (SLOW_GAP,)),
        bar("knower", ("cairn_knower_share",), (KNOWER_SHARE,)),
        bar("dominated", ("cairn_dominated",), (0.0,)),
        bar("decision", ("decision_p95_ms",), (DECISION_MS,)),
        bar("oracle", ("known_closed", "minutes_closed"), (CLOSED, CLOSED)),
    )


AT_LEAST = frozenset({"cairn_known", "known_closed", "minutes_closed"})


def derived(figures: Mapping[str, Any]) -> dict[str, float]:
    """What bars ask of figures that the bench gives in another form; empty where it gives none.

    known_closed, minutes_closed: share of the way from the pilot to the oracle.
    times_oracle, pilot_times_oracle: minutes as a multiple of the oracle's, now and then.
    """
    found: dict[str, float] = {"pilot_times_oracle": PILOT_MINUTES / PILOT_ORACLE_MINUTES}
    if figures.get("decision_p95_us") is not None:
        found["decision_p95_ms"] = figures["decision_p95_us"] / 1_000.0
    try:
        known, minutes = figures["cairn_known"], figures["cairn_minutes"]
        oracle_known, oracle_minutes = figures["oracle_known"], figures["oracle_minutes"]
    except KeyError:
        return found
    return found | {
        "known_closed": _closed(PILOT_KNOWN, known, oracle_known),
        "minutes_closed": _closed(PILOT_MINUTES, minutes, oracle_minutes),
        "times_oracle": minutes / oracle_minutes if oracle_minutes else 0.0,
    }


def _closed(begun: float, reached: float, end: float) -> float:
    return (reached - begun) / (end - begun) if end != begun else 0.0
