"""matchInteraction, associateInteraction, gapMatchInteraction, several inlineChoices: matching."""

from collections import Counter
from collections.abc import Iterable, Mapping

from app.exchange.drafting import Drafted, matching
from app.exchange.qti.asked import Asked, with_prompt
from app.exchange.qti.markup import Place
from app.exchange.qti.orders import whole_feedback
from app.exchange.qti.tree import Node, node
from app.exchange.rich_text import Rich, from_plain
from app.words import Sentence

Pair = tuple[str, str]
_MOST_LINES, _MOST_MATCHES = 26, 12


def read_match(asked: Asked, passages: tuple[Rich, ...]) -> Drafted:
    sets = asked.interaction.all("simpleMatchSet")
    if len(sets) != 2:  # noqa: PLR2004
        raise asked.refuse(Sentence("It does not have two sets of choices."))
    first, second = (_by_name(one.each("simpleAssociableChoice")) for one in sets)
    pairs = _right_pairs(asked)
    if not _is_one_to_one(pairs, first, second):
        pairs = [(b, a) for a, b in pairs]
        first, second = second, first
    return _matching(
        asked, pairs, first, second, placed=with_prompt(asked.interaction), passages=passages
    )


def read_associate(asked: Asked, passages: tuple[Rich, ...]) -> Drafted:
    choices = _by_name(asked.interaction.each("simpleAssociableChoice"))
    pairs = _right_pairs(asked)
    lefts = {a: choices[a] for a, _ in pairs if a in choices}
    rights = {name: choice for name, choice in choices.items() if name not in lefts}
    asked.losses.append(Sentence("The choices stand in two columns now."))
    return _matching(
        asked, pairs, lefts, rights, placed=with_prompt(asked.interaction), passages=passages
    )


def read_gap_match(asked: Asked, passages: tuple[Rich, ...]) -> Drafted:
    gaps = _by_name(asked.interaction.each("gap"))
    words = _by_name(asked.interaction.each("gapText", "gapImg"))
    pairs = [(gap, word) for word, gap in _right_pairs(asked)]
    labels = {name: node("p", f"Gap {n}") for n, name in enumerate(gaps, start=1)}
    placed = _with_numbered_gaps(asked.interaction, tuple(gaps))
    return _matching(asked, pairs, labels, words, placed=placed, passages=passages)


def _matching(
    asked: Asked,
    pairs: list[Pair],
    lefts: Mapping[str, Node],
    rights: Mapping[str, Node],
    *,
    placed: Place,
    passages: tuple[Rich, ...],
) -> Drafted:
    if not _is_one_to_one(pairs, lefts, rights):
        raise asked.refuse(Sentence("Its lines and matches do not belong together one to one."))
    if len(lefts) > _MOST_LINES or len(rights) > _MOST_MATCHES:
        raise asked.refuse(
            Sentence(
                "It has more than %(lines)d lines or %(matches)d matches.",
                lines=_MOST_LINES,
                matches=_MOST_MATCHES,
            )
        )
    order = {name: place for place, name in enumerate(lefts)}
    pairs = sorted(pairs, key=lambda pair: order[pair[0]])
    used = {right for _, right in pairs}
    asked.score_or_none(*asked.declared.correct)
    why = whole_feedback(asked, asked.declared.correct)
    return matching(
        asked.stem(why, placed=placed, passages=passages),
        [(asked.rich(lefts[left]), asked.rich(rights[right])) for left, right in pairs],
        feedback=[asked.owned(left) or asked.owned(right) for left, right in pairs],
        extra=[asked.rich(choice) for name, choice in rights.items() if name not in used],
    )


def _right_pairs(asked: Asked) -> list[Pair]:
    """Return the pairs the file names as right, or else those its mapping rewards."""
    named = asked.declared.correct or tuple(
        key
        for key, worth, _ in (asked.declared.mapping.entries if asked.declared.mapping else ())
        if worth > 0
    )
    pairs = [tuple(text.split()) for text in named]
    if not pairs:
        raise asked.refuse(Sentence("The file does not say which pairs are right."))
    if any(len(pair) != 2 for pair in pairs):  # noqa: PLR2004
        raise asked.refuse(Sentence("One of its right pairs is no pair."))
    return [(pair[0], pair[1]) for pair in pairs]


def _is_one_to_one(
    pairs: Iterable[Pair], lefts: Mapping[str, Node], rights: Mapping[str, Node]
) -> bool:
    """Say whether each line has exactly one match, and no match two lines."""
    counted_left = Counter(left for left, _ in pairs)
    counted_right = Counter(right for _, right in pairs)
    return (
        counted_left == Counter(dict.fromkeys(lefts, 1))
        and set(counted_right) <= set(rights)
        and max(counted_right.values(), default=0) == 1
    )


def _by_name(choices: Iterable[Node]) -> dict[str, Node]:
    return {choice.get("identifier"): choice for choice in choices}


def _with_numbered_gaps(interaction: Node, gaps: tuple[str, ...]) -> Place:
    """Return what shows a text with its gaps numbered, the words to choose left out."""

    def placed(part: Node) -> tuple[Node | str, ...] | None:
        if part is interaction:
            kept = tuple(p for p in part.parts if isinstance(p, str) or _is_text(p))
            return (node("div", *kept),)
        if part.name == "gap":
            return (node("strong", f"(gap {gaps.index(part.get('identifier')) + 1})"),)
        return None

    return placed


def _is_text(part: Node) -> bool:
    return part.name not in {"gapText", "gapImg"}


def read_inline_choices(asked: list[Asked], passages: tuple[Rich, ...]) -> Drafted:
    """Return gaps that offer the same words as a matching; raise where they offer others."""
    first = asked[0]
    words = [_words(one) for one in asked]
    right = [one.declared.correct for one in asked]
    if any(set(other) != set(words[0]) for other in words) or any(len(r) != 1 for r in right):
        raise first.refuse(Sentence("It has several gaps, each with choices of its own."))
    names = [{c.get("identifier"): c.words() for c in _inline(one)} for one in asked]
    answers = [name.get(r[0], "") for name, r in zip(names, right, strict=True)]
    if "" in answers or len(set(answers)) < len(answers):
        raise first.refuse(Sentence("It has several gaps that share a right answer."))
    for one in asked:
        one.score_or_none(*one.declared.correct)
        first.losses += one.losses
    places = {id(one.interaction): n for n, one in enumerate(asked, start=1)}

    def placed(part: Node) -> tuple[Node | str, ...] | None:
        return (node("strong", f"(gap {places[id(part)]})"),) if id(part) in places else None

    return matching(
        first.stem(Rich(), placed=placed, passages=passages),
        [(from_plain(f"Gap {n}"), from_plain(a)) for n, a in enumerate(answers, start=1)],
        extra=[from_plain(word) for word in words[0] if word not in answers],
    )


def _inline(asked: Asked) -> tuple[Node, ...]:
    return asked.interaction.all("inlineChoice")


def _words(asked: Asked) -> tuple[str, ...]:
    return tuple(choice.words() for choice in _inline(asked))
