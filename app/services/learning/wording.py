"""Which word is shown for a skill: an estimate is told in words, with the evidence behind it."""

from engine import Standing

EARLY, NEAR = 0.4, 0.8
FEW_ANSWERS = 2
_SETTLED = {
    Standing.MASTERED: "mastered",
    Standing.REVIEW_DUE: "fading",
    Standing.PARKED: "parked",
}


def state_word(mastery: float, answers: int, standing: str) -> str:
    """The name of the word: new, placed, early, growing, near, mastered, fading or parked.

    What placement alone found is said to be so. With fewer than two answers the word stays
    "early": one lucky guess is not much to go by.
    """
    settled = _SETTLED.get(Standing(standing))
    if settled is not None:
        return "placed" if settled == "mastered" and answers == 0 else settled
    if answers == 0:
        return "new"
    if answers < FEW_ANSWERS or mastery < EARLY:
        return "early"
    return "near" if mastery >= NEAR else "growing"
