"""One learner, one answer at a time: the model in plain Python, O(1) in everything but skills.

Symbols: L mastery, P(known); y answer, 0 or 1; p predicted P(correct); e = y - p; sigma logistic.

    record    L <- L (1 + dt / tau)^-phi                                 forgetting, real time
              p0 = sigma(b + a theta + d)     p1 = sigma(b + a theta + d + D)
              r  = mean over the item's skills of L p1 + (1 - L) p0
              L' = L p1 / r or L (1 - p1) / (1 - r), for its own skill;  L <- L' + (1 - L') T
    predict   p  = sigma(logit(r) + sum of the context terms)

The record is the auditable layer: the context terms sharpen p and never touch L. With the terms
zero, a theta = 0, d = 0 and phi = 0, p is plain BKT with guess sigma(b) and slip 1 - sigma(b + D).
Source: Corbett & Anderson (1995); item difficulty in the emission: Khajah et al. (2014), EDM;
online ability: Pelanek (2016), Computers & Education 98, 169-179; history as logistic terms:
Pavlik, Cen & Koedinger (2009), AIED; Gervet et al. (2020), JEDM 12(3).
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log, sqrt

from engine.bkt import bounded_guess
from engine.model import layout
from engine.model.layout import Block
from engine.model.parameters import LEAST_SPAN, Gains, ModelParameters

_EXPERIENCE, _SPACING = layout.EXPERIENCE, layout.SPACING
_POSITION, _PACE = layout.POSITION, layout.PACE
_FARTHEST, _MOST_MET = len(_SPACING) - 1, len(_EXPERIENCE) - 1
_LAST_POSITION, _SLOWEST = len(_POSITION) - 1, len(_PACE) - 1
_MOST_ATTEMPTS, _MOST_SKILLS = layout.ATTEMPTS - 1, layout.BREADTHS - 1
_FULL = 1 << layout.HISTORY_BITS
_OVERFULL = 2 * _FULL
_KEPT = _FULL - 1
_LOGS = tuple(log(1.0 + n) for n in range(256))
_EDGE = 1e-6
_NEVER = (0, False)
_START, _ITEM, _SKILL, _HISTORY, _PRACTICE, _FORM, _ABILITY, _FAMILIAR, _SPACED = range(9)
_ELAPSE, _PAUSED, _PACED, _ATTEMPT, _PREVIOUS, _POSITIONED, _BREADTH, _FOLLOWS, _TRUST = range(
    9, 18
)


@dataclass(slots=True)
class SkillTrace:
    """What is kept of one learner and skill.

    mastery: L, as of the last answer.  form: running surprise on the skill.
    code: the newest answers as binary digits after a leading 1.
    row, seconds: of the last answer, by the learner's count and clock.
    """

    mastery: float
    form: float = 0.0
    wins: int = 0
    misses: int = 0
    code: int = 1
    row: int = -1
    seconds: float | None = None


@dataclass(slots=True)
class LearnerTrace:
    """What is kept of one learner; grows with the skills and items met, not with answers.

    ability, steady, recent, first: running levels, in logits and in surprise.
    fresh: how much of the answers were first on a skill.  seen: answers so far.
    tries: item -> answers to it, and whether the last was right (0 or 1).
    """

    ability: float = 0.0
    steady: float = 0.0
    recent: float = 0.0
    first: float = 0.0
    fresh: float = 0.0
    seen: int = 0
    skills: dict[str, SkillTrace] = field(default_factory=dict)
    tries: dict[str, tuple[int, bool]] = field(default_factory=dict)
    last_skills: tuple[str, ...] = ()
    last_item: str | None = None
    last_correct: bool = False
    last_seconds: float | None = None
    second_last_seconds: float | None = None


@dataclass(slots=True)
class Prediction:
    """What is expected of one answer, and why.

    p: P(correct), in (0, 1).  record: r, without the context terms.
    terms: log-odds by block, in the order of Block; logit(p) = logit(record) + their sum. What the
        item adds is inside the record, and its term is 0 here.
    odds: by skill, P(known) now, P(correct | known), P(correct | not known), learn.
    """

    skills: tuple[str, ...]
    item: str | None
    seconds: float | None
    p: float
    record: float
    terms: list[float]
    odds: list[tuple[float, float, float, float]]


class Model:
    """Fitted parameters, taken apart for quick look-up; read-only, shared by all learners."""

    __slots__ = (
        "_blocks",
        "_first",
        "_first_fade",
        "_form",
        "_form_fade",
        "_gains",
        "_guesses",
        "_items",
        "_links",
        "_long",
        "_long_fade",
        "_rates",
        "_recent",
        "_skills",
        "_steady",
        "_usual",
    )

    def __init__(self, parameters: ModelParameters) -> None:
        weights, offsets = parameters.weights, parameters.layout.offsets
        self._blocks = [list(weights[offsets[b] : offsets[b + 1]]) for b in Block]
        gains = self._gains = parameters.gains
        self._long, self._long_fade = gains.long, gains.long_fade
        self._steady, self._recent = gains.steady, gains.recent
        self._first, self._first_fade = gains.first, gains.first_fade
        self._form, self._form_fade = gains.form, gains.form_fade
        self._rates = parameters.rates
        self._usual = parameters.usual_rates
        self._guesses = parameters.guesses
        self._skills = parameters.skills
        ease, follows = self._blocks[_ITEM], self._blocks[_FOLLOWS]
        self._items = {item: ease[place] for item, place in parameters.items.items()}
        self._links = {link: follows[place] for link, place in parameters.links.items()}

    def predict(
        self,
        trace: LearnerTrace,
        skills: tuple[str, ...],
        *,
        item: str | None,
        seconds: float | None,
    ) -> Prediction:
        """Return what is expected of an answer that is about to be given. Changes nothing.

        skills: of the item, at least one.  item: its label, None where there is none.
        seconds: the learner's clock, None where unknown.
        """
        ease = self._items.get(item, 0.0) if item is not None else 0.0
        terms = [0.0] * len(Block)
        shift = self._gains.coupling * trace.ability + ease
        guess = self._guesses.get(item) if item is not None else None
        odds = []
        total, share = 0.0, 1.0 / len(skills)
        for skill in skills:
            known, p1, p0, rate = self._weigh_skill(
                trace, skill, share, shift, guess, seconds, terms
            )
            total += share * (known * p1 + (1.0 - known) * p0)
            odds.append((known, p1, p0, rate))
        self._weigh_row(trace, skills, item, seconds, terms)
        record = min(max(total, _EDGE), 1.0 - _EDGE)
        p = 1.0 / (1.0 + exp(-(log(record / (1.0 - record)) + sum(terms))))
        return Prediction(skills, item, seconds, p, record, terms, odds)

    def _weigh_skill(  # noqa: PLR0917 - called for every answer; keywords cost time
        self,
        trace: LearnerTrace,
        skill: str,
        share: float,
        shift: float,
        guess: float | None,
        seconds: float | None,
        terms: list[float],
    ) -> tuple[float, float, float, float]:
        """Add a skill's terms; return its entry in Prediction.odds."""
        blocks, place = self._blocks, self._skills.get(skill)
        prior, rate, b, span = self._rates.get(skill, self._usual)
        if guess is None:
            b += shift
            p0, p1 = 1.0 / (1.0 + exp(-b)), 1.0 / (1.0 + exp(-b - span))
        else:
            p1, p0 = _emission(b, span, shift, guess)
        own = trace.skills.get(skill)
        known, code, met, spacing, won, lost = prior, 1, 0, 0, 0.0, 0.0
        if own is not None:
            known, code, met = own.mastery, own.code, own.wins + own.misses
            won, lost = share * _log(own.wins), share * _log(own.misses)
            spacing = min(trace.seen - own.row, _FARTHEST)
            if seconds is not None and own.seconds is not None:
                gap = seconds - own.seconds
                known = _forget(known, gap, self._gains)
                terms[_ELAPSE] += (
                    share * blocks[_ELAPSE][1 + bisect_right(layout.ELAPSED_SECONDS, gap)]
                )
        level = _EXPERIENCE[min(met, _MOST_MET)]
        if own is not None:
            form = share * own.form
            terms[_TRUST] += share * (known - prior) * blocks[_TRUST][level]
            terms[_FORM] += form * blocks[_FORM][level]
            practice = blocks[_PRACTICE]
            terms[_PRACTICE] += won * practice[0] + lost * practice[1]
            if place is not None:
                terms[_FORM] += form * blocks[_FORM][layout.EXPERIENCE_LEVELS + place]
                terms[_PRACTICE] += won * practice[2 + 2 * place] + lost * practice[3 + 2 * place]
        if place is not None:
            terms[_SKILL] += share * blocks[_SKILL][place]
            terms[_FAMILIAR] += share * trace.ability * blocks[_FAMILIAR][place]
        terms[_HISTORY] += share * blocks[_HISTORY][code]
        ability, at = blocks[_ABILITY], level * layout.TRENDS
        terms[_ABILITY] += share * (
            ability[at] * trace.ability
            + ability[at + 1] * trace.steady
            + ability[at + 2] * trace.recent
            + ability[at + 3] * trace.first
        )
        terms[_SPACED] += share * blocks[_SPACED][_SPACING[spacing]]
        return known, p1, p0, rate

    def _weigh_row(
        self,
        trace: LearnerTrace,
        skills: tuple[str, ...],
        item: str | None,
        seconds: float | None,
        terms: list[float],
    ) -> None:
        """Add the terms that do not belong to one skill."""
        blocks, seen = self._blocks, trace.seen
        terms[_START] = blocks[_START][0]
        terms[_POSITIONED] = blocks[_POSITIONED][_POSITION[min(seen, _LAST_POSITION)]]
        terms[_BREADTH] = blocks[_BREADTH][min(len(skills), _MOST_SKILLS)]
        if item is not None:
            tries, outcome = trace.tries.get(item, _NEVER)
            terms[_ATTEMPT] = blocks[_ATTEMPT][2 * min(tries, _MOST_ATTEMPTS) + outcome]
        if seen == 0:
            return
        before = int(trace.last_correct)
        same_item = item is not None and trace.last_item == item
        same_skill = trace.last_skills[0] == skills[0]
        terms[_PREVIOUS] = blocks[_PREVIOUS][before + 2 * same_skill + 4 * same_item]
        terms[_FOLLOWS] = self._links.get((trace.last_skills, skills), 0.0)
        last, second = trace.last_seconds, trace.second_last_seconds
        if seconds is None or last is None:
            return
        pause = bisect_right(layout.PAUSE_SECONDS, seconds - last)
        terms[_PAUSED] = blocks[_PAUSED][pause]
        if second is not None:
            took = _PACE[min(int(1.0 + last - second), _SLOWEST)]
            terms[_PACED] = blocks[_PACED][2 * took + before]

    def learn(self, trace: LearnerTrace, expected: Prediction, *, correct: bool) -> None:
        """Fold an answer into the trace: every skill of the item, then the running levels.

        expected: what predict said about this answer, of this trace as it is.
        """
        skills, seconds, seen = expected.skills, expected.seconds, trace.seen
        surprise = (1.0 if correct else 0.0) - expected.p
        share = 1.0 if len(skills) == 1 else 1.0 / len(skills)
        form = self._form * surprise * sqrt(share)
        kept = trace.skills
        for skill, (known, p1, p0, rate) in zip(skills, expected.odds, strict=True):
            if skill in kept:
                own = kept[skill]
            else:
                own = kept[skill] = SkillTrace(known)
                gain = self._first / (1.0 + self._first_fade * trace.fresh)
                trace.first += gain * surprise * share
                trace.fresh += share
            wins, misses = own.wins, own.misses
            own.form += form / (1.0 + self._form_fade * (wins + misses))
            code = own.code + own.code
            if correct:
                after = known * p1 / (known * p1 + (1.0 - known) * p0)
                own.wins = wins + 1
                code += 1
            else:
                after = known * (1.0 - p1) / (known * (1.0 - p1) + (1.0 - known) * (1.0 - p0))
                own.misses = misses + 1
            own.mastery = after + (1.0 - after) * rate
            own.code = code if code < _OVERFULL else _FULL + (code & _KEPT)
            own.row, own.seconds = seen, seconds
        trace.ability += self._long * surprise / (1.0 + self._long_fade * seen)
        trace.steady += self._steady * (surprise - trace.steady)
        trace.recent += self._recent * (surprise - trace.recent)
        trace.seen = seen + 1
        item = expected.item
        if item is not None:
            tries = trace.tries
            trace.tries[item] = (tries[item][0] + 1 if item in tries else 1, correct)
        trace.last_skills, trace.last_item, trace.last_correct = skills, item, correct
        trace.second_last_seconds, trace.last_seconds = trace.last_seconds, seconds


