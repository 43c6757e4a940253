"""The kinds of question QTI 1.2 asks that Cairn asks too: choice, number, text, order, pairs."""

from decimal import Decimal

from app.exchange.drafting import (
    Answer,
    Drafted,
    choice,
    matching,
    number,
    ordering,
    short_text,
)
from app.exchange.qti.asi_item import AsiItem, Response
from app.exchange.qti.intervals import Span, read_decimal
from app.exchange.qti.numbers import NEVER, NoNumber, Trying, find_numbers
from app.exchange.qti.remarks import Shown, always, joined, picked, told, told_of_several
from app.exchange.qti.too_many import too_many_answers, too_many_options, too_many_steps
from app.exchange.qti.tree import Node
from app.exchange.rich_text import NOTHING, Rich, from_plain
from app.words import Sentence

_MOST_OPTIONS, _MOST_STEPS, _MOST_MATCHES, _MOST_ANSWERS = 26, 10, 12, 200
_ZERO = Decimal(0)


def read_choice(item: AsiItem, response: Response, *, also: tuple[Rich, ...] = ()) -> Drafted:
    count = len(response.labels)
    if count > _MOST_OPTIONS:
        raise item.refuse(too_many_options(count, most=_MOST_OPTIONS))
    labels = _worded(item, response)
    several = response.cardinality == "multiple"
    right, weights = _several(item, response, labels) if several else _one(item, response, labels)
    shown = {name: item.shown({response.ident: (name,)}) for name in labels}
    own, why = told(item.texts, shown)
    if several:
        whole = item.shown({response.ident: right})
        own, why = told_of_several(item.texts, shown, whole, right=right)
    answers = [
        Answer(text=text, weight=weights[name], feedback=own[name]) for name, text in labels.items()
    ]
    return choice(item.stem(why, prompts=not also, also=also), answers, several=several)


def _worded(item: AsiItem, response: Response) -> dict[str, Rich]:
    """Return the options that have words; an empty one is an exporter's blank line."""
    labels = {name: item.text(label) for name, label in response.labels.items()}
    named = {name for answers in item.scoring.sets(response.ident) for name in answers}
    kept = {n: t for n, t in labels.items() if t or n in named}
    if len(kept) < len(labels):
        item.losses.append(
            Sentence("Empty options were left out: %(count)d.", count=len(labels) - len(kept))
        )
    return kept


def _one(
    item: AsiItem, response: Response, labels: dict[str, Rich]
) -> tuple[tuple[str, ...], dict[str, Decimal]]:
    scores = {name: item.scoring.judge({response.ident: (name,)}).score for name in labels}
    best = max(scores.values(), default=_ZERO)
    if best <= 0:
        raise item.refuse(Sentence("The file does not say which option is right."))
    right = tuple(name for name, score in scores.items() if score == best)
    if len(right) > 1:
        raise item.refuse(Sentence("Each of several options is right by itself; in Cairn one is."))
    return right, {name: score / best for name, score in scores.items()}


def _several(
    item: AsiItem, response: Response, labels: dict[str, Rich]
) -> tuple[tuple[str, ...], dict[str, Decimal]]:
    """Return the options that score most together, and what each earns by itself."""
    alone = {name: item.scoring.judge({response.ident: (name,)}).score for name in labels}
    earning = tuple(name for name, score in alone.items() if score > 0)
    best, right = _ZERO, tuple[str, ...]()
    for named in (earning, *item.scoring.sets(response.ident)):
        candidate = tuple(name for name in labels if name in named)
        score = item.scoring.judge({response.ident: candidate}).score
        if score > best:
            best, right = score, candidate
    if not right:
        raise item.refuse(Sentence("The file does not say which options are right."))
    adds_up = sum((alone[name] for name in right), _ZERO) == best and len(right) > 1
    if not adds_up:
        return right, {name: Decimal(name in right) for name in labels}
    return right, {
        n: alone[n] / best if n in right else min(alone[n] / best, _ZERO) for n in labels
    }


def read_text(item: AsiItem, response: Response) -> Drafted:
    named = item.scoring.named(response.ident)
    if len(named) > _MOST_ANSWERS:
        raise item.refuse(too_many_answers(len(named), most=_MOST_ANSWERS))
    scores = {text: item.scoring.judge({response.ident: (text,)}).score for text in named}
    best = max(scores.values(), default=_ZERO)
    if best <= 0:
        raise item.refuse(Sentence("The file does not say which answer is right."))
    shown = {text: item.shown({response.ident: (text,)}) for text in named}
    missed = item.shown({response.ident: (NEVER,)})
    common = always((*shown.values(), missed))
    answers = [
        Answer(
            text=from_plain(text),
            weight=scores[text] / best,
            feedback=picked(item.texts, shown[text] - common),
        )
        for text in named
        if scores[text] > 0 or shown[text] - missed
    ]
    return short_text(
        item.stem(picked(item.texts, common)),
        answers,
        otherwise=picked(item.texts, missed - common),
        as_typed=any(
            e.get("case").lower() == "yes"
            for c in item.scoring.conditions
            for e in c.each("varequal")
        ),
    )


