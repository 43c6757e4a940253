"""What others report of their models, on logs where ours is measured too: quoted, never measured.

A figure means nothing without how it was taken and by whom, so both are asked for. None is quoted
from files that repeat a question for each of its skills: there the answer is given away.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.words import Sentence

CHANCE = 0.5
"""The AUC of guessing."""


@dataclass(frozen=True, slots=True)
class Published:
    """An accuracy others report for their model.

    auc: area under the ROC curve.  protocol: how it was taken.  source: author, year, venue.
    Raises ValueError where one of these is missing.
    """

    model: str
    auc: float
    protocol: Sentence
    source: str

    def __post_init__(self) -> None:
        if not CHANCE <= self.auc <= 1.0:
            raise ValueError(f"AUC must be in [{CHANCE}, 1], got {self.auc}")
        if not self.model or not self.protocol or not self.source:
            raise ValueError("a published figure names its model, its protocol and its source")


# Each forgets a learner after 200 answers; what else there is to say of how a figure was taken.
SAME_FOLDS = Sentence("Our five folds of learners, each tested in turn")
OTHER_LEARNERS = Sentence("Another split: a fifth of the learners to test")
MORE_LEARNERS = Sentence("Another split, of the whole log; ours is a part of it, with 92 learners")
GHOSH = "Ghosh, Heffernan & Lan 2020, KDD"
PYKT = "Liu et al. 2022, NeurIPS (pyKT)"
SIMPLE = "Liu et al. 2023, ICLR (simpleKT)"

PUBLISHED: Mapping[str, tuple[Published, ...]] = {
    "assistments2009": (
        Published("DKT", 0.7541, OTHER_LEARNERS, PYKT),
        Published("AKT", 0.7853, OTHER_LEARNERS, PYKT),
        Published("simpleKT", 0.7744, OTHER_LEARNERS, SIMPLE),
        Published("IEKT", 0.7861, OTHER_LEARNERS, SIMPLE),
    ),
    "assistments2015": (
        Published("DKT", 0.7310, SAME_FOLDS, GHOSH),
        Published("DKT", 0.7271, OTHER_LEARNERS, PYKT),
        Published("AKT", 0.7281, OTHER_LEARNERS, PYKT),
    ),
    "statics2011": (
        Published("DKT", 0.8233, SAME_FOLDS, GHOSH),
        Published("DKT", 0.8222, OTHER_LEARNERS, PYKT),
        Published("AKT", 0.8309, OTHER_LEARNERS, PYKT),
        Published("simpleKT", 0.8199, OTHER_LEARNERS, SIMPLE),
    ),
    "algebra2005": (
        Published("DKT", 0.8149, MORE_LEARNERS, PYKT),
        Published("AKT", 0.8306, MORE_LEARNERS, PYKT),
        Published("simpleKT", 0.8254, MORE_LEARNERS, SIMPLE),
        Published("IEKT", 0.8416, MORE_LEARNERS, SIMPLE),
    ),
    "glops": (),
}
