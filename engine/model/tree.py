"""Histories folded into prefix trees: learners who have answered alike share one computation.

Plain BKT knows a learner and skill only by the answers so far. Two histories that begin alike are
alike to it until they part, so the likelihood of a whole log is a sum over the distinct beginnings,
each weighed by how many passed through it. The tree is exact, it is what a log's sufficient
statistic for BKT looks like, and two trees of two logs add up.
"""

# ruff: noqa: ANN001, ANN201, ANN202, PLR0915, PLR0917
# Compiled loops: numba infers the types, and flat loops over flat arrays are what it compiles well.

from dataclasses import dataclass

import numpy as np
from numba import njit

from engine.model.answers import AnswerLog, Floats, Ints, Longs

N_PARAMETERS = 4
"""Prior, learn, guess, slip: in this order wherever a parameter has a column."""


@dataclass(frozen=True, slots=True, eq=False)
class AnswerTree:
    """The prefix trees of all skills of a log, one after another.

    roots: (n_skills + 1,) int64, nodes of skill k are roots[k] : roots[k + 1], parents first.
        A skill without answers has one node that nobody left.
    children: (n_nodes, 2) int32, the node after a wrong and after a right answer, 0 for none.
    counts: (n_nodes, 2) float64, how many went on from the node with a wrong and a right answer.
    """

    roots: Longs
    children: Ints
    counts: Floats

    def pooled_counts(self) -> Floats:
        """Return answers wrong and right by skill: (n_skills, 2) float64."""
        return np.add.reduceat(self.counts, self.roots[:-1], axis=0)


def grow_tree(log: AnswerLog) -> AnswerTree:
    """Return the tree of a log; an answer counts for each of its skills."""
    order, ends = _by_skill(log.skill_starts, log.skills, log.n_skills)
    roots, children, counts, size = _grow(
        order, ends, log.history_of.astype(np.int32), log.correct, len(order) + log.n_skills
    )
    return AnswerTree(roots, children[:size].copy(), counts[:size].copy())


def join_trees(one: AnswerTree, other: AnswerTree) -> AnswerTree:
    """Return the tree of two logs together, from the trees of each; of the same skills."""
    roots, children, counts, size = _join(
        one.roots, one.children, one.counts, other.roots, other.children, other.counts
    )
    return AnswerTree(roots, children[:size].copy(), counts[:size].copy())


@njit(cache=True, nogil=True)
def _join(roots, children, counts, more_roots, more_children, more_counts):  # type: ignore[no-untyped-def]
    most = len(children) + len(more_children)
    joined = np.zeros((most, 2), np.int32)
    total = np.zeros((most, 2), np.float64)
    places = np.zeros(len(more_children), np.int32)
    n_skills = len(roots) - 1
    starts = np.zeros(n_skills + 1, np.int64)
    size = 0
    for skill in range(n_skills):
        starts[skill] = size
        moved = size - roots[skill]
        for node in range(roots[skill], roots[skill + 1]):
            total[size] = counts[node]
            for answer in range(2):
                if children[node, answer] > 0:
                    joined[size, answer] = children[node, answer] + moved
            size += 1
        places[more_roots[skill]] = starts[skill]
        for node in range(more_roots[skill], more_roots[skill + 1]):
            place = places[node]
            for answer in range(2):
                total[place, answer] += more_counts[node, answer]
                child = more_children[node, answer]
                if child > 0:
                    if joined[place, answer] == 0:
                        joined[place, answer] = size
                        size += 1
                    places[child] = joined[place, answer]
    starts[n_skills] = size
    return starts, joined, total, size


def pool_skills(tree: AnswerTree) -> AnswerTree:
    """Return the tree of a log in which all skills are one."""
    children, counts, size = _pool(tree.roots, tree.children, tree.counts)
    roots = np.array([0, size], dtype=np.int64)
    return AnswerTree(roots, children[:size].copy(), counts[:size].copy())


@njit(cache=True, nogil=True)
def _pool(roots, children, counts):  # type: ignore[no-untyped-def]
    pooled = np.zeros((len(children), 2), np.int32)
    total = np.zeros((len(children), 2), np.float64)
    places = np.zeros(len(children), np.int32)
    size = 1
    for skill in range(len(roots) - 1):
        for node in range(roots[skill], roots[skill + 1]):
            place = places[node]
            for answer in range(2):
                total[place, answer] += counts[node, answer]
                child = children[node, answer]
                if child > 0:
                    if pooled[place, answer] == 0:
                        pooled[place, answer] = size
                        size += 1
                    places[child] = pooled[place, answer]
    return pooled, total, size


@njit(cache=True, nogil=True)
def _by_skill(skill_starts, skills, n_skills):  # type: ignore[no-untyped-def]
    """Return rows sorted by skill (counting sort, stable), and where each skill's rows end."""
    ends = np.zeros(n_skills + 1, np.int64)
    for skill in skills:
        ends[skill + 1] += 1
    for skill in range(n_skills):
        ends[skill + 1] += ends[skill]
    place = ends[:-1].copy()
    order = np.empty(len(skills), np.int32)
    for row in range(len(skill_starts) - 1):
        for pair in range(skill_starts[row], skill_starts[row + 1]):
            order[place[skills[pair]]] = row
            place[skills[pair]] += 1
    return order, ends


