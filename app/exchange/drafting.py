"""A foreign question's parts, put together as an item of Cairn; what does not fit is said.

Every reader maps alike through these functions. What Cairn asks for and the question does not say
(feedback, an explanation) is left empty in the item, for its author to write.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import groupby

from app.authoring import RawItem
from app.authoring.formats.plain_words import is_among
from app.exchange.question_title import plain, title_of
from app.exchange.result import Picture, Telling
from app.exchange.rich_text import NOTHING, Rich
from app.words import Sentence

WHOLE = Decimal(1)
ANYTHING = "*"
MOST = Decimal(10) ** 15  # beyond, a number is not kept to the last digit, nor typed
FEWEST = 2  # options, pairs or steps without which nothing is to be decided


class Unfit(Telling):
    """The question has no shape that Cairn can ask; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stem:
    """What a question of any kind has. why: its general feedback, shown after any answer."""

    title: str = ""
    text: Rich
    hints: tuple[Rich, ...] = ()
    why: Rich = NOTHING
    losses: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An option, or a text to type. weight: 1 for full marks, a part of it, 0 or less for none."""

    text: Rich
    weight: Decimal
    feedback: Rich = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberAnswer:
    """A number to type, right within the tolerance either way."""

    value: Decimal
    tolerance: Decimal = Decimal(0)
    weight: Decimal = WHOLE
    feedback: Rich = NOTHING


@dataclass(frozen=True, slots=True)
class Drafted:
    item: RawItem
    pictures: tuple[Picture, ...] = ()
    losses: tuple[Sentence, ...] = ()


@dataclass
class _Draft:
    """An item in the making: gathers pictures that lines cannot show, and losses."""

    stem: Stem
    losses: list[Sentence] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)

    def take(self, *texts: Rich) -> None:
        for text in texts:
            self.losses += text.losses
            self.pictures += text.pictures

    def shown(self, text: Rich, *, name: str) -> str:
        """Return a part as one line; its pictures are put below the question, under its name."""
        self.take(text)
        if not text.pictures:
            return text.line
        images = " ".join(f"![{text.line}]({p.name})" for p in text.pictures)
        self.below.append(f"{name}: {images}")
        return text.line or name

    def said(self, text: Rich) -> str:
        """Return feedback as one line; its pictures are put below the explanation."""
        self.take(text)
        self.after += [f"![{text.line}]({picture.name})" for picture in text.pictures]
        return text.line

    def done(self, format_: str, answer: Mapping[str, object]) -> Drafted:
        stem = self.stem
        self.take(stem.text, stem.why, *stem.hints)
        if not stem.text.page and not self.below:
            raise Unfit(Sentence("The question has no text."))
        item = RawItem(
            kind="exercise",
            format=format_,
            title=title_of(stem.title, stem.text.page),
            text="\n\n".join(part for part in (stem.text.page, *self.below) if part),
            hints=tuple(hint.page for hint in stem.hints if hint),
            explanation="\n\n".join(part for part in (stem.why.page, *self.after) if part),
            answer=answer,
            status="draft",
        )
        losses = tuple(dict.fromkeys((*stem.losses, *self.losses)))
        pictures = tuple({picture.name: picture for picture in self.pictures}.values())
        return Drafted(item, pictures, losses)


def choice(stem: Stem, answers: Sequence[Answer], *, several: bool) -> Drafted:
    """Return a single or multiple choice; an option is right when it earns marks.

    several: whether the learner may choose more than one.  Where only one may be chosen, the option
    that earns most is the right one.
    """
    draft = _Draft(stem)
    if len(answers) < FEWEST:
        raise Unfit(Sentence("There are fewer than two options."))
    best = max(answer.weight for answer in answers)
    if best <= 0:
        raise Unfit(Sentence("No option is marked as right."))
    right = [a.weight > 0 if several else a.weight == best for a in answers]
    if all(right):
        raise Unfit(Sentence("Every option is marked as right, so there is nothing to choose."))
    if not several and right.count(True) > 1:
        draft.losses.append(
            Sentence("Several options earn full marks; the item asks for all of them.")
        )
        several = True
    _note_weights(draft, answers, right, several=several)
    options = [
        {
            "text": draft.shown(answer.text, name=f"Option {number}") or f"Option {number}",
            "correct": correct,
            "feedback": draft.said(answer.feedback),
        }
        for number, (answer, correct) in enumerate(zip(answers, right, strict=True), start=1)
    ]
    return draft.done("multiple-choice" if several else "single-choice", {"options": options})


def true_false(stem: Stem, *, right: bool, when_true: Rich, when_false: Rich) -> Drafted:
    """Return a single choice between True and False."""
    answers = [
        Answer(text=Rich("True", "True"), weight=Decimal(right), feedback=when_true),
        Answer(text=Rich("False", "False"), weight=Decimal(not right), feedback=when_false),
    ]
    return choice(stem, answers, several=False)


def short_text(
    stem: Stem, answers: Sequence[Answer], *, otherwise: Rich = NOTHING, as_typed: bool = False
) -> Drafted:
    """Return a short text; what earns no full marks becomes a foreseen mistake.

    as_typed: the file compares upper and lower case, which Cairn does not.
    """
    draft = _Draft(stem)
    answers, otherwise = _without_anything(answers, otherwise)
    right, wrong = _parted(draft, answers)
    if not right:
        raise Unfit(Sentence("No answer earns full marks."))
    if as_typed:
        draft.losses.append(Sentence("Upper and lower case no longer count."))
    if any(ANYTHING in answer.text.line.replace("\\*", ANYTHING) for answer in answers):
        draft.losses.append(Sentence("A star in an answer no longer stands for any letters."))
    _note_feedback(draft, [answer.feedback for answer in right])
    answer = {
        "accepted": list(dict.fromkeys(_typed(a.text) for a in right)),
        "right": draft.said(_first(a.feedback for a in right)),
        "otherwise": draft.said(otherwise),
    }
    mistakes: list[dict[str, object]] = []
    for said, group in groupby(wrong, key=lambda a: a.feedback):
        typed = list(dict.fromkeys(_typed(a.text) for a in group))
        mistakes.append({"accepted": typed, "feedback": draft.said(said)})
    return draft.done("short-text", {"answer": answer, "mistakes": mistakes})


def number(
    stem: Stem,
    answers: Sequence[NumberAnswer],
    *,
    otherwise: Rich = NOTHING,
    unit: str | None = None,
) -> Drafted:
    """Return a number; what earns no full marks becomes a foreseen mistake."""
    draft = _Draft(stem)
    right = [answer for answer in answers if answer.weight >= WHOLE]
    if not right:
        raise Unfit(Sentence("No number earns full marks."))
    answer, others = right[0], right[1:]
    if others:
        also = ", ".join(_quantity(other) for other in others)
        draft.losses.append(
            Sentence("Cairn takes one right number; this is no longer right: %(also)s.", also=also)
        )
    wrong = [other for other in answers if other.weight < WHOLE]
    for other in wrong:
        if other.weight > 0:
            draft.losses.append(_now_none(_quantity(other), other.weight))
    table = {
        **_place(draft, answer),
        "unit": unit or None,
        "right": draft.said(answer.feedback),
        "otherwise": draft.said(otherwise),
    }
    mistakes = [{**_place(draft, a), "feedback": draft.said(a.feedback)} for a in wrong]
    answers_ = {"answer": {k: v for k, v in table.items() if v is not None}, "mistakes": mistakes}
    return draft.done("number", answers_)


def with_mistakes(drafted: Drafted, mistakes: Sequence[tuple[Sequence[str], Rich]]) -> Drafted:
    """Return a short text with foreseen mistakes, each typed in several ways."""
    rows = [{"accepted": list(typed), "feedback": said.line} for typed, said in mistakes]
    losses = dict.fromkeys(
        (*drafted.losses, *(loss for _, said in mistakes for loss in said.losses))
    )
    item = replace(drafted.item, answer={**drafted.item.answer, "mistakes": rows})
    return Drafted(item, drafted.pictures, tuple(losses))


def ordering(stem: Stem, steps: Sequence[Rich], *, feedback: Sequence[Rich] = ()) -> Drafted:
    """Return steps to put in order, given in the right one. feedback: of each step, or none."""
    draft = _Draft(stem)
    said = [*feedback, *(NOTHING for _ in steps)]
    if len(steps) < FEWEST:
        raise Unfit(Sentence("There are fewer than two steps to order."))
    rows = [
        {
            "text": draft.shown(step, name=f"Step {n}") or f"Step {n}",
            "feedback": draft.said(said[n - 1]),
        }
        for n, step in enumerate(steps, start=1)
    ]
    return draft.done("ordering", {"steps": rows})


def matching(
    stem: Stem,
    pairs: Sequence[tuple[Rich, Rich]],
    *,
    extra: Sequence[Rich] = (),
    feedback: Sequence[Rich] = (),
) -> Drafted:
    """Return pairs to match. feedback: of each pair, in their order, or none at all."""
    draft = _Draft(stem)
    if len(pairs) < FEWEST:
        raise Unfit(Sentence("There are fewer than two pairs to match."))
    said = [*feedback, *(NOTHING for _ in pairs)]
    rows = [
        {
            "left": draft.shown(left, name=f"Line {n}") or f"Line {n}",
            "right": draft.shown(right, name=f"Match {n}") or f"Match {n}",
            "feedback": draft.said(said[n - 1]),
        }
        for n, (left, right) in enumerate(pairs, start=1)
    ]
    rights = [row["right"] for row in rows]
    if len(set(rights)) < len(rights):
        raise Unfit(
            Sentence("Two lines share one match, and in Cairn each match belongs to one line.")
        )
    others = [draft.shown(text, name="Further match") for text in extra]
    kept = [text for text in dict.fromkeys(others) if text and text not in rights]
    return draft.done("matching", {"extra": kept, "pairs": rows})


def _note_weights(
    draft: _Draft, answers: Sequence[Answer], right: Sequence[bool], *, several: bool
) -> None:
    """Say which marks are lost: Cairn gives full marks for the right choice and none otherwise.

    Equal shares of which one wrong option takes all, as our own files have them, say the same.
    """
    earning = {a.weight for a, correct in zip(answers, right, strict=True) if correct}
    others = {a.weight for a, correct in zip(answers, right, strict=True) if not correct}
    kept = others == {Decimal(0)} or (several and others == {-WHOLE})
    if len(earning) > 1 or not kept:
        marks = ", ".join(
            f"{a.text.line or f'#{number}'}: {_percent(a.weight)}"
            for number, a in enumerate(answers, start=1)
        )
        draft.losses.append(
            Sentence("Marks for parts of the answer are not kept (%(marks)s).", marks=marks)
        )


def _without_anything(answers: Sequence[Answer], otherwise: Rich) -> tuple[Sequence[Answer], Rich]:
    """Take out the answer `*`, which stands for every other one."""
    rest = [a for a in answers if a.text.line not in {ANYTHING, "\\*"}]
    found = [a for a in answers if a.text.line in {ANYTHING, "\\*"}]
    if any(a.weight >= WHOLE for a in found):
        raise Unfit(Sentence("Every answer is right, so there is nothing to ask."))
    return rest, next((a.feedback for a in found), otherwise)


def _parted(draft: _Draft, answers: Sequence[Answer]) -> tuple[list[Answer], list[Answer]]:
    right = [answer for answer in answers if answer.weight >= WHOLE]
    wrong = []
    for answer in answers:
        if answer.weight >= WHOLE:
            continue
        line, same = answer.text.line, _read_alike(answer, right)
        if answer.weight > 0:
            draft.losses.append(
                _now_none(line, answer.weight)
                if same is None
                else Sentence(
                    "%(answer)s earned %(share)s; now all, as it is read like %(same)s.",
                    answer=line,
                    share=_percent(answer.weight),
                    same=same,
                )
            )
        if answer.weight <= 0 or same is None:
            wrong.append(answer)
    return right, wrong


def _read_alike(answer: Answer, right: Sequence[Answer]) -> str | None:
    """Return the right answer that Cairn takes this one for, if any."""
    lines = (other.text.line for other in right)
    return next((line for line in lines if is_among(line, [answer.text.line])), None)


def _note_feedback(draft: _Draft, texts: Sequence[Rich]) -> None:
    said = {text.line for text in texts if text}
    if len(said) > 1:
        draft.losses.append(
            Sentence("Right answers share one feedback; that of the first is kept.")
        )


def _first(texts: Iterable[Rich]) -> Rich:
    return next((text for text in texts if text), NOTHING)


def _typed(text: Rich) -> str:
    """Return an answer as a person types it: words, without Markdown's signs."""
    return plain(text.line)


def _place(draft: _Draft, answer: NumberAnswer) -> dict[str, object]:
    value, tolerance = _rounded(draft, answer.value), _rounded(draft, abs(answer.tolerance))
    return {"value": float(value), "tolerance": float(tolerance)}


def _rounded(draft: _Draft, number_: Decimal) -> Decimal:
    if abs(number_) >= MOST:
        raise Unfit(
            Sentence("Its number has more than 15 digits before the point. Take a larger unit.")
        )
    if number_ != round(number_, 9):
        draft.losses.append(
            Sentence("%(number)s is rounded to nine decimals.", number=str(number_))
        )
    return round(number_, 9)


def _quantity(answer: NumberAnswer) -> str:
    margin = f" ± {answer.tolerance}" if answer.tolerance else ""
    return f"{answer.value}{margin}"


def _now_none(answer: str, weight: Decimal) -> Sentence:
    return Sentence("%(answer)s earned %(share)s; now none.", answer=answer, share=_percent(weight))


def _percent(weight: Decimal) -> str:
    return f"{weight * 100:.2f}".rstrip("0").rstrip(".") + " %"
