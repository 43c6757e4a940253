"""From answers to parameters of plain BKT: penalised maximum likelihood, exact and fast.

Symbols: z unbounded coordinates of a skill's prior, learn, guess and slip, in this order.
Needs numba; never imported by a web worker.
"""

from dataclasses import dataclass

import numpy as np

from engine.bkt import SkillParameters
from engine.model.answers import AnswerLog, Flags, Floats
from engine.model.tree import N_PARAMETERS, AnswerTree, grow_tree, pool_skills, sweep

STARTS = ((0.35, 0.12, 0.25, 0.10), (0.6, 0.05, 0.45, 0.12), (0.15, 0.2, 0.15, 0.2))
"""Rates from which the search may begin; each skill begins at the one that suits it best."""

EXPERT_ANSWERS = 500.0
"""What an expert's estimate of a skill weighs beside the log, as a number of answers on it."""
_TOLD = 1.0 / 64.0
"""What one answer tells of a coordinate of z, on average over usual rates: Fisher information."""

_ROUNDS = 24
_SETTLED = 3e-5
"""A skill is done when a step gains less than this share of its log-likelihood per answer."""
_GENTLE, _STUBBORN = 1e-3, 1e7


@dataclass(frozen=True, slots=True)
class Limits:
    """How far rates may go: highest learn, guess, and slip as a share of 1 - guess.

    Each in (0, 1]. Slip being a share keeps guess + slip below 1, so that a right answer always
    speaks for knowing. Source: Beck & Chang (2007); Doroudi & Brunskill (2017).
    """

    learn: float
    guess: float
    slip: float

    def __post_init__(self) -> None:
        for name in ("learn", "guess", "slip"):
            if not 0.0 < (value := getattr(self, name)) <= 1.0:
                raise ValueError(f"{name} limit must be in (0, 1], got {value}")


FREE = Limits(learn=1.0, guess=1.0, slip=1.0)
"""Only guess + slip < 1 is asked."""

SOUND = Limits(learn=0.6, guess=0.35, slip=0.25)
"""What may be published: parameters that mean what they are called."""


@dataclass(frozen=True, slots=True, eq=False)
class ExpertEstimates:
    """What experts expect of each skill before anybody has answered.

    rates: (n_skills, 4) float64, prior, learn, guess, slip.
    answers: (n_skills,) float64, >= 0, how many answers the estimate weighs; 0 where there is none.
    Raises ValueError where there are not as many weights as rates, or one is below 0.
    """

    rates: Floats
    answers: Floats

    def __post_init__(self) -> None:
        if self.rates.shape != (len(self.answers), N_PARAMETERS):
            raise ValueError(
                f"rates must be ({len(self.answers)}, {N_PARAMETERS}), got {self.rates.shape}"
            )
        if not bool((self.answers >= 0.0).all()):
            raise ValueError(f"answers must be 0 or more, got {self.answers.min()}")


@dataclass(frozen=True, slots=True, eq=False)
class BktFit:
    """Plain BKT fitted to a log.

    rates: (n_skills, 4) float64, prior, learn, guess, slip; a skill without answers has the
        rates of the whole log, weighed with those that an expert expects of it.
    usual: (4,) float64, of the whole log, all skills taken as one.
    answers: (n_skills,) float64.  log_likelihood: of all answers, an answer counted once for
        each of its skills.  rounds: sweeps over the tree.
    """

    rates: Floats
    usual: Floats
    answers: Floats
    log_likelihood: float
    rounds: int

    def skill(self, index: int) -> SkillParameters:
        """Return the parameters of one skill."""
        prior, learn, guess, slip = (float(rate) for rate in self.rates[index])
        return SkillParameters(prior=prior, learn=learn, guess=guess, slip=slip)


