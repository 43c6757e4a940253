"""The hash chain of one learner's responses: each link seals its response and the one before.

The chain is per learner, so that erasing one person leaves everybody else's verifiable.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from app.services.learning import states

GENESIS = "0" * 64
# What a link seals, in this order. Times are whole microseconds since 1970, ids 32 hex digits.
FACTS = (
    "serving_id",
    "learner_id",
    "sequence",
    "item_id",
    "outcome",
    "choice",
    "confidence",
    "hints",
    "steps",
    "parameter_set_id",
    "module_revision_id",
    "engine",
    "answered_at",
)
_BETWEEN = "\x1f"  # the unit separator: it cannot stand in any of the facts


def link(previous: str, response: Mapping[str, object]) -> str:
    """The hash of a response: of the link before it and of its facts.

    How the model weighed an answer is sealed with it; answers from before there was a model, and
    lessons, have nothing there.
    """
    weighing = response.get("weighing")
    facts = [_written(response[name]) for name in FACTS]
    return seal(previous, *facts, *([] if weighing is None else [str(weighing)]))


def seal(previous: str, *facts: str) -> str:
    """The hash of facts that are text already; replay has them so."""
    return sha256(_BETWEEN.join((previous, *facts)).encode()).hexdigest()


def _written(fact: object) -> str:
    match fact:
        case None:
            return ""
        case uuid.UUID():
            return fact.hex
        case datetime():
            return str(states.microseconds(fact))
        case _:
            return str(fact)
