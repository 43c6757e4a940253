"""orderInteraction: steps to put in order."""

from dataclasses import replace

from app.exchange.drafting import Drafted, ordering
from app.exchange.qti.asked import Asked, with_prompt
from app.exchange.qti.remarks import joined, picked, told
from app.exchange.qti.too_many import too_many_steps
from app.exchange.rich_text import Rich
from app.words import Sentence

_MOST = 10


def read_order(asked: Asked, passages: tuple[Rich, ...]) -> Drafted:
    choices = {c.get("identifier"): c for c in asked.interaction.each("simpleChoice")}
    right = asked.declared.correct
    if not right:
        raise asked.refuse(Sentence("The file does not say which order is right."))
    if set(right) != set(choices) or len(right) != len(choices):
        raise asked.refuse(
            Sentence("Only some of its choices belong in the order; in Cairn all do.")
        )
    if len(choices) > _MOST:
        raise asked.refuse(too_many_steps(len(choices), most=_MOST))
    asked.score_or_none(*right)
    stem = asked.stem(
        whole_feedback(asked, right), placed=with_prompt(asked.interaction), passages=passages
    )
    drafted = ordering(stem, [asked.rich(choices[name]) for name in right])
    return _with_feedback(drafted, [asked.owned(name) for name in right])


def _with_feedback(drafted: Drafted, said: list[Rich]) -> Drafted:
    """Return the steps with what is said about each."""
    rows = drafted.item.answer["steps"]
    steps = rows if isinstance(rows, list) else []
    told_ = [row | {"feedback": text.line} for row, text in zip(steps, said, strict=True)]
    return replace(drafted, item=replace(drafted.item, answer={"steps": told_}))


def whole_feedback(asked: Asked, right: tuple[str, ...]) -> Rich:
    """Return all that is said about the answer as a whole; Cairn says it in the explanation."""
    whole = frozenset(n for n, feedback in enumerate(asked.feedback) if not feedback.owner)
    shown = {
        "right": asked.shown(*right, is_right=True) & whole,
        "wrong": asked.shown(*right[::-1][1:], is_right=False) & whole,
    }
    own, common = told(asked.texts, shown)
    if own["wrong"]:
        asked.losses.append(
            Sentence("Feedback for a wrong answer as a whole is in the explanation.")
        )
    rest = whole - frozenset.union(*shown.values())
    return joined((common, own["right"], own["wrong"], picked(asked.texts, rest)))