def read_number(item: AsiItem, response: Response) -> Drafted:
    ident = response.ident
    trying = Trying(
        score=lambda text: item.scoring.judge({ident: (text,)}).score,
        shown=lambda text, _: item.shown({ident: (text,)}),
        named=lambda span: _named_within(item, response, span),
        texts=item.texts,
    )
    try:
        found = find_numbers(item.scoring.regions(ident), trying)
    except NoNumber as why:
        raise item.refuse(why.sentence) from why
    if found.is_open:
        item.losses.append(Sentence("The ends of the range are now right too."))
    return number(item.stem(found.why), found.answers, otherwise=found.otherwise)


def _named_within(item: AsiItem, response: Response, span: Span) -> Decimal | None:
    named = (read_decimal(text) for text in item.scoring.named(response.ident))
    return next((value for value in named if value is not None and span.holds(value)), None)


def read_order(item: AsiItem, response: Response) -> Drafted:
    labels = response.labels
    orders = [s for s in item.scoring.sets(response.ident) if set(s) == set(labels)]
    scores = {order: item.scoring.judge({response.ident: order}).score for order in orders}
    best = max(scores.values(), default=_ZERO)
    if best <= 0:
        raise item.refuse(Sentence("The file does not say which order of all its steps is right."))
    if len(labels) > _MOST_STEPS:
        raise item.refuse(too_many_steps(len(labels), most=_MOST_STEPS))
    right = next(order for order, score in scores.items() if score == best)
    why = _whole(item, {response.ident: right}, {response.ident: right[::-1]})
    return ordering(item.stem(why), [item.text(labels[name]) for name in right])


def _whole(
    item: AsiItem, right: dict[str, tuple[str, ...]], wrong: dict[str, tuple[str, ...]]
) -> Rich:
    """Return what is said about an answer as a whole, which Cairn says in the explanation."""
    own, common = told(item.texts, {"right": item.shown(right), "wrong": item.shown(wrong)})
    if own["wrong"]:
        item.losses.append(
            Sentence("Feedback for a wrong answer as a whole is in the explanation.")
        )
    return joined((common, own["right"], own["wrong"]))


def read_pairs(item: AsiItem) -> Drafted:
    """Return several lists that offer the same matches as a matching."""
    lines = {r.ident: item.text(*r.node.all("material")) for r in item.responses}
    asked = [r for r in item.responses if lines[r.ident]]
    if len(asked) < len(item.responses):
        item.losses.append(
            Sentence(
                "Empty lines were left out: %(count)d.", count=len(item.responses) - len(asked)
            )
        )
    right = {r.ident: _best(item, r) for r in asked}
    if len(set(right.values())) < len(right):
        raise item.refuse(
            Sentence("Two lines share one match, and in Cairn each match belongs to one line.")
        )
    offered: dict[str, Node] = {}
    for response in item.responses:
        offered |= response.labels
    if len(offered) > _MOST_ANSWERS or len(right) > _MOST_OPTIONS:
        raise item.refuse(Sentence("It has more than %(most)d lines.", most=_MOST_OPTIONS))
    texts = {name: item.text(label) for name, label in offered.items()}
    texts = {name: text for name, text in texts.items() if text or name in right.values()}
    if len(texts) > _MOST_MATCHES:
        raise item.refuse(
            Sentence(
                "It offers %(count)d matches; %(most)d are the most.",
                count=len(texts),
                most=_MOST_MATCHES,
            )
        )
    own, why = _of_pairs(item, right)
    return matching(
        item.stem(why, prompts=False),
        [(lines[ident], texts[name]) for ident, name in right.items()],
        extra=[text for name, text in texts.items() if name not in right.values()],
        feedback=[own[ident] for ident in right],
    )


def _of_pairs(item: AsiItem, right: dict[str, str]) -> tuple[dict[str, Rich], Rich]:
    """Return the feedback of each right pair by itself, and what is said about the whole."""
    nothing = item.shown({})
    alone = {ident: item.shown({ident: (name,)}) - nothing for ident, name in right.items()}
    seen: Shown = frozenset().union(*alone.values())
    whole = item.shown({ident: (name,) for ident, name in right.items()}) - seen
    own = {ident: picked(item.texts, shown) for ident, shown in alone.items()}
    if nothing - whole:
        item.losses.append(
            Sentence("Feedback for a wrong answer as a whole is in the explanation.")
        )
    return own, picked(item.texts, whole | nothing)


def _best(item: AsiItem, response: Response) -> str:
    scores = {n: item.scoring.judge({response.ident: (n,)}).score for n in response.labels}
    best = max(scores.values(), default=_ZERO)
    right = [name for name, score in scores.items() if score == best > 0]
    if len(right) != 1:
        raise item.refuse(Sentence("One of its lines has no single right match."))
    return right[0]


def read_line(item: AsiItem, response: Response) -> Drafted:
    """Return a matching of one line, or one gap with a list, as a single choice."""
    line = item.text(*response.node.all("material"))
    in_text = f"[{line.line}]" in item.question(prompts=False).line.replace("\\", "")
    return read_choice(item, response, also=(NOTHING,) if in_text else (line,))
