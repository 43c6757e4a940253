"""When mastery may be shown to others: stricter than when it steers.

A skill is evidenced when three things have each been shown once:
    the run       7 of the last 8 answers on different items correct without hints, while mastery
                  was at least .95
    the transfer  its transfer case passed without hints
    the memory    a success at least 2 days after the first success
What has been shown stays shown, so evidence never falls silently.

A skill without a transfer case has one proof less, so its run must be longer: 9 of 10, somewhere
among the attempts that are kept (engine.state.RECENT). That is read from those attempts, so that
states folded before there was a longer run stay what they were; it holds until as many newer
attempts without such a run have taken their place.

The numbers were tuned by simulation against fixed bars: of random guessers among four options at
most .5 % are ever evidenced within 30 items, of those who can rule out two of the four at most
10 %, while people with a true success rate of .85 reach it in at least 95 %, and those at .95 in
10 items or fewer on average. Without a case, 7 of 8 let .54 % and 28 % of the guessers pass, and
9 of 10 lets .04 % and 8.9 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.curriculum import Curriculum
from engine.state import Attempt, Outcome, SkillState

DAY = 86_400.0
_CORRECT, _READ = Outcome.CORRECT, Outcome.READ  # looked up once: replay asks millions of times


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """The thresholds of evidence.

    version: the name of these thresholds.
    mastery: least mastery at the run.  window: how many of the newest answers on different items
    are looked at.  correct: how many of them must be correct without hints.
    long_window, long_correct: the same of the longer run, for a skill without a transfer case.
    apart_days: least time between the first success and a later one.
    """

    version: str = "evidence-2"
    mastery: float = 0.95
    window: int = 8
    correct: int = 7
    long_window: int = 10
    long_correct: int = 9
    apart_days: float = 2.0


EVIDENCE_RULE = EvidenceRule()


class Evidence(StrEnum):
    """What may be said to others about a skill."""

    NONE = "none"
    SOME = "some"
    EVIDENCED = "evidenced"


class Amount(StrEnum):
    """How much a mastery estimate rests on, for the words beside it."""

    NONE = "none"
    LITTLE = "little"
    SOME = "some"
    GOOD = "good"


class Part(StrEnum):
    """The parts of evidence."""

    RUN = "run"
    TRANSFER = "transfer"
    MEMORY = "memory"


def shows_run(recent: Sequence[Attempt], mastery: float, rule: EvidenceRule) -> bool:
    """Return whether the newest answers show the run that evidence asks for.

    Of each item only its newest answer counts; lessons read are passed over; an answer with
    hints is not counted as correct. recent: newest last.
    """
    return mastery >= rule.mastery and _ends_in_run(recent, rule.window, rule.correct)


def shows_long_run(recent: Sequence[Attempt], rule: EvidenceRule) -> bool:
    """Return whether any row of the attempts kept shows the longer run. recent: newest last."""
    return any(
        _ends_in_run(recent[:end], rule.long_window, rule.long_correct)
        for end in range(len(recent), rule.long_correct - 1, -1)
    )


def missing(
    state: SkillState | None,
    curriculum: Curriculum,
    skill: str,
    *,
    rule: EvidenceRule = EVIDENCE_RULE,
) -> tuple[Part, ...]:
    """Return the parts of evidence not yet shown; empty when the skill is evidenced."""
    parts: list[Part] = []
    has_case = curriculum.transfer(skill) is not None
    if state is None or not _ran(state, rule, has_case=has_case):
        parts.append(Part.RUN)
    if has_case and (state is None or not state.transfer_passed):
        parts.append(Part.TRANSFER)
    if state is None or not _remembers(state, rule):
        parts.append(Part.MEMORY)
    return tuple(parts)


def assess(
    state: SkillState | None,
    curriculum: Curriculum,
    skill: str,
    *,
    rule: EvidenceRule = EVIDENCE_RULE,
) -> Evidence:
    """Return what may be said to others: none before an answer, some, or evidenced.

    state: the learner's state in the skill, None if never met.
    """
    if state is None or state.answers == 0:
        return Evidence.NONE
    return Evidence.SOME if missing(state, curriculum, skill, rule=rule) else Evidence.EVIDENCED


def amount_of_evidence(answers: int) -> Amount:
    """Return how much an estimate rests on: none (0 answers), little (< 4), some (< 8), good."""
    if answers == 0:
        return Amount.NONE
    if answers < 4:  # noqa: PLR2004 - the scale is this function
        return Amount.LITTLE
    return Amount.SOME if answers < 8 else Amount.GOOD  # noqa: PLR2004


def _ran(state: SkillState, rule: EvidenceRule, *, has_case: bool) -> bool:
    return state.run_shown and (has_case or shows_long_run(state.recent, rule))


def _ends_in_run(recent: Sequence[Attempt], window: int, correct: int) -> bool:
    items: set[str] = set()
    missed = 0
    for _, item, outcome, hints, _ in reversed(recent):
        if outcome is _READ or item in items:
            continue
        items.add(item)
        missed += outcome is not _CORRECT or hints > 0
        if missed > window - correct:
            return False
        if len(items) == window:
            break
    return len(items) - missed >= correct


def _remembers(state: SkillState, rule: EvidenceRule) -> bool:
    first, last = state.first_success_at, state.last_success_at
    return first is not None and last is not None and last - first >= rule.apart_days * DAY