def largest_terms(expected: Prediction, *, most: int) -> list[tuple[Block, float]]:
    """Return the terms that move a prediction most, largest first: block and log-odds.

    most: how many at most.  Terms of 0 are left out.
    """
    moved = [(Block(place), value) for place, value in enumerate(expected.terms) if value != 0.0]
    return sorted(moved, key=lambda term: -abs(term[1]))[:most]


def trace_of(
    model: Model, answers: Sequence[tuple[tuple[str, ...], str | None, bool, float | None]]
) -> LearnerTrace:
    """Return the trace after some answers of one learner: skills, item, correct, seconds."""
    trace = LearnerTrace()
    for skills, item, correct, seconds in answers:
        expected = model.predict(trace, skills, item=item, seconds=seconds)
        model.learn(trace, expected, correct=correct)
    return trace


def mastery_now(
    trace: LearnerTrace, parameters: ModelParameters, *, seconds: float | None
) -> Mapping[str, float]:
    """Return P(known) of each skill met, at a time: forgetting included."""
    gains = parameters.gains
    return {
        skill: own.mastery
        if seconds is None or own.seconds is None
        else _forget(own.mastery, seconds - own.seconds, gains)
        for skill, own in trace.skills.items()
    }


def _emission(b: float, span: float, shift: float, guess: float) -> tuple[float, float]:
    """Return P(correct | known) and P(correct | not known) on an item with its own guess.

    As engine.plan.Plan.emission, where shift is x.
    """
    top = b + span
    least = bounded_guess(guess, slip=1.0 / (1.0 + exp(top)))
    if least == 0.0:
        return 1.0 / (1.0 + exp(-top - shift)), 0.0
    floor = log(least / (1.0 - least))
    odds = floor + max(shift, 0.0)
    highest = max(top + shift, odds + min(LEAST_SPAN, top - floor))
    return 1.0 / (1.0 + exp(-highest)), 1.0 / (1.0 + exp(-odds))


def _forget(mastery: float, gap: float, gains: Gains) -> float:
    if gains.forget > 0.0 and gap > 0.0:
        return mastery * float((1.0 + gap / gains.forget_seconds) ** -gains.forget)
    return mastery


def _log(count: int) -> float:
    return _LOGS[count] if count < len(_LOGS) else log(1.0 + count)
