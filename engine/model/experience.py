"""What the terms usually weigh, before a single answer of one's own is there.

The mean of fits to folds 1-3 of four public answer logs (ASSISTments 2009 and 2015, OLI Statics
2011, Cognitive Tutor Algebra 2005), rounded. With few learners the fit leans on it, with many it
does not matter. Terms about labels, and about time (only one log had it), start at 0. No public
log of workplace learning was found. A figure for a small class of one of these logs is only fair
when its own part is left out of the mean.
"""

from engine.model.layout import Block, Layout

# fmt: off
USUAL: dict[Block, tuple[float, ...]] = {
    Block.HISTORY: (
        0.0, -0.08, 0.01, -0.12, 0.18, 0.05, -0.02, 0.0, 0.03, 0.24, 0.11, 0.22,
        0.0, -0.07, -0.01, -0.1, -0.15, 0.06, 0.41, 0.2, 0.36, -0.01, 0.04, -0.24,
        0.12, 0.19, 0.15, 0.28, 0.1, -0.06, -0.17, 0.01, -0.25, 0.06, 0.12, 0.05,
        0.1, 0.04, 0.05, -0.19, 0.15, 0.08, 0.22, 0.05, 0.1, 0.02, -0.09, -0.04,
        0.04, 0.04, 0.14, 0.03, 0.18, -0.06, 0.06, -0.17, 0.04, 0.03, 0.09, 0.03,
        -0.04, -0.04, -0.03, 0.01,
    ),
    Block.PRACTICE: (
        -0.12, 0.08,
    ),
    Block.FORM: (
        0.0, -0.28, -0.19, -0.11, 0.13, 0.19, 0.23, 0.25,
    ),
    Block.ABILITY: (
        0.19, 1.29, 0.87, 0.38, 0.11, 1.11, 0.7, 0.09, 0.16, 0.73, 0.63, 0.17,
        0.2, 0.71, 0.71, 0.2, 0.08, 0.53, 0.33, 0.04, 0.09, 0.62, 0.45, 0.06,
        0.08, 0.59, 0.7, 0.02, 0.1, 0.57, 0.64, 0.0,
    ),
    Block.SPACING: (
        -0.08, 0.09, 0.15, -0.09, -0.24, -0.16, -0.19, -0.24, -0.12, -0.26,
    ),
    Block.ATTEMPT: (
        -0.08, 0.0, -0.06, -0.11, 0.03, -0.06, -0.04, 0.42, 0.08, 0.06, -0.15, 0.12,
        0.02, 0.24, -0.14, 0.23, 0.18, -0.15, 0.12, -0.03,
    ),
    Block.PREVIOUS: (
        -0.02, 0.08, -0.01, 0.18, 0.0, 0.0, 0.1, 0.15,
    ),
    Block.POSITION: (
        0.25, -0.04, 0.0, 0.17, 0.09, 0.29, 0.07, 0.15, 0.05, 0.08, 0.13, 0.09,
        0.07, 0.09, 0.15, 0.14, 0.15, 0.1, 0.08, -0.05,
    ),
    Block.BREADTH: (
        0.0, 0.0, -0.09, -0.13, 0.11, 0.02, -0.01, 0.05, 0.0,
    ),
    Block.TRUST: (
        0.0, -0.37, -0.6, -0.71, -0.95, -1.06, -1.18, -1.16,
    ),
}
# fmt: on
"""By term, the first weights of its block; the others are 0."""


def usual_weights(layout: Layout) -> list[float]:
    """Return the weights of a layout before any answer: flat."""
    weights = [0.0] * layout.offsets[-1]
    for block, values in USUAL.items():
        place = layout.offsets[block]
        weights[place : place + len(values)] = values
    return weights
