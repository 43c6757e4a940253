"""Pages anybody may read: cookies, privacy, accessibility, what is known of the engine."""

from typing import NamedTuple

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _l

from app.services.oversight import measured
from app.services.oversight.bars import SMALL_CLASS_GAP

bp = Blueprint("info", __name__)

# The ways of choosing that the benches know by name, as people read them.
POLICIES = {
    "oracle": (_l("Oracle"), _l("Sees what is truly known: the limit of what choosing can do.")),
    "cairn": ("Cairn", _l("The functions of the product itself, with its own thresholds.")),
    "fixed-mastery": (
        _l("Fixed order, each skill until mastered"),
        _l("The classic of mastery learning (Bloom 1968, Corbett and Anderson 1995)."),
    ),
    "fixed-count": (
        _l("A course as usual"),
        _l("A lesson, then every exercise once, skill after skill."),
    ),
    "gated-lowest": (
        _l("Lowest mastery first"),
        _l("Of the skills whose prerequisites are mastered, the one with the lowest mastery."),
    ),
    "lookahead": (
        _l("Two answers ahead"),
        _l("The first of two answers that promise most newly mastered skills a minute."),
    ),
    "greedy-gain": (
        _l("Largest expected gain"),
        _l("The exercise with the largest expected gain in mastery a minute."),
    ),
    "oatutor": ("OATutor", _l("Lowest product of masteries over the skills of an exercise.")),
    "oatutor-gate": (
        _l("OATutor with prerequisites"),
        _l("The same, among exercises whose prerequisites are mastered."),
    ),
    "alosi-shipped": (
        _l("ALOSI as shipped"),
        _l("Its weights as the code applies them, two of them swapped."),
    ),
    "alosi-documented": (_l("ALOSI as documented"), _l("Its weights as its documents say.")),
    "zpdes": ("ZPDES", _l("A bandit over a growing zone of skills, rewarded by progress.")),
    "random": (_l("By chance"), _l("Any exercise by chance, until all skills are mastered.")),
}


class Way(NamedTuple):
    """A way of choosing as people read it; is_ours_to_say: whether we have words for it."""

    title: str
    about: str
    is_ours_to_say: bool


def way_in_words(row: measured.Sequenced) -> Way:
    """What to call a way of choosing; one we have no words for goes by its own, in English."""
    if row.name in POLICIES:
        title, about = POLICIES[row.name]
        return Way(str(title), str(about), is_ours_to_say=True)
    return Way(row.name, row.about, is_ours_to_say=False)


@bp.get("/cookies")
def cookies() -> str:
    return render_template("info/cookies.html")


@bp.get("/privacy")
def privacy() -> str:
    return render_template("info/privacy.html")


@bp.get("/accessibility")
def accessibility() -> str:
    return render_template("info/accessibility.html")


@bp.get("/engine")
def engine() -> str:
    found = measured.read()
    return render_template(
        "info/engine.html",
        measured=found,
        ways=[(row, way_in_words(row)) for row in found.sequencing],
        small_class_gap=SMALL_CLASS_GAP,
    )
