"""Bayesian knowledge tracing, one skill and one answer at a time: scalar, exact, pure.

Symbols used throughout the engine
    m  mastery, P(skill known), in [0, 1]
    g  guess, P(correct | not known)        s  slip, P(wrong | known)        g + s < 1
    l  learn, P(becomes known after an answer | not known)
    f  forget, P(becomes unknown after an answer | known)

Source: Corbett & Anderson (1995), User Modeling and User-Adapted Interaction 4, 253-278.
"""

from dataclasses import dataclass

HIGHEST_GUESS_AND_SLIP = 0.99
"""Where an item's own guess replaces the skill's, guess + slip is kept at or below this."""


@dataclass(frozen=True, slots=True)
class SkillParameters:
    """The parameters of one skill: five probabilities.

    prior: P(known) before the first answer.  learn, guess, slip, forget: as in the module text.
    Raises ValueError naming every value outside [0, 1] (NaN included), and guess + slip >= 1,
    where a correct answer would be evidence against knowing.
    """

    prior: float
    learn: float
    guess: float
    slip: float
    forget: float = 0.0

    def __post_init__(self) -> None:
        problems = [
            f"{name} must be a probability in [0, 1], got {value}"
            for name in ("prior", "learn", "guess", "slip", "forget")
            if not 0.0 <= (value := getattr(self, name)) <= 1.0
        ]
        if not problems and not self.guess + self.slip < 1.0:
            problems.append(f"guess + slip must be below 1, got {self.guess} + {self.slip}")
        if problems:
            raise ValueError("; ".join(problems))


def predict(mastery: float, skill: SkillParameters) -> float:
    """Return P(correct) on a standard item of the skill.

        P(correct) = m (1 - s) + (1 - m) g

    mastery: m in [0, 1].  Result in [g, 1 - s].
    Source: Corbett & Anderson (1995), equation 4.
    """
    return mastery * (1.0 - skill.slip) + (1.0 - mastery) * skill.guess


def weigh(mastery: float, *, if_known: float, if_unknown: float) -> float:
    """Return P(known | observation) from the observation's two likelihoods (Bayes' rule).

        P(K | o) = m P(o | K) / (m P(o | K) + (1 - m) P(o | not K))

    mastery: m in [0, 1].  if_known, if_unknown: likelihoods, >= 0; only their ratio matters.
    An observation that was impossible (0 / 0) leaves mastery unchanged.
    """
    known = mastery * if_known
    total = known + (1.0 - mastery) * if_unknown
    return known / total if total > 0.0 else mastery


def condition(mastery: float, skill: SkillParameters, *, correct: bool) -> float:
    """Return P(known | response), the Bayes step before learning is applied.

        P(K | correct) = m (1 - s) / (m (1 - s) + (1 - m) g)
        P(K | wrong)   = m s / (m s + (1 - m)(1 - g))

    mastery: m in [0, 1].  skill: guess g, slip s, with g + s < 1.
    A response the parameters call impossible (0 / 0) leaves mastery unchanged.
    Source: Corbett & Anderson (1995), equations 2 and 3.
    """
    if correct:
        return weigh(mastery, if_known=1.0 - skill.slip, if_unknown=skill.guess)
    return weigh(mastery, if_known=skill.slip, if_unknown=1.0 - skill.guess)


def learn(mastery: float, skill: SkillParameters) -> float:
    """Return P(known) after one chance to learn (and to forget): the transition step.

        m' = m (1 - f) + (1 - m) l

    mastery: m in [0, 1].  Result in [0, 1]; never below m when f = 0.
    Source: Corbett & Anderson (1995), equation 1, with forgetting as in pyBKT (Badrinath,
    Wang & Pardos 2021).
    """
    return mastery * (1.0 - skill.forget) + (1.0 - mastery) * skill.learn


def update(mastery: float, skill: SkillParameters, *, correct: bool) -> float:
    """Return P(known) after a response: the Bayes step, then the transition step.

        m' = learn(condition(m, response))

    mastery: m in [0, 1].  Equal to pyBKT's state prediction for the next answer.
    """
    return learn(condition(mastery, skill, correct=correct), skill)


def bounded_guess(guess: float, *, slip: float) -> float:
    """Return an item's own guess, lowered where needed so that guess + slip stays below 1.

    guess in [0, 1), slip in [0, 1).  Result in [0, max(0, HIGHEST_GUESS_AND_SLIP - slip)].
    """
    if guess + slip <= HIGHEST_GUESS_AND_SLIP:
        return guess
    return max(0.0, HIGHEST_GUESS_AND_SLIP - slip)