@njit(cache=True, nogil=True)
def _grow(order, ends, history_of, correct, most):  # type: ignore[no-untyped-def]
    children = np.zeros((most, 2), np.int32)
    counts = np.zeros((most, 2), np.float64)
    n_skills = len(ends) - 1
    roots = np.zeros(n_skills + 1, np.int64)
    size = 0
    for skill in range(n_skills):
        roots[skill] = size
        node, size, last = size, size + 1, -1
        for place in range(ends[skill], ends[skill + 1]):
            row = order[place]
            if history_of[row] != last:
                node, last = roots[skill], history_of[row]
            answer = 1 if correct[row] else 0
            counts[node, answer] += 1.0
            if children[node, answer] == 0:
                children[node, answer] = size
                size += 1
            node = children[node, answer]
    roots[n_skills] = size
    return roots, children, counts, size


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"arcp", "contract"})
def sweep(roots, children, counts, rates, active, log_likelihood, gradient, information):  # type: ignore[no-untyped-def]
    """Write log-likelihood, gradient and Fisher information of each active skill.

        p = L (1 - s) + (1 - L) g          log-likelihood  n1 log p + n0 log(1 - p)
        gradient    (n1 / p - n0 / (1 - p)) dp        information  n / (p (1 - p)) dp dp'

    dp is carried along each path by the chain rule through Bayes and learning: exact, no backward
    pass. Derivatives are by the rates themselves.
    rates: (n_skills, 4) float64, prior, learn, guess, slip.  active: (n_skills,) bool.
    log_likelihood: (n_skills,), gradient: (n_skills, 4), information: (n_skills, 4, 4), written.
    """
    state = np.empty((len(children), 5), np.float64)
    for skill in range(len(active)):
        if not active[skill]:
            continue
        prior, learn, guess, slip = rates[skill]
        total = 0.0
        g0 = g1 = g2 = g3 = 0.0
        i00 = i01 = i02 = i03 = i11 = i12 = i13 = i22 = i23 = i33 = 0.0
        root = roots[skill]
        state[root] = (prior, 1.0, 0.0, 0.0, 0.0)
        span = 1.0 - slip - guess
        for node in range(root, roots[skill + 1]):
            wrong, right = counts[node, 0], counts[node, 1]
            n = wrong + right
            if n == 0.0:
                continue
            known = state[node, 0]
            a0, a1, a2, a3 = state[node, 1], state[node, 2], state[node, 3], state[node, 4]
            p = known * (1.0 - slip) + (1.0 - known) * guess
            q = 1.0 - p
            d0, d1 = span * a0, span * a1
            d2, d3 = span * a2 + 1.0 - known, span * a3 - known
            if right > 0.0:
                total += right * np.log(p)
            if wrong > 0.0:
                total += wrong * np.log(q)
            pull, weight = right / p - wrong / q, n / (p * q)
            g0 += pull * d0
            g1 += pull * d1
            g2 += pull * d2
            g3 += pull * d3
            i00 += weight * d0 * d0
            i01 += weight * d0 * d1
            i02 += weight * d0 * d2
            i03 += weight * d0 * d3
            i11 += weight * d1 * d1
            i12 += weight * d1 * d2
            i13 += weight * d1 * d3
            i22 += weight * d2 * d2
            i23 += weight * d2 * d3
            i33 += weight * d3 * d3
            stay = 1.0 - learn
            both = known * (1.0 - known)
            if children[node, 1] > 0:
                after = known * (1.0 - slip) / p
                by_known = stay * (1.0 - slip) * guess / (p * p)
                by_guess = -stay * both * (1.0 - slip) / (p * p)
                by_slip = -stay * both * guess / (p * p)
                child = children[node, 1]
                state[child, 0] = after + (1.0 - after) * learn
                state[child, 1] = by_known * a0
                state[child, 2] = by_known * a1 + 1.0 - after
                state[child, 3] = by_known * a2 + by_guess
                state[child, 4] = by_known * a3 + by_slip
            if children[node, 0] > 0:
                after = known * slip / q
                by_known = stay * slip * (1.0 - guess) / (q * q)
                by_guess = stay * both * slip / (q * q)
                by_slip = stay * both * (1.0 - guess) / (q * q)
                child = children[node, 0]
                state[child, 0] = after + (1.0 - after) * learn
                state[child, 1] = by_known * a0
                state[child, 2] = by_known * a1 + 1.0 - after
                state[child, 3] = by_known * a2 + by_guess
                state[child, 4] = by_known * a3 + by_slip
        log_likelihood[skill] = total
        gradient[skill] = (g0, g1, g2, g3)
        information[skill, 0] = (i00, i01, i02, i03)
        information[skill, 1] = (i01, i11, i12, i13)
        information[skill, 2] = (i02, i12, i22, i23)
        information[skill, 3] = (i03, i13, i23, i33)
