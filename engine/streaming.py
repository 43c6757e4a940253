"""The whole model fitted to a log in parts, in memory or never there at once: a map and a sum.

There is one schedule, whoever does the work. A step takes a few parts and of each a piece: some of
its histories, drawn anew in every pass. What is found in the pieces is added in the order of the
parts. So threads, a cluster and one process alone give the same numbers, whatever their number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256

import numpy as np

from engine.evaluation import log_loss
from engine.fitted import FittedModel
from engine.model.answers import NO_ITEM, AnswerLog, Floats, Ints, Longs
from engine.model.descent import Descent, Effort, Settings, equal_parts
from engine.model.layout import Layout, Tier
from engine.model.links import LinkCounts, LinkTable, count_links
from engine.model.parameters import Gains
from engine.model.plain import SOUND, BktFit, ExpertEstimates, as_logits, fit_tree
from engine.model.spread import Part, Spread
from engine.model.tree import AnswerTree, grow_tree, join_trees

RECORD_RIDGE = 8.0
"""Ridge of a skill's four record coordinates toward those of all skills."""
RECORD_ANSWERS = 5_000_000
"""The record and the links are learned from the first parts that hold so many answers: four rates
a skill have settled long before, and what the answers of a skill look like would grow for ever."""
AT_ONCE = 8
"""Parts of which a step takes a piece; as many are kept in memory, for the next pieces of each."""

_LINKS_KEPT = 64
"""Parts whose links are kept: a fifteenth of their answers, and long to look up in every pass."""


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """What is found in a part before the search: the trees of its skills, and its links.

    most_histories: of one part.
    """

    answers: int
    most_histories: int
    n_items: int
    tree: AnswerTree
    links: LinkCounts

    def joined(self, other: "Survey") -> "Survey":
        """Return the survey of two parts together."""
        return Survey(
            self.answers + other.answers,
            max(self.most_histories, other.most_histories),
            self.n_items,
            join_trees(self.tree, other.tree),
            self.links.joined(other.links),
        )


@dataclass(frozen=True, slots=True)
class KnownLinks:
    """The keys of a link table, and the digest by which two copies of it are known as the same."""

    digest: bytes
    keys: np.ndarray[tuple[int], np.dtype[np.uint64]] = field(compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Ask:
    """One step of the search, as every part is asked for it.

    draw: seed and pass, by which the histories of a part are put in order.
    which, cuts: of that order the piece asked for, and how many there are.
    """

    settings: Settings
    links: KnownLinks
    weights: Floats
    draw: tuple[int, int]
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
    expert: ExpertEstimates | None = None,
) -> FittedModel:
    """Return the model fitted to all parts, stopped where the tuning log is predicted best.

    The result depends on where the log is cut into parts, and on nothing else about them.
    tune: other learners, used for nothing but when to stop; in memory.
    spread: where the work is done; the result does not depend on it.
    expert: what each skill is drawn to besides the log, as in `fit_bkt`.
    Raises ValueError where there are no parts.
    """
    survey = survey_parts(parts, spread)
    record = _fit_record(survey, expert)
    search = begin_search(
        parts, survey, record, tier=tier, gains=gains, effort=effort, spread=spread
    )
    return search.best(tune)


def refit_parts(
    parts: Sequence[Part],
    like: FittedModel,
    *,
    effort: Effort,
    spread: Spread,
    expert: ExpertEstimates | None = None,
) -> FittedModel:
    """Return the model fitted to other parts with the settings and passes of one tuned before."""
    survey = survey_parts(parts, spread)
    record = _fit_record(survey, expert)
    search = begin_search(
        parts, survey, record, tier=like.tier, gains=like.gains, effort=effort, spread=spread
    )
    return search.after(like.passes)


def fit_record(
    parts: Sequence[Part], *, spread: Spread, expert: ExpertEstimates | None = None
) -> BktFit:
    """Return plain BKT fitted to the parts, within the limits of what may be published."""
    return _fit_record(survey_parts(parts, spread), expert)


