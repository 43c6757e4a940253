"""The model in compiled loops: the same numbers as `online`, over whole logs, with slopes.

Symbols as in `online`. Arrays are those of AnswerLog; further ones:
    guesses    (n_items,) float64, chance to guess an item right, NaN where none is known
    links      (n_answers,) int32, pair of skill sets asked one after the other, -1 if unknown
    rates      (n_skills, 4) float64, prior, learn, b, D of the record
    weights    flat float64, offsets  (n_blocks + 1,) int64, places of the blocks
    gains      (n_gains,) float64, in the order of Gains

The slope of the log-loss by the weights is exact for what a weight does to its own answer's
prediction; what it does to later answers through the record, ability and form is left out.
"""

# ruff: noqa: ANN001, ANN201, ANN202, C901, PLR0912, PLR0915, PLR0917
# Compiled loops: numba infers the types, and flat loops over flat arrays are what it compiles well.

import numpy as np
from numba import njit

from engine.bkt import HIGHEST_GUESS_AND_SLIP
from engine.model import layout
from engine.model.answers import MOST_SKILLS
from engine.model.parameters import LEAST_SPAN

_EXPERIENCE = np.array(layout.EXPERIENCE, dtype=np.int64)
_SPACING = np.array(layout.SPACING, dtype=np.int64)
_POSITION = np.array(layout.POSITION, dtype=np.int64)
_PACE = np.array(layout.PACE, dtype=np.int64)
_ELAPSED = np.array(layout.ELAPSED_SECONDS)
_PAUSE = np.array(layout.PAUSE_SECONDS)
_START, _ITEM, _SKILL, _HISTORY, _PRACTICE, _FORM, _ABILITY, _FAMILIAR, _SPACED = range(9)
_ELAPSE, _PAUSED, _PACED, _ATTEMPT, _PREVIOUS, _POSITIONED, _BREADTH, _FOLLOWS, _TRUST = range(
    9, 18
)
_LEVELS, _TRENDS, _BITS = layout.EXPERIENCE_LEVELS, layout.TRENDS, layout.HISTORY_BITS
_MOST_ATTEMPTS, _MOST_SKILLS = layout.ATTEMPTS - 1, layout.BREADTHS - 1
_FULL = 1 << _BITS
_EDGE = 1e-6
_PER_SKILL, _PER_ROW = 16, 16


@njit(cache=True, nogil=True)
def _bucket(table, count):  # type: ignore[no-untyped-def]
    return table[min(int(count), len(table) - 1)]


@njit(cache=True, nogil=True)
def _step(edges, value):  # type: ignore[no-untyped-def]
    level = 0
    for edge in edges:
        if value >= edge:
            level += 1
    return level


@njit(cache=True, nogil=True)
def _put(places, values, n, place, value):  # type: ignore[no-untyped-def]
    places[n] = place
    values[n] = value
    return n + 1


@njit(cache=True, nogil=True)
def _sigma(x):  # type: ignore[no-untyped-def]
    return 1.0 / (1.0 + np.exp(-x))


@njit(cache=True, nogil=True, error_model="numpy")
def _emission(b, span, shift, guess):  # type: ignore[no-untyped-def]
    """Return P(correct | known), P(correct | not known), and how far a shift moves each.

    As engine.plan.Plan.emission: nobody guesses worse than the item's own guess, and knowing is
    worth at least LEAST_SPAN logits, or the whole span where that is less.
    """
    p1 = _sigma(b + span + shift)
    if np.isnan(guess):
        p0 = _sigma(b + shift)
        return p1, p0, p1 * (1.0 - p1), p0 * (1.0 - p0)
    least = max(0.0, min(guess, HIGHEST_GUESS_AND_SLIP - (1.0 - _sigma(b + span))))
    if least == 0.0:
        return p1, 0.0, p1 * (1.0 - p1), 0.0
    floor = np.log(least / (1.0 - least))
    odds = floor + max(shift, 0.0)
    p0 = _sigma(odds)
    moves0 = p0 * (1.0 - p0) if shift > 0.0 else 0.0
    top = max(b + span + shift, odds + min(LEAST_SPAN, b + span - floor))
    p1 = _sigma(top)
    moves1 = p1 * (1.0 - p1) if shift > 0.0 or top == b + span + shift else 0.0
    return p1, p0, moves1, moves0


