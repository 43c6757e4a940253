"""From answers to a proposed parameter set: fitted, checked skill by skill, settled."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean

import numpy as np

from app.services.catalogue.shelf import Syllabus
from app.services.errors import Refused
from app.services.oversight.calibration.answered import Answered
from app.services.oversight.calibration.parts import HELD_OUT, TRAINED_ON, TUNED_ON
from app.services.oversight.calibration.reading import ModuleLog
from engine import ItemEstimate, ItemKind, Plan, SkillParameters, Terms
from engine.baseline import fit as fit_baseline
from engine.fitting import EXPERT_ANSWERS, FITTED_GAINS, Effort, ExpertEstimates, predict_bkt
from engine.model.answers import AnswerLog, Floats
from engine.model.layout import Block, Tier
from engine.model.parameters import Gains, ModelParameters
from engine.model.plain import STARTS
from engine.model.spread import OnThreads, Part
from engine.plan import SkillTier as SkillStands
from engine.plan import Tier as SkillTier
from engine.settle import LEARNERS_FOR, as_rates, broken_constraint, settle
from engine.skill_checks import evidence, learners_by_skill
from engine.streaming import fit_parts, refit_parts

FEWEST_LEARNERS = 50
FEWEST_ANSWERS = 1_000
FEWEST_HELD_OUT = 5
"""Learners in each of the parts that are not fitted to."""
BASELINE_STARTS = 5
SEED = 1
EFFORT = Effort()


def check_enough(answered: Answered) -> None:
    """Raise Refused where too few people or answers are there to fit and to judge."""
    if answered.learners < FEWEST_LEARNERS or answered.answers < FEWEST_ANSWERS:
        raise Refused(
            "Not enough data: %(learners)d learners gave %(answers)d answers. "
            "A calibration needs %(most_learners)d learners and %(most_answers)d answers.",
            learners=answered.learners,
            answers=answered.answers,
            most_learners=FEWEST_LEARNERS,
            most_answers=FEWEST_ANSWERS,
        )
    parts = np.bincount(answered.sample.log.folds, minlength=TUNED_ON + 1)
    if min(parts[HELD_OUT], parts[TUNED_ON]) < FEWEST_HELD_OUT:
        raise Refused(
            "Not enough data: only %(learners)d learners were held out to judge by. "
            "Try again when more people have answered.",
            learners=int(min(parts[HELD_OUT], parts[TUNED_ON])),
        )


def propose(
    answered: Answered,
    *,
    active: Plan,
    expert: Mapping[str, SkillParameters],
    syllabus: Syllabus,
    running: Mapping[str, float],
) -> Plan:
    """The plan that the answers speak for; a skill keeps its present estimates where they do not.

    How long to search, and what each skill has earned, is found on learners of a part of their own;
    those held out are not looked at. expert: what experts expect of each skill, to which the fit of
    a skill with few answers leans. running: the difficulty of items now, by id.
    """
    labels, spread = answered.sample.labels, OnThreads(EFFORT.workers)
    tune = answered.sample.log.in_folds([TUNED_ON])
    expected = expert_estimates(labels.skills, expert, syllabus)
    learners = sum(spread(_learners_of, answered.trained_on, None), start=np.zeros(1))
    fitted = fit_parts(
        answered.trained_on,
        tune,
        tier=_tier(learners),
        gains=FITTED_GAINS,
        effort=EFFORT,
        spread=spread,
        expert=expected,
    )
    grounds = evidence(
        fitted, learners, tune, skills=labels.skills, format_guesses=_format_guesses(syllabus)
    )
    final = refit_parts(
        answered.learned_from, fitted, effort=EFFORT, spread=spread, expert=expected
    )
    guesses = {item.id: item.guess for item in syllabus.curriculum.items if item.guess is not None}
    parameters = final.parameters(skills=labels.skills, items=labels.items, guesses=guesses)
    terms = terms_of(FITTED_GAINS)
    plan = settle(parameters, expert=active.skills, evidence=grounds, terms=terms)
    if plan.context is None:
        return plan
    return replace(plan, items=_items(parameters, running, farthest=terms.farthest))


def expert_estimates(
    skills: Sequence[str], expert: Mapping[str, SkillParameters], syllabus: Syllabus
) -> ExpertEstimates:
    """What experts expect of each skill, as its exercises ask it: a format has a guess of its own.

    A skill without an estimate weighs nothing.
    """
    rates = np.tile(STARTS[0], (len(skills), 1))
    answers = np.zeros(len(skills))
    for place, skill in enumerate(skills):
        own = expert.get(skill)
        if own is not None:
            guess = fmean(_guesses(skill, syllabus, usual=own.guess) or [own.guess])
            rates[place] = own.prior, own.learn, guess, min(own.slip, 0.99 * (1.0 - guess))
            answers[place] = EXPERT_ANSWERS
    return ExpertEstimates(rates, answers)


def adopt(table: Mapping[str, SkillParameters], *, active: Plan, syllabus: Syllabus) -> Plan:
    """The plan in use with the parameters of a table.

    A skill whose parameters break a constraint keeps its present ones, as after a fit, and so do
    skills that the table leaves out. What was fitted together with the parameters in use goes.
    """
    skills, tiers = dict(active.skills), {}
    forced = _format_guesses(syllabus)
    for skill, own in table.items():
        broken = broken_constraint(as_rates(own), format_guess=forced.get(skill, 0.0))
        if broken is None:
            skills[skill] = own
        else:
            tiers[skill] = SkillStands(SkillTier.ABILITY, broken)
    return replace(active, skills=skills, tiers=tiers, context=None)


def _learners_of(part: Part, _: None) -> Floats:
    return learners_by_skill(part())


def _tier(learners: Floats) -> Tier:
    """The highest tier that a skill can earn with so many learners of each: terms fitted together
    work together."""
    enough = learners.max(initial=0.0) >= LEARNERS_FOR[SkillTier.HISTORY]
    return Tier.HISTORY if enough else Tier.CONTEXT


def _items(
    parameters: ModelParameters, running: Mapping[str, float], *, farthest: float
) -> dict[str, ItemEstimate]:
    """What the fit found of each item, within the bounds of what the product may say."""
    first = parameters.layout.offsets[Block.ITEM]
    found = {}
    for item, place in parameters.items.items():
        difficulty = min(max(-parameters.weights[first + place], -farthest), farthest)
        found[item] = ItemEstimate(difficulty, difficulty - running.get(item, 0.0))
    return found


def terms_of(gains: Gains) -> Terms:
    """The terms by which the product moves as the fit did."""
    return Terms(
        coupling=gains.coupling,
        ability=gains.long,
        ability_fade=gains.long_fade,
        forget=gains.forget,
        forget_days=gains.forget_seconds / 86_400.0,
    )


def predict_baseline(answered: ModuleLog) -> Floats:
    """What pyBKT, fitted to the same learners, expects of every held-out answer."""
    log = answered.log.in_folds([TUNED_ON, *TRAINED_ON])
    found = fit_baseline(_single_skills(log), seed=SEED, starts=BASELINE_STARTS)
    usual = np.mean(list(found.values()), axis=0)
    rates = np.array([found.get(skill, usual) for skill in range(log.n_skills)])
    return predict_bkt(answered.log.in_folds([HELD_OUT]), rates)


def _single_skills(log: AnswerLog) -> list[tuple[int, int, bool]]:
    pairs = np.diff(log.skill_starts)
    learners, correct = np.repeat(log.learner_of, pairs), np.repeat(log.correct, pairs)
    return list(zip(learners.tolist(), log.skills.tolist(), correct.tolist(), strict=True))


def _format_guesses(syllabus: Syllabus) -> Mapping[str, float]:
    """The guess that the formats of a skill's exercises force, on average."""
    own = {skill: _guesses(skill, syllabus, usual=0.0) for skill in syllabus.skills}
    return {skill: fmean(guesses) for skill, guesses in own.items() if guesses}


def _guesses(skill: str, syllabus: Syllabus, *, usual: float) -> list[float]:
    """The guess of each exercise of a skill. usual: where its format forces none."""
    return [
        usual if item.guess is None else item.guess
        for item in syllabus.curriculum.items
        if item.kind is ItemKind.EXERCISE and skill in item.skills
    ]
