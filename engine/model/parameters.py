"""What the model has been told or has learned: everything a prediction needs besides the learner.

Plain Python; a web worker loads it, a fit writes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field, fields
from typing import Any

from engine.model.layout import Layout

LEAST_SPAN = 1.0
"""Knowing a skill is worth at least this much, in logits, on every item with a guess of its own."""

Link = tuple[tuple[str, ...], tuple[str, ...]]
"""The skills of one item and of the item asked right after it, each in their item's order."""


@dataclass(frozen=True, slots=True)
class Gains:
    """How fast running levels move. e = y - p is the surprise of an answer.

    coupling: how much of the long-run ability enters the record's emission, in logits.
    long, long_fade: ability  theta += long / (1 + long_fade n) e after n answers.
    steady, recent: exponential averages of e, share of the newest, in (0, 1].
    first, first_fade: as long, over first answers on a skill.
    form, form_fade: as long, over the answers on one skill.
    forget, forget_seconds: L <- L (1 + dt / forget_seconds)^-forget.
    """

    coupling: float = 1.0
    long: float = 0.5
    long_fade: float = 0.05
    steady: float = 0.05
    recent: float = 0.2
    first: float = 0.5
    first_fade: float = 0.05
    form: float = 0.6
    form_fade: float = 0.1
    forget: float = 0.0
    forget_seconds: float = 86_400.0

    def __post_init__(self) -> None:
        problems = [
            f"{field.name} must be 0 or more, got {getattr(self, field.name)}"
            for field in fields(self)
            if not getattr(self, field.name) >= 0.0
        ]
        if not self.forget_seconds > 0.0:
            problems.append(f"forget_seconds must be above 0, got {self.forget_seconds}")
        if problems:
            raise ValueError("; ".join(problems))

    def in_order(self) -> tuple[float, ...]:
        """Return the values in the order of the fields."""
        return astuple(self)


STILL = Gains(coupling=0.0, long=0.0, steady=0.0, recent=0.0, first=0.0, form=0.0)
"""No running level moves: what is left is the record, which is BKT."""


@dataclass(frozen=True, slots=True)
class ModelParameters:
    """A fitted model, by label.

    rates: skill -> prior, learn, b (logit of guess), D (logit of 1 - slip, less b).
    usual_rates: of a skill that was not fitted.
    skills, items, links: label -> place within their blocks; others are predicted from the mean.
    weights: flat, laid out by `layout`.
    guesses: item -> chance to guess it right, in [0, 1), where it has one of its own.
    Raises ValueError where the number of weights does not fit.
    """

    rates: Mapping[str, tuple[float, float, float, float]]
    usual_rates: tuple[float, float, float, float]
    skills: Mapping[str, int]
    items: Mapping[str, int]
    links: Mapping[Link, int]
    weights: Sequence[float]
    gains: Gains
    guesses: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        wanted = self.layout.offsets[-1]
        if len(self.weights) != wanted:
            raise ValueError(f"weights must be {wanted}, got {len(self.weights)}")

    @property
    def layout(self) -> Layout:
        """Return the layout of the weights."""
        return Layout(skills=len(self.skills), items=len(self.items), links=len(self.links))

    def to_record(self) -> dict[str, Any]:
        """Return the parameters as plain JSON values. Exact: from_record gives them back."""
        return {
            "rates": {skill: list(rates) for skill, rates in self.rates.items()},
            "usual_rates": list(self.usual_rates),
            "skills": dict(self.skills),
            "items": dict(self.items),
            "links": [[list(a), list(b), place] for (a, b), place in self.links.items()],
            "weights": list(self.weights),
            "gains": asdict(self.gains),
            "guesses": dict(self.guesses),
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "ModelParameters":
        """Return the parameters that to_record wrote.

        Raises KeyError, TypeError or ValueError where the record is not one of to_record.
        """
        return cls(
            rates={skill: _four(rates) for skill, rates in record["rates"].items()},
            usual_rates=_four(record["usual_rates"]),
            skills=dict(record["skills"]),
            items=dict(record["items"]),
            links={(tuple(a), tuple(b)): place for a, b, place in record["links"]},
            weights=tuple(record["weights"]),
            gains=Gains(**record["gains"]),
            guesses=dict(record.get("guesses", {})),
        )


def _four(values: Sequence[float]) -> tuple[float, float, float, float]:
    prior, learn, b, span = values
    return prior, learn, b, span