@njit(cache=True, nogil=True, error_model="numpy")
def walk(  # type: ignore[no-untyped-def]
    starts, skill_starts, skills, items, guesses, correct, seconds, links,
    histories, rates, weights, offsets, gains, predicted, record, gradient,
):  # fmt: skip
    """Write P(correct) of every answer of some histories, and add up the slope of the log-loss.

    predicted, record: (n_answers,) float64, written: with and without the context terms.
    gradient: like weights, added to; None where no slope is wanted.
    """
    n_skills, n_items = len(rates), offsets[_ITEM + 1] - offsets[_ITEM]
    known, form = np.zeros(n_skills), np.zeros(n_skills)
    wins, misses = np.zeros(n_skills, np.int64), np.zeros(n_skills, np.int64)
    code, last = np.ones(n_skills, np.int64), np.full(n_skills, -1, np.int64)
    tries, outcome = np.zeros(n_items, np.int64), np.zeros(n_items, np.int64)
    places = np.zeros(MOST_SKILLS * _PER_SKILL + _PER_ROW, np.int64)
    values = np.zeros(len(places))
    as_known, as_unknown = np.zeros(MOST_SKILLS), np.zeros(MOST_SKILLS)
    trend = np.zeros(_TRENDS)
    for history in histories:
        first, end = starts[history], starts[history + 1]
        for row in range(first, end):
            for pair in range(skill_starts[row], skill_starts[row + 1]):
                skill = skills[pair]
                known[skill], form[skill], code[skill] = rates[skill, 0], 0.0, 1
                wins[skill] = misses[skill] = 0
                last[skill] = -1
            if 0 <= items[row] < n_items:
                tries[items[row]] = outcome[items[row]] = 0
        trend[:] = 0.0
        fresh = 0.0
        for row in range(first, end):
            seen = row - first
            begin, stop = skill_starts[row], skill_starts[row + 1]
            share = 1.0 / (stop - begin)
            item = items[row]
            timed = seconds[row] == seconds[row]
            ease, own_guess = 0.0, np.nan
            if 0 <= item < n_items:
                ease, own_guess = weights[offsets[_ITEM] + item], guesses[item]
            n = 0
            total, pull = 0.0, 0.0
            for pair in range(begin, stop):
                skill = skills[pair]
                p1, p0, moves1, moves0 = _emission(
                    rates[skill, 2], rates[skill, 3], gains[0] * trend[0] + ease, own_guess
                )
                as_known[pair - begin], as_unknown[pair - begin] = p1, p0
                held = known[skill]
                if timed and last[skill] >= 0 and seconds[last[skill]] == seconds[last[skill]]:
                    gap = seconds[row] - seconds[last[skill]]
                    if gains[9] > 0.0 and gap > 0.0:
                        held *= (1.0 + gap / gains[10]) ** -gains[9]
                        known[skill] = held
                    place = 1 + _step(_ELAPSED, gap)
                    n = _put(places, values, n, offsets[_ELAPSE] + place, share)
                total += share * (held * p1 + (1.0 - held) * p0)
                pull += share * (held * moves1 + (1.0 - held) * moves0)
                met = wins[skill] + misses[skill]
                level = _bucket(_EXPERIENCE, met)
                n = _put(places, values, n, offsets[_SKILL] + skill, share)
                n = _put(places, values, n, offsets[_HISTORY] + code[skill], share)
                won, lost = share * np.log(1.0 + wins[skill]), share * np.log(1.0 + misses[skill])
                n = _put(places, values, n, offsets[_PRACTICE], won)
                n = _put(places, values, n, offsets[_PRACTICE] + 1, lost)
                n = _put(places, values, n, offsets[_PRACTICE] + 2 + 2 * skill, won)
                n = _put(places, values, n, offsets[_PRACTICE] + 3 + 2 * skill, lost)
                if met > 0:
                    told = share * (known[skill] - rates[skill, 0])
                    n = _put(places, values, n, offsets[_TRUST] + level, told)
                    own = share * form[skill]
                    n = _put(places, values, n, offsets[_FORM] + level, own)
                    n = _put(places, values, n, offsets[_FORM] + _LEVELS + skill, own)
                for which in range(_TRENDS):
                    place = offsets[_ABILITY] + level * _TRENDS + which
                    n = _put(places, values, n, place, share * trend[which])
                n = _put(places, values, n, offsets[_FAMILIAR] + skill, share * trend[0])
                gap_rows = 0 if last[skill] < 0 else row - last[skill]
                n = _put(places, values, n, offsets[_SPACED] + _bucket(_SPACING, gap_rows), share)
            own_terms = n
            n = _put(places, values, n, offsets[_START], 1.0)
            if item >= 0:
                again = 0
                if item < n_items:
                    again = 2 * min(tries[item], _MOST_ATTEMPTS) + outcome[item]
                n = _put(places, values, n, offsets[_ATTEMPT] + again, 1.0)
            if seen > 0:
                before = row - 1
                same_item = item >= 0 and items[before] == item
                same_skill = skills[skill_starts[before]] == skills[begin]
                place = int(correct[before]) + 2 * int(same_skill) + 4 * int(same_item)
                n = _put(places, values, n, offsets[_PREVIOUS] + place, 1.0)
                if timed and seconds[before] == seconds[before]:
                    place = _step(_PAUSE, seconds[row] - seconds[before])
                    n = _put(places, values, n, offsets[_PAUSED] + place, 1.0)
                    if seen > 1 and seconds[before - 1] == seconds[before - 1]:
                        took = _bucket(
                            _PACE, min(2048.0, 1.0 + seconds[before] - seconds[before - 1])
                        )
                        place = 2 * took + int(correct[before])
                        n = _put(places, values, n, offsets[_PACED] + place, 1.0)
            n = _put(places, values, n, offsets[_POSITIONED] + _bucket(_POSITION, seen), 1.0)
            n = _put(places, values, n, offsets[_BREADTH] + min(stop - begin, _MOST_SKILLS), 1.0)
            if links[row] >= 0:
                n = _put(places, values, n, offsets[_FOLLOWS] + links[row], 1.0)
            total = min(max(total, _EDGE), 1.0 - _EDGE)
            z = np.log(total / (1.0 - total))
            for term in range(n):
                z += weights[places[term]] * values[term]
            p = _sigma(z)
            predicted[row], record[row] = p, total
            surprise = (1.0 if correct[row] else 0.0) - p
            if gradient is not None:
                for term in range(n):
                    gradient[places[term]] -= surprise * values[term]
                if 0 <= item < n_items:
                    gradient[offsets[_ITEM] + item] -= surprise * pull / (total * (1.0 - total))
            for pair in range(begin, stop):
                skill = skills[pair]
                p1, p0 = as_known[pair - begin], as_unknown[pair - begin]
                held = known[skill]
                if correct[row]:
                    held = held * p1 / (held * p1 + (1.0 - held) * p0)
                else:
                    held = held * (1.0 - p1) / (held * (1.0 - p1) + (1.0 - held) * (1.0 - p0))
                known[skill] = held + (1.0 - held) * rates[skill, 1]
                met = wins[skill] + misses[skill]
                if met == 0:
                    trend[3] += gains[5] / (1.0 + gains[6] * fresh) * surprise * share
                    fresh += share
                form[skill] += gains[7] / (1.0 + gains[8] * met) * surprise * share**0.5
                if correct[row]:
                    wins[skill] += 1
                else:
                    misses[skill] += 1
                code[skill] = 2 * code[skill] + (1 if correct[row] else 0)
                if code[skill] >= 2 * _FULL:
                    code[skill] = _FULL + (code[skill] & (_FULL - 1))
                last[skill] = row
            trend[0] += gains[1] / (1.0 + gains[2] * seen) * surprise
            trend[1] += gains[3] * (surprise - trend[1])
            trend[2] += gains[4] * (surprise - trend[2])
            if 0 <= item < n_items:
                tries[item] += 1
                outcome[item] = 1 if correct[row] else 0
    return own_terms


ITEM_GAIN, ITEM_FADE = 0.7, 0.2
"""How far an item's first answer moves it, and how soon later answers move it less."""


@njit(cache=True, nogil=True)
def move_items(ease, answers, items, surprises):  # type: ignore[no-untyped-def]
    """Move the ease of items by the surprises of some answers to them, and count the answers.

    ease, answers: (n_items,) float64, written.  items: (n,) int32.  surprises: (n,) float64, y - p.
    Source: Pelanek (2016), Computers & Education 98, 169-179: gain 1 / (1 + fade n) of Elo.
    """
    for row in range(len(items)):
        item = items[row]
        if 0 <= item < len(ease):
            ease[item] += ITEM_GAIN / (1.0 + ITEM_FADE * answers[item]) * surprises[row]
            answers[item] += 1.0
