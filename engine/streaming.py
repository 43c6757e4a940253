"""The whole model fitted to a log that is never in memory at once: a map over parts, and a sum.

The same loops as `fitting`, with the steps of a pass cut along the parts. What is found in the
parts is added in their order, so that the fit is the same wherever the work is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.evaluation import log_loss
from engine.fitting import (
    RECORD_RIDGE,
    SOUND,
    BktFit,
    Effort,
    FittedModel,
    answers_by_item,
    begin_descent,
    fitted_now,
)
from engine.model.answers import AnswerLog, Floats, Ints
from engine.model.descent import Descent, Settings
from engine.model.layout import Tier
from engine.model.links import LinkCounts, LinkTable, count_links
from engine.model.parameters import Gains
from engine.model.plain import fit_tree
from engine.model.spread import Part, Spread
from engine.model.tree import AnswerTree, grow_tree, join_trees

RECORD_ANSWERS = 5_000_000
"""The record and the links are learned from the first parts that hold so many answers: four rates
a skill have settled long before, and what the answers of a skill look like would grow for ever."""


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """What is found in a part before the search: the trees of its skills, and its links."""

    answers: int
    n_items: int
    tree: AnswerTree
    links: LinkCounts

    def joined(self, other: "Survey") -> "Survey":
        """Return the survey of two parts together."""
        return Survey(
            self.answers + other.answers,
            self.n_items,
            join_trees(self.tree, other.tree),
            self.links.joined(other.links),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Ask:
    """One step of the search, as every part is asked for it.

    which, cuts: the histories asked for are every `cuts`-th, from `which` on.
    """

    settings: Settings
    weights: Floats
    which: int
    cuts: int


def fit_parts(
    parts: Sequence[Part],
    tune: AnswerLog,
    *,
    tier: Tier,
    gains: Gains,
    effort: Effort,
    spread: Spread,
    at_once: int,
) -> FittedModel:
    """Return the model fitted to all parts, stopped where the tuning log is predicted best.

    tune: other learners, used for nothing but when to stop; in memory.
    spread: where the work is done; the result does not depend on it.
    at_once: parts in one step, >= 1; the result does depend on it, and so it is given.
    Raises ValueError where there are no parts.
    """
    if not parts:
        raise ValueError("a fit needs at least one part")
    survey, record = _survey(parts, spread)
    descent, usual = begin_descent(
        record, survey.links.table(), n_items=survey.n_items, tier=tier, gains=gains, effort=effort
    )
    answers = np.zeros(survey.n_items)
    best = fitted_now(descent, usual, answers, passes=0)
    least, waited = log_loss(best.predict(tune), tune.correct), 0
    chance = np.random.default_rng(effort.seed)
    for made in range(1, effort.passes + 1):
        answers = _pass(descent, parts, chance.permutation(len(parts)).tolist(), spread, at_once)
        now = fitted_now(descent, usual, answers, passes=made)
        loss = log_loss(now.predict(tune), tune.correct)
        waited = 0 if loss < least else waited + 1
        if loss < least:
            best, least = now, loss
        if waited == effort.patience:
            break
    return best


def fit_record(parts: Sequence[Part], *, spread: Spread) -> BktFit:
    """Return plain BKT fitted to the parts, within the limits of what may be published."""
    return _survey(parts, spread)[1]


def _survey(parts: Sequence[Part], spread: Spread) -> tuple[Survey, BktFit]:
    found: Survey | None = None
    for own in spread(survey_part, parts, None):
        found = own if found is None else found.joined(own)
        if found.answers >= RECORD_ANSWERS:
            break
    if found is None:
        raise ValueError("a fit needs at least one part")
    return found, fit_tree(found.tree, limits=SOUND, ridge=RECORD_RIDGE)


def _pass(
    descent: Descent, parts: Sequence[Part], order: list[int], spread: Spread, at_once: int
) -> Floats:
    """Take every part once; return the answers to each item."""
    groups = [order[first : first + at_once] for first in range(0, len(order), at_once)]
    cuts = max(1, descent.effort.batches // len(groups))
    answers = np.zeros(descent.settings.layout.items)
    for group in groups:
        chosen = [parts[place] for place in group]
        for which in range(cuts):
            ask = Ask(descent.settings, descent.weights, which, cuts)
            found = list(spread(slope_part, chosen, ask))
            descent.step([slope for slope, _ in found], share=len(group) / len(parts) / cuts)
            for _, own in found:
                answers += own
    return answers


def survey_part(part: Part, _: None) -> Survey:
    """Return what a search needs to know of a part before it begins."""
    log = part()
    return Survey(log.n_answers, log.n_items, grow_tree(log), count_links(log))


def slope_part(part: Part, ask: Ask) -> tuple[Floats, Floats]:
    """Return the slope of the log-loss of some histories of a part; with its first ones, also how
    many answers each item has in the part.
    """
    log = _read(part)
    links = _find_links(part, ask.settings.links.keys.tobytes())
    histories = np.arange(ask.which, log.n_histories, ask.cuts)
    slope = ask.settings.slope(log, links, histories, ask.weights)
    answers = answers_by_item(log) if ask.which == 0 else np.zeros(log.n_items)
    return slope, answers


@lru_cache(maxsize=4)
def _read(part: Part) -> AnswerLog:
    """Return a part; the last few are kept, for the further cuts of the same step."""
    return part()


@lru_cache(maxsize=4)
def _find_links(part: Part, keys: bytes) -> Ints:
    table = LinkTable(np.frombuffer(keys, dtype=np.uint64), ())
    return table.find(_read(part))