def fit_bkt(
    log: AnswerLog, *, limits: Limits, ridge: float, expert: ExpertEstimates | None = None
) -> BktFit:
    """Return plain BKT fitted to a log.

        minimise  -log-likelihood + r_k / 2 |z_k - c_k|^2     for each skill k

        c_k = (p z + e_k x_k) / (p + e_k)      1 / p = 1 / ridge + 1 / (i n)
        r_k = ridge + e_k                      e_k = i m_k

    z is the fit of all skills taken as one, of n answers: what is expected of a skill with few. Its
    precision p about one skill is bounded by how skills differ. x_k is the expert's estimate, worth
    m_k answers; i is what an answer tells. Without an expert c_k is z and r_k is the ridge.
    ridge: >= 0; 0 is maximum likelihood where no expert is asked.
    Source: gradient and Fisher information by forward sensitivities; Levenberg (1944). The centre
    is that of two normal estimates, Gelman et al. (2013), Bayesian Data Analysis, section 2.5.
    """
    return fit_tree(grow_tree(log), limits=limits, ridge=ridge, expert=expert)


def fit_tree(
    tree: AnswerTree, *, limits: Limits, ridge: float, expert: ExpertEstimates | None = None
) -> BktFit:
    """Return the same as fit_bkt, from the tree of a log: all that it needs of one."""
    n = len(tree.roots) - 1
    whole, _, _ = _search(pool_skills(tree), limits=limits, ridge=np.zeros(1), centre=None)
    answers = tree.pooled_counts().sum(axis=1)
    centre, ridges = np.repeat(whole, n, axis=0), np.full(n, ridge)
    if expert is not None:
        precision = _TOLD * expert.answers
        centre = _between(centre, _pooled_precision(ridge, answers.sum()),
                          _coordinates(expert.rates, limits), precision)  # fmt: skip
        ridges = ridge + precision
    z, log_likelihood, rounds = _search(tree, limits=limits, ridge=ridges, centre=centre)
    z[answers == 0.0] = centre[answers == 0.0]
    return BktFit(
        _rates(z, limits), _rates(whole, limits)[0], answers, float(log_likelihood.sum()), rounds
    )


def _pooled_precision(ridge: float, answers: float) -> float:
    """Return how well all skills taken as one tell of a skill: never more than skills are alike."""
    told = _TOLD * answers
    return ridge * told / (ridge + told) if ridge + told > 0.0 else 0.0


def _between(pooled: Floats, sure: float, expected: Floats, precision: Floats) -> Floats:
    """Return the precision-weighted mean: (n_skills, 4) float64; pooled where no expert weighs."""
    share = np.divide(precision, sure + precision, where=precision > 0.0,
                      out=np.zeros_like(precision))  # fmt: skip
    mean: Floats = pooled + share[:, None] * (expected - pooled)
    return mean


@dataclass(slots=True, eq=False)
class _Slopes:
    """What a sweep writes, by skill, turned to the coordinates z and penalised."""

    value: Floats
    gradient: Floats
    information: Floats

    @classmethod
    def empty(cls, n: int) -> "_Slopes":
        return cls(
            np.zeros(n), np.zeros((n, N_PARAMETERS)), np.zeros((n, N_PARAMETERS, N_PARAMETERS))
        )

    def take(self, other: "_Slopes", where: Flags) -> None:
        self.value[where] = other.value[where]
        self.gradient[where] = other.gradient[where]
        self.information[where] = other.information[where]


@dataclass(frozen=True, slots=True, eq=False)
class _Objective:
    tree: AnswerTree
    limits: Limits
    ridge: Floats
    centre: Floats

    def at(self, z: Floats, active: Flags) -> _Slopes:
        """Return penalised log-likelihood and slopes of the active skills."""
        found = _Slopes.empty(len(z))
        tree = self.tree
        sweep(tree.roots, tree.children, tree.counts, _rates(z, self.limits), active,
              found.value, found.gradient, found.information)  # fmt: skip
        turn = _jacobian(z, self.limits)
        found.gradient = np.einsum("kij,ki->kj", turn, found.gradient)
        found.information = np.einsum("kai,kab,kbj->kij", turn, found.information, turn)
        away = z - self.centre
        found.value -= 0.5 * self.ridge * (away**2).sum(axis=1)
        found.gradient -= self.ridge[:, None] * away
        found.information += self.ridge[:, None, None] * _EYE
        return found