@dataclass(slots=True, eq=False)
class Search:
    """A search over parts in progress.

    usual: (4,) the rates of a skill that was not fitted.  cuts: pieces of a part in one pass.
    """

    parts: Sequence[Part]
    spread: Spread
    descent: Descent
    usual: Floats
    most_histories: int
    item_answers: Floats

    def best(self, tune: AnswerLog) -> FittedModel:
        """Return the model of the pass that predicts a tuning log best."""
        effort = self.descent.effort
        best, waited = self.fitted(passes=0), 0
        least = log_loss(best.predict(tune), tune.correct)
        for made in self.passes(effort.passes):
            now = self.fitted(passes=made)
            loss = log_loss(now.predict(tune), tune.correct)
            waited = 0 if loss < least else waited + 1
            if loss < least:
                best, least = now, loss
            if waited == effort.patience:
                break
        return replace(best, item_answers=self.item_answers)

    def after(self, passes: int) -> FittedModel:
        """Return the model after so many passes."""
        for _ in self.passes(passes):
            pass
        return self.fitted(passes=passes)

    def passes(self, most: int) -> Iterator[int]:
        """Make so many passes, giving the number of each when it has been made."""
        descent = self.descent
        chance = np.random.default_rng(descent.effort.seed)
        keys = descent.settings.links.keys
        links = KnownLinks(sha256(keys.tobytes()).digest(), keys)
        groups = -(-len(self.parts) // AT_ONCE)
        cuts = max(1, min(descent.effort.batches // groups, self.most_histories))
        # The names of the links stay here: a slope needs none, and there may be very many.
        bare = replace(descent.settings, links=LinkTable(keys[:0], ()))
        try:
            for made in range(1, most + 1):
                counted = np.zeros_like(self.item_answers)
                for group in np.array_split(chance.permutation(len(self.parts)), groups):
                    chosen = [self.parts[place] for place in group]
                    for which in range(cuts):
                        draw = (descent.effort.seed, made)
                        ask = Ask(bare, links, descent.weights, draw, which, cuts)
                        counted += self._step(chosen, ask)
                self.item_answers = counted
                yield made
        finally:
            for kept in (_read, _draw, _find_links):
                kept.cache_clear()

    def fitted(self, *, passes: int) -> FittedModel:
        """Return the model as the search has it now."""
        settings = self.descent.settings
        return FittedModel(
            rates=settings.rates,
            usual_rates=self.usual,
            weights=self.descent.weights.copy(),
            links=settings.links,
            gains=settings.gains,
            tier=self.descent.tier,
            offsets=settings.layout.offsets,
            item_answers=self.item_answers,
            passes=passes,
        )

    def _step(self, chosen: Sequence[Part], ask: Ask) -> Floats:
        """Take a piece of each part and go one step; return the answers to each item."""
        found = list(self.spread(slope_part, chosen, ask))
        share = len(chosen) / len(self.parts) / ask.cuts
        self.descent.step([slope for slope, _ in found], share=share)
        answers = np.zeros_like(self.item_answers)
        for _, own in found:
            answers += 0.0 if own is None else own
        return answers


def begin_search(
    parts: Sequence[Part],
    survey: Survey,
    record: BktFit,
    *,
    tier: Tier,
    gains: Gains,
    effort: Effort,
    spread: Spread,
) -> Search:
    """Return a search that has not begun, over a record fitted before."""
    links = survey.links.table()
    rates, usual = as_logits(record.rates), as_logits(record.usual[None, :])[0]
    layout = Layout(len(rates), survey.n_items, len(links))
    descent = Descent(Settings(layout, rates, gains, links), effort, tier)
    return Search(parts, spread, descent, usual, survey.most_histories, np.zeros(survey.n_items))


def survey_parts(parts: Sequence[Part], spread: Spread) -> Survey:
    """Return the survey of the first parts that hold RECORD_ANSWERS answers.

    Raises ValueError where there are no parts.
    """
    found: Survey | None = None
    for own in spread(survey_part, parts, None):
        found = own if found is None else found.joined(own)
        if found.answers >= RECORD_ANSWERS:
            break
    if found is None:
        raise ValueError("a fit needs at least one part")
    return found


def _fit_record(survey: Survey, expert: ExpertEstimates | None) -> BktFit:
    return fit_tree(survey.tree, limits=SOUND, ridge=RECORD_RIDGE, expert=expert)


def survey_part(part: Part, _: None) -> Survey:
    """Return what a search needs to know of a part before it begins."""
    log = part()
    return Survey(log.n_answers, log.n_histories, log.n_items, grow_tree(log), count_links(log))


def slope_part(part: Part, ask: Ask) -> tuple[Floats, Floats | None]:
    """Return the slope of the log-loss of a piece of a part; with the first piece, also how many
    answers each item has in the whole part.
    """
    log = _read(part)
    histories = _draw(part, ask.draw, ask.cuts)[ask.which]
    slope = ask.settings.slope(log, _find_links(part, ask.links), histories, ask.weights)
    return slope, answers_by_item(log) if ask.which == 0 else None


def answers_by_item(log: AnswerLog) -> Floats:
    """Return how many answers each item has: (n_items,) float64."""
    known = log.items[log.items != NO_ITEM]
    return np.bincount(known, minlength=log.n_items).astype(np.float64)


@lru_cache(maxsize=AT_ONCE)
def _read(part: Part) -> AnswerLog:
    """Return a part; those of one step are kept, for its further pieces."""
    return part()


@lru_cache(maxsize=AT_ONCE)
def _draw(part: Part, draw: tuple[int, int], cuts: int) -> list[Longs]:
    """Return the histories of a part in pieces of about equal size, as drawn for this pass."""
    log = _read(part)
    order = np.random.default_rng(draw).permutation(log.n_histories)
    return equal_parts(order, log.starts, cuts)


@lru_cache(maxsize=_LINKS_KEPT)
def _find_links(part: Part, links: KnownLinks) -> Ints:
    return LinkTable(links.keys, ()).find(_read(part))
