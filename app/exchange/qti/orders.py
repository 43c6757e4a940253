"""orderInteraction: steps to put in order."""

from app.exchange.drafting import Drafted, ordering
from app.exchange.qti.asked import Asked, with_prompt
from app.exchange.qti.remarks import joined, picked, told
from app.exchange.rich_text import Rich

_MOST = 10


def read_order(asked: Asked, passages: tuple[Rich, ...]) -> Drafted:
    choices = {c.get("identifier"): c for c in asked.interaction.each("simpleChoice")}
    right = asked.declared.correct
    if not right:
        raise asked.refuse("The file does not say which order is right.")
    if set(right) != set(choices) or len(right) != len(choices):
        raise asked.refuse("Only some of its choices belong in the order; in Cairn all do.")
    if len(choices) > _MOST:
        raise asked.refuse(f"It has {len(choices)} steps; {_MOST} are the most.")
    asked.score_or_none(*right)
    stem = asked.stem(
        whole_feedback(asked, right), placed=with_prompt(asked.interaction), passages=passages
    )
    return ordering(stem, [asked.rich(choices[name]) for name in right])


def whole_feedback(asked: Asked, right: tuple[str, ...]) -> Rich:
    """Return all that is said about the answer as a whole; Cairn says it in the explanation."""
    shown = {
        "right": asked.shown(*right, is_right=True),
        "wrong": asked.shown(*right[::-1][1:], is_right=False),
    }
    own, common = told(asked.texts, shown)
    if own["wrong"]:
        asked.losses.append("Feedback for a wrong answer as a whole is in the explanation.")
    rest = set(range(len(asked.texts))) - frozenset.union(*shown.values())
    return joined((common, own["right"], own["wrong"], picked(asked.texts, rest)))
