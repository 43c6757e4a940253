"""What a parameter set says: how the answers of one module are weighed, skill by skill.

A plan without terms is plain BKT: what a set made before there were any still means.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from math import exp, log
from typing import Any, NamedTuple, Self

from engine.bkt import SkillParameters, bounded_guess
from engine.model.online import Model
from engine.model.parameters import LEAST_SPAN, ModelParameters

_ROUNDING = 1e-9


class Tier(StrEnum):
    """How much of the model a skill uses; each holds those before it."""

    RECORD = "record"
    ABILITY = "ability"
    CONTEXT = "context"
    HISTORY = "history"


class Why(StrEnum):
    """Why a skill is at its tier."""

    EXPERT = "expert"
    FITTED = "fitted"
    FEW_ANSWERS = "few-answers"
    GUESS = "guess"
    SLIP = "slip"
    LEARN = "learn"
    SPAN = "span"
    CALIBRATION = "calibration"


class SkillTier(NamedTuple):
    """The tier of one skill, and why it is not a higher one, or what holds it there."""

    tier: Tier
    why: Why


USUAL_TIER = SkillTier(Tier.ABILITY, Why.EXPERT)


@dataclass(frozen=True, slots=True)
class Terms:
    """How fast the running estimates move. e = y - p is the surprise of an answer.

    coupling: how much of the ability enters the record's emission, in logits.
    ability, ability_fade: theta += ability / (1 + ability_fade n) e after n answers.
    difficulty, difficulty_fade: d -= difficulty / (1 + difficulty_fade n) e, of an item.
    farthest: bound of |theta| and |d|, in logits.
    forget, forget_days: L <- L (1 + days / forget_days)^-forget.
    floor: L never fades below it once the run that evidence asks for was seen.
    paces: shares of the usual pace at which somebody may learn; none where all learn alike.
    pace_shares: how many learn at each, before any answer; they sum to 1.
    misfit: share of people whose answers fit the record badly (engine.misfit); 0 where they are
        not told apart.
    edition: 1 let the context terms see mastery as if it had faded twice, and answers with hints
        as successes; 2 shows them what the fit saw.
    Raises ValueError naming every value that is out of range.
    """

    coupling: float = 0.25
    ability: float = 0.35
    ability_fade: float = 0.03
    difficulty: float = 0.35
    difficulty_fade: float = 0.06
    farthest: float = 3.0
    forget: float = 0.015
    forget_days: float = 1.0
    floor: float = 0.85
    paces: tuple[float, ...] = (0.25, 0.5, 1.0, 1.6)
    pace_shares: tuple[float, ...] = (0.15, 0.2, 0.4, 0.25)
    misfit: float = 0.2
    edition: int = 2

    def __post_init__(self) -> None:
        problems = [
            f"{each.name} must be 0 or more, got {getattr(self, each.name)}"
            for each in fields(self)
            if each.name not in _LISTS and not getattr(self, each.name) >= 0.0
        ]
        if not self.forget_days > 0.0:
            problems.append(f"forget_days must be above 0, got {self.forget_days}")
        problems += [
            f"{name} must be at most 1, got {getattr(self, name)}"
            for name in ("floor", "misfit")
            if not getattr(self, name) <= 1.0
        ]
        if not all(pace > 0.0 for pace in self.paces):
            problems.append(f"paces must be above 0, got {self.paces}")
        if len(self.pace_shares) != len(self.paces) or not _is_spread(self.pace_shares):
            problems.append(
                f"pace_shares must be one for each pace and sum to 1, got {self.pace_shares}"
            )
        if problems:
            raise ValueError("; ".join(problems))


_LISTS = ("paces", "pace_shares")
_FIRST_EDITION: Mapping[str, Any] = {
    "paces": (),
    "pace_shares": (),
    "misfit": 0.0,
    "edition": 1,
}
"""What a set from before there were paces means."""


def read_terms(record: Mapping[str, Any]) -> Terms:
    """Return the terms of a plan's record; what a set does not name it does without.

    Raises TypeError or ValueError where they are no terms.
    """
    named = {**_FIRST_EDITION, **record}
    return Terms(**named | {name: tuple(named[name]) for name in _LISTS})


def _is_spread(shares: Sequence[float]) -> bool:
    return not shares or (min(shares) >= 0.0 and abs(sum(shares) - 1.0) < _ROUNDING)


class ItemEstimate(NamedTuple):
    """What a fit found of an item, in logits.

    difficulty: what it was over all answers fitted to.  shift: that, less the running difficulty
    when it was fitted; so the running difficulty, moved by others' answers, stays as it is.
    """

    difficulty: float
    shift: float


NOTHING_FOUND = ItemEstimate(0.0, 0.0)


class Emission(NamedTuple):
    """A skill's odds of a right answer on items of one guess, for shifting."""

    known: float
    guess: float
    known_odds: float
    guess_odds: float
    least: float
    span: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A parameter set, ready for use.

    skills: the five probabilities of each.  terms: None for plain BKT.
    tiers: of each skill; one that is left out is at USUAL_TIER.
    context: the fitted terms that sharpen predictions; None where nothing is fitted.
    items: what the fit found of items; without it the running difficulty is all there is.
    """

    skills: Mapping[str, SkillParameters]
    terms: Terms | None = None
    tiers: Mapping[str, SkillTier] = field(default_factory=dict)
    context: ModelParameters | None = None
    items: Mapping[str, ItemEstimate] = field(default_factory=dict)
    model: Model | None = field(init=False, compare=False, repr=False)
    _emissions: dict[tuple[str, float | None], Emission] = field(
        init=False, compare=False, repr=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        model = None if self.context is None else Model(self.context)
        object.__setattr__(self, "model", model)

    def tier(self, skill: str) -> SkillTier:
        """Return the tier a skill is at, and why."""
        if self.terms is None:
            return SkillTier(Tier.RECORD, Why.EXPERT)
        return self.tiers.get(skill, USUAL_TIER)

    def shift(self, item: str) -> float:
        """Return what to add to the running difficulty of an item, in logits."""
        return self.items.get(item, NOTHING_FOUND).shift

    def odds(self, skill: str, guess: float | None) -> Emission:
        """Return what an emission is made from."""
        own = self._emissions.get((skill, guess))
        if own is None:
            own = self._emissions[skill, guess] = _emission(self.skills[skill], guess)
        return own

    def emission(self, skill: str, guess: float | None, scale: float) -> tuple[float, float]:
        """Return P(correct | known) and P(correct | not known) on an item of the skill.

            p0 = sigma(b + x)     p1 = sigma(b + D + x)     scale = exp(x)

        guess: the item's own, None for the skill's. Nobody guesses worse than the item's own
        guess, and knowing is worth at least LEAST_SPAN logits (or D, where that is less).
        At scale 1 this is BKT: 1 - slip and guess, to the last bit.
        """
        own = self.odds(skill, guess)
        if scale == 1.0:
            return own.known, own.guess
        odds = own.guess_odds * scale
        p0 = odds / (1.0 + odds)
        if p0 < own.least:  # noqa: PLR1730 - asked after every answer; max() takes thrice as long
            p0 = own.least
        if own.known >= 1.0:
            return 1.0, p0
        odds = own.known_odds * scale
        lowest = own.span * p0 / (1.0 - p0)
        if odds < lowest:  # noqa: PLR1730 - as above
            odds = lowest
        return odds / (1.0 + odds), p0

    def to_record(self) -> dict[str, Any]:
        """Return the plan as plain JSON values. Exact: from_record gives it back."""
        record: dict[str, Any] = {
            "skills": {skill: asdict(own) for skill, own in self.skills.items()}
        }
        if self.terms is not None:
            record["terms"] = asdict(self.terms)
        if self.tiers:
            record["tiers"] = {
                skill: {"tier": tier.value, "why": why.value}
                for skill, (tier, why) in self.tiers.items()
            }
        if self.context is not None:
            record["context"] = self.context.to_record()
        if self.items:
            record["items"] = {item: list(found) for item, found in self.items.items()}
        return record

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Return the plan that to_record wrote; a record without terms is plain BKT.

        Raises KeyError, TypeError or ValueError where the record is not one of to_record.
        """
        return cls(
            skills={skill: SkillParameters(**own) for skill, own in record["skills"].items()},
            terms=read_terms(record["terms"]) if "terms" in record else None,
            tiers={
                skill: SkillTier(Tier(at["tier"]), Why(at["why"]))
                for skill, at in record.get("tiers", {}).items()
            },
            context=ModelParameters.from_record(record["context"]) if "context" in record else None,
            items={item: ItemEstimate(*own) for item, own in record.get("items", {}).items()},
        )


def _emission(own: SkillParameters, guess: float | None) -> Emission:
    known = 1.0 - own.slip
    chance = own.guess if guess is None else bounded_guess(guess, slip=own.slip)
    known_odds = known / own.slip if own.slip > 0.0 else 0.0
    guess_odds = chance / (1.0 - chance)
    span = LEAST_SPAN
    if own.slip > 0.0 and chance > 0.0:
        span = min(LEAST_SPAN, log(known_odds / guess_odds))
    return Emission(known, chance, known_odds, guess_odds, chance if guess else 0.0, exp(span))
