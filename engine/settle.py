"""Settling what a fitted model may do: each skill at the highest tier its figures have earned.

A skill whose fitted parameters break a constraint, or whose predictions on held-out answers are
off, drops back to its expert estimates by itself, and its plan says why. Constraints after Beck &
Chang (2007), Baker, Corbett & Aleven (2008), Doroudi & Brunskill (2017): without them a fit may
call guessing knowledge.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log

from engine.bkt import SkillParameters
from engine.model.parameters import LEAST_SPAN, ModelParameters
from engine.plan import Plan, SkillTier, Terms, Tier, Why

HIGHEST_GUESS = 0.35
HIGHEST_SLIP = 0.25
LEARN_RANGE = (0.01, 0.6)
LEARNERS_FOR = {Tier.CONTEXT: 20, Tier.HISTORY: 200}
"""Fewest learners from whom a skill's terms of this tier may come."""
_EDGE = 1e-9
WORST_CALIBRATION = 0.08
"""Largest expected calibration error of a skill on held-out answers."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a skill's fit rests on, and how it did on answers it had not seen.

    learners: who answered on the skill.  calibration: expected calibration error there, None
    where it was not held against any.  format_guess: the guess its formats force, as 1/options.
    """

    learners: int
    calibration: float | None = None
    format_guess: float = 0.0


def settle(
    fitted: ModelParameters,
    *,
    expert: Mapping[str, SkillParameters],
    evidence: Mapping[str, Evidence],
    terms: Terms,
) -> Plan:
    """Return the plan of a fitted model: each skill at the tier it has earned, and why.

    expert: every skill of the module, with the estimates it falls back to.
    evidence: by skill; a skill without any stays at its expert estimates.
    """
    skills, tiers = dict(expert), {}
    for skill in expert:
        tiers[skill] = settle_skill(fitted, skill, evidence.get(skill))
        if tiers[skill].why is Why.FITTED:
            skills[skill] = as_probabilities(fitted.rates[skill])
    used = any(tier.tier in LEARNERS_FOR for tier in tiers.values())
    return Plan(skills, terms, tiers, fitted if used else None)


def settle_skill(fitted: ModelParameters, skill: str, evidence: Evidence | None) -> SkillTier:
    """Return the tier one skill has earned; below CONTEXT it keeps its expert estimates."""
    if skill not in fitted.rates or evidence is None:
        return SkillTier(Tier.ABILITY, Why.EXPERT)
    if evidence.learners < LEARNERS_FOR[Tier.CONTEXT]:
        return SkillTier(Tier.ABILITY, Why.FEW_ANSWERS)
    broken = broken_constraint(fitted.rates[skill], format_guess=evidence.format_guess)
    if broken is not None:
        return SkillTier(Tier.ABILITY, broken)
    if evidence.calibration is not None and evidence.calibration > WORST_CALIBRATION:
        return SkillTier(Tier.ABILITY, Why.CALIBRATION)
    enough = evidence.learners >= LEARNERS_FOR[Tier.HISTORY]
    return SkillTier(Tier.HISTORY if enough else Tier.CONTEXT, Why.FITTED)


def broken_constraint(
    rates: tuple[float, float, float, float], *, format_guess: float = 0.0
) -> Why | None:
    """Return the first constraint that fitted rates break: prior, learn, b, D; None where sound.

    format_guess: in [0, 1), the guess that a skill's formats force.
    """
    _, learn, b, span = rates
    if not LEARN_RANGE[0] <= learn <= LEARN_RANGE[1]:
        return Why.LEARN
    if not span >= LEAST_SPAN:
        return Why.SPAN
    if not _sigma(b) <= max(HIGHEST_GUESS, format_guess):
        return Why.GUESS
    if not 1.0 - _sigma(b + span) <= HIGHEST_SLIP:
        return Why.SLIP
    return None


def as_probabilities(rates: tuple[float, float, float, float]) -> SkillParameters:
    """Return fitted rates (prior, learn, b, D) as the five probabilities; forget is by time."""
    prior, learn, b, span = rates
    return SkillParameters(prior=prior, learn=learn, guess=_sigma(b), slip=1.0 - _sigma(b + span))


def as_rates(own: SkillParameters) -> tuple[float, float, float, float]:
    """Return probabilities as rates (prior, learn, b, D), the inverse of as_probabilities.

    Chances of 0 and 1 are taken as all but that: b and D stay finite.
    """
    b = _logit(own.guess)
    return own.prior, own.learn, b, _logit(1.0 - own.slip) - b


def _logit(p: float) -> float:
    usable = min(max(p, _EDGE), 1.0 - _EDGE)
    return log(usable / (1.0 - usable))


def _sigma(x: float) -> float:
    return 1.0 / (1.0 + exp(-x))