def _search(
    tree: AnswerTree, *, limits: Limits, ridge: Floats, centre: Floats | None
) -> tuple[Floats, Floats, int]:
    """Return z, log-likelihood by skill (without penalty), and sweeps made."""
    n = len(tree.roots) - 1
    starts = [np.repeat(_coordinates(np.array([rates]), limits), n, axis=0) for rates in STARTS]
    if centre is not None:
        starts.append(centre)
    objective = _Objective(tree, limits, ridge, starts[0] if centre is None else centre)
    z, best = _best_start(objective, starts)
    answers = np.maximum(tree.pooled_counts().sum(axis=1), 1.0)
    active = tree.pooled_counts().sum(axis=1) > 0.0
    damping = np.full(n, _GENTLE)
    rounds = len(starts)
    while active.any() and rounds < _ROUNDS:
        step = _step(best, damping)
        trial = objective.at(z + step, active)
        rounds += 1
        better = active & (trial.value > best.value)
        gain = trial.value - best.value
        z[better] += step[better]
        best.take(trial, better)
        damping = np.where(better, damping * 0.2, damping * 6.0)
        active &= ~(better & (gain < _SETTLED * answers)) & (damping < _STUBBORN)
    penalty = 0.5 * ridge * ((z - objective.centre) ** 2).sum(axis=1)
    return z, best.value + penalty, rounds


def _best_start(objective: _Objective, starts: list[Floats]) -> tuple[Floats, _Slopes]:
    everyone = np.ones(len(starts[0]), dtype=bool)
    z = starts[0].copy()
    best = objective.at(z, everyone)
    for start in starts[1:]:
        found = objective.at(start, everyone)
        better = found.value > best.value
        z[better] = start[better]
        best.take(found, better)
    return z, best


def _step(slopes: _Slopes, damping: Floats) -> Floats:
    """Return each skill's damped Newton step: (n_skills, 4) float64, at most 2 a coordinate."""
    diagonal = np.einsum("kii->ki", slopes.information) + 1e-6
    damped = slopes.information + np.einsum("ki,ij->kij", damping[:, None] * diagonal + 1e-9, _EYE)
    step = np.linalg.solve(damped, slopes.gradient[..., None])[..., 0]
    return np.clip(step, -2.0, 2.0)


_EYE = np.eye(N_PARAMETERS)
_FURTHEST = 12.0


def as_logits(rates: Floats) -> Floats:
    """Return prior, learn, b, D of prior, learn, guess, slip: (n, 4) float64."""
    prior, learn, guess, slip = rates.T
    b = np.log(guess / (1.0 - guess))
    return np.stack([prior, learn, b, np.log((1.0 - slip) / slip) - b], axis=1)


def _rates(z: Floats, limits: Limits) -> Floats:
    """Return rates in their limits: (n, 4) float64."""
    share = _share(z)
    rates: Floats = share * np.array([1.0, limits.learn, limits.guess, limits.slip])
    rates[:, 3] *= 1.0 - rates[:, 2]
    return rates


def _jacobian(z: Floats, limits: Limits) -> Floats:
    """Return d rates / d z: (n, 4, 4) float64, diagonal but for slip, which falls with guess."""
    share = _share(z)
    slope = share * (1.0 - share) * np.array([1.0, limits.learn, limits.guess, limits.slip])
    turn: Floats = np.einsum("ki,ij->kij", slope, _EYE)
    guess = limits.guess * share[:, 2]
    turn[:, 3, 3] *= 1.0 - guess
    turn[:, 3, 2] = -slope[:, 2] * limits.slip * share[:, 3]
    return turn


def _coordinates(rates: Floats, limits: Limits) -> Floats:
    """Return z of rates, kept a little inside the limits: (n, 4) float64."""
    share = rates / np.array([1.0, limits.learn, limits.guess, limits.slip])
    share[:, 3] /= 1.0 - rates[:, 2]
    share = np.clip(share, 0.02, 0.98)
    odds: Floats = np.log(share / (1.0 - share))
    return odds


def _share(z: Floats) -> Floats:
    share: Floats = 1.0 / (1.0 + np.exp(-np.clip(z, -_FURTHEST, _FURTHEST)))
    return share
