"""choiceInteraction, hottextInteraction and one inlineChoiceInteraction: a choice in Cairn."""

from collections.abc import Iterator
from decimal import Decimal

from app.exchange.drafting import Answer, Drafted, choice
from app.exchange.qti.asked import Asked, with_gap, with_prompt
from app.exchange.qti.markup import Place
from app.exchange.qti.remarks import told, told_of_several
from app.exchange.qti.too_many import too_many_options
from app.exchange.qti.tree import Node, node
from app.exchange.qti.values import Declaration, Unscorable
from app.exchange.rich_text import Rich
from app.words import Sentence

_CHOICES = {
    "choiceInteraction": "simpleChoice",
    "inlineChoiceInteraction": "inlineChoice",
    "hottextInteraction": "hottext",
}
_MOST = 26


def read_choice(asked: Asked, passages: tuple[Rich, ...]) -> Drafted:
    declared, found = asked.declared, tuple(asked.interaction.each(_CHOICES[asked.kind]))
    if declared.cardinality not in {"single", "multiple"}:
        raise asked.refuse(
            Sentence(
                "Its answer is %(cardinality)s, which a choice is not.",
                cardinality=declared.cardinality,
            )
        )
    if len(found) > _MOST:
        raise asked.refuse(too_many_options(len(found), most=_MOST))
    several = declared.cardinality == "multiple" and asked.interaction.get("maxChoices") != "1"
    options = {option.get("identifier"): option for option in found}
    weights = _several(asked, options) if several else _one(asked, options)
    right = tuple(name for name, weight in weights.items() if weight > 0)
    feedback, why = _told(asked, weights, right if several else ())
    answers = [
        Answer(text=asked.rich(option), weight=weights[name], feedback=feedback[name])
        for name, option in options.items()
    ]
    return choice(
        asked.stem(why, placed=_placed(asked), passages=passages), answers, several=several
    )


def _one(asked: Asked, options: dict[str, Node]) -> dict[str, Decimal]:
    """Return what each option is worth, 1 for the right one."""
    scores = {name: asked.score_or_none(name) or Decimal(0) for name in options}
    named = [name for name in asked.declared.correct if name in options]
    best = max(scores.values(), default=Decimal(0))
    right = named or [name for name, score in scores.items() if score == best > 0]
    if not right:
        raise asked.refuse(Sentence("The file does not say which option is right."))
    if len(right) > 1 or any(s == best > 0 for n, s in scores.items() if n not in right):
        raise asked.refuse(Sentence("Each of several options is right by itself; in Cairn one is."))
    return {
        name: Decimal(1) if name in right else (score / best if best > 0 else Decimal(0))
        for name, score in scores.items()
    }


def _several(asked: Asked, options: dict[str, Node]) -> dict[str, Decimal]:
    """Return what each option is worth, above 0 for those that belong to the right answer."""
    right = tuple(name for name in asked.declared.correct if name in options)
    right = right or _best_set(asked, tuple(options))
    if not right:
        raise asked.refuse(Sentence("The file does not say which options are right."))
    asked.score_or_none(*right)
    worths = _worths(asked.declared)
    total = sum((worths.get(name, Decimal(0)) for name in right), Decimal(0))
    return {
        name: _share(worths.get(name, Decimal(0)), total, is_right=name in right)
        for name in options
    }


def _share(worth: Decimal, total: Decimal, *, is_right: bool) -> Decimal:
    share = worth / total if total > 0 else Decimal(0)
    if is_right:
        return share if share > 0 else Decimal(1)
    return min(share, Decimal(0))


def _worths(declared: Declaration) -> dict[str, Decimal]:
    entries = declared.mapping.entries if declared.mapping is not None else ()
    return {key.strip(): worth for key, worth, _ in entries}


def _best_set(asked: Asked, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the options that score most together, among the sets the file's rules speak of."""
    best, found = Decimal(0), tuple[str, ...]()
    for candidate in _candidates(asked, names):
        try:
            score = asked.score(*candidate)
        except Unscorable as why:
            raise asked.refuse(why.sentence) from why
        if score > best:
            best, found = score, candidate
    return found


def _candidates(asked: Asked, names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    worths = _worths(asked.declared)
    yield tuple(name for name in names if worths.get(name, Decimal(0)) > 0)
    for rule in asked.processing.rules:
        for found in rule.walk():
            if found.name in {"multiple", "and"}:
                said = {value.words() for value in found.each("baseValue")}
                yield tuple(name for name in names if name in said)
    yield from ((name,) for name in names)


def _told(
    asked: Asked, weights: dict[str, Decimal], together: tuple[str, ...]
) -> tuple[dict[str, Rich], Rich]:
    """Return each option's feedback and what is said after any answer."""
    alone = {n: asked.shown(n, is_right=not together and w == 1) for n, w in weights.items()}
    if not together:
        asked.note_unseen(alone.values())
        return told(asked.texts, alone)
    whole = asked.shown(*together, is_right=True)
    asked.note_unseen((*alone.values(), whole))
    return told_of_several(asked.texts, alone, whole, right=together)


def _placed(asked: Asked) -> Place:
    if asked.kind == "inlineChoiceInteraction":
        return with_gap(asked.interaction)
    if asked.kind == "choiceInteraction":
        return with_prompt(asked.interaction)
    return _with_marked_words(asked.interaction)


def _with_marked_words(interaction: Node) -> Place:
    """Return what shows a text with the words that may be chosen in bold."""

    def placed(part: Node) -> tuple[Node | str, ...] | None:
        if part is interaction:
            return (node("div", *(placed_in(p) for p in part.parts)),)
        return None

    def placed_in(part: Node | str) -> Node | str:
        if isinstance(part, str):
            return part
        parts = tuple(placed_in(p) for p in part.parts)
        return node("strong", *parts) if part.name == "hottext" else part.with_parts(parts)

    return placed
