"""Which feedback belongs to which answer: found by trying the answers and seeing what is shown."""

from collections.abc import Iterable, Mapping, Sequence

from app.exchange.rich_text import Rich

Shown = frozenset[int]  # the places of the texts shown, in the item's list of feedback


def joined(texts: Iterable[Rich]) -> Rich:
    """Return texts one after the other, the same text once."""
    kept = [text for text in dict.fromkeys(texts) if text or text.losses]
    if len(kept) == 1:
        return kept[0]
    return Rich(
        page="\n\n".join(text.page for text in kept if text.page),
        line=" ".join(text.line for text in kept if text.line),
        pictures=tuple(picture for text in kept for picture in text.pictures),
        losses=tuple(loss for text in kept for loss in text.losses),
    )


def always(tried: Iterable[Shown]) -> Shown:
    """Return what is shown whatever the answer: it explains the question, not an answer."""
    every = list(tried)
    return frozenset.intersection(*every) if every else frozenset()


def picked(texts: Sequence[Rich], places: Iterable[int]) -> Rich:
    return joined(texts[place] for place in sorted(places))


def told(texts: Sequence[Rich], shown: Mapping[str, Shown]) -> tuple[dict[str, Rich], Rich]:
    """Return the feedback of each answer, and what is said after any."""
    common = always(shown.values())
    own = {answer: picked(texts, places - common) for answer, places in shown.items()}
    return own, picked(texts, common)


def told_of_several(
    texts: Sequence[Rich], alone: Mapping[str, Shown], whole: Shown, *, right: Iterable[str]
) -> tuple[dict[str, Rich], Rich]:
    """Return the same where several options make the right answer, and `whole` is shown for it.

    What is shown for every option by itself but not for the right answer speaks of a wrong answer:
    it goes with the wrong options alone.
    """
    common = always((*alone.values(), whole))
    of_wrong = always(alone.values()) - whole
    without = {name: common | of_wrong if name in set(right) else common for name in alone}
    own = {name: picked(texts, shown - without[name]) for name, shown in alone.items()}
    of_whole = whole - frozenset().union(*alone.values())
    return own, picked(texts, common | of_whole)
