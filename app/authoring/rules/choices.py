"""Rules that keep a right answer from betraying itself."""

import re
from collections import Counter
from collections.abc import Iterator

from app.authoring.catalogue import Catalogue, Item, Module, Status
from app.authoring.formats.choice import Choice, SingleChoice
from app.authoring.formats.number import Number
from app.authoring.formats.plain_words import plain_words
from app.authoring.formats.short_text import ShortText
from app.authoring.rules.finding import Finding, found
from app.authoring.rules.passages import choices_shown
from app.words import Sentence

LONGER = 1.2
LONGER_SHARE = 0.4
MUCH_LONGER = 1.5
SAME_PLACE_SHARE = 0.5
SAME_PLACE_LEAST = 10

_CATCH_ALL = re.compile(
    r"\b(all|none|any|both|neither|some|most|two|each) of "
    r"(the (above|below)|(the|these) (other )?(answers|options))\b"
    r"|\b(all|none|both) (are|is) (correct|right|true|wrong)\b"
    r"|\b(toutes|aucune|les deux|chacune) (de )?(ces|les) (réponses|options|propositions)\b",
    re.IGNORECASE,
)


def options_differ(catalogue: Catalogue) -> Iterator[Finding]:
    for item in catalogue.items:
        seen: set[tuple[str, str]] = set()
        for path, text in choices_shown(item):
            side = "left" if path[-1] == "left" else "choice"
            if (side, plain_words(text)) in seen:
                yield found(
                    item.source,
                    *path,
                    message=Sentence("The text is there twice: %(text)s", text=text),
                )
            seen.add((side, plain_words(text)))


def foreseen_answers_differ(catalogue: Catalogue) -> Iterator[Finding]:
    for item in catalogue.items:
        match item.document:
            case ShortText() as asked:
                yield from _same_words(item, asked)
            case Number() as asked:
                yield from _same_numbers(item, asked)
            case _:
                continue


def no_option_means_all_or_none(catalogue: Catalogue) -> Iterator[Finding]:
    for item in catalogue.items:
        for path, text in choices_shown(item):
            if _CATCH_ALL.search(text):
                said = Sentence("Say what is meant instead of: %(text)s", text=text)
                yield found(item.source, *path, message=said)


def right_options_are_not_far_longer(catalogue: Catalogue) -> Iterator[Finding]:
    choices = (pair for module in catalogue.modules for pair in _choices_of(module))
    for item, choice in choices:
        ratio = right_to_wrong(choice)
        if ratio > MUCH_LONGER:
            at = _longest_right(choice)
            said = Sentence(
                "The right option is %(ratio)s times as long as the longest wrong one.",
                ratio=f"{ratio:.2f}",
            )
            yield found(item.source, "options", at, "text", message=said)


def right_options_are_seldom_longest(catalogue: Catalogue) -> Iterator[Finding]:
    for module in catalogue.modules:
        choices = _active_choices(module)
        longer = [item.slug for item, choice in choices if right_to_wrong(choice) > LONGER]
        if len(longer) > LONGER_SHARE * len(choices):
            said = Sentence(
                "In %(count)d of %(all)d choice items the right option is clearly the longest:"
                " %(names)s.",
                count=len(longer),
                all=len(choices),
                names=", ".join(longer),
            )
            yield Finding(module.source.file, 1, said)


def right_options_change_place(catalogue: Catalogue) -> Iterator[Finding]:
    for module in catalogue.modules:
        places = [
            next(n for n, option in enumerate(choice.options) if option.correct)
            for _, choice in _active_choices(module)
            if isinstance(choice, SingleChoice)
        ]
        for place, count in Counter(places).items():
            if len(places) >= SAME_PLACE_LEAST and count > SAME_PLACE_SHARE * len(places):
                said = Sentence(
                    "In %(count)d of %(all)d items the right option is number %(place)d.",
                    count=count,
                    all=len(places),
                    place=place + 1,
                )
                yield Finding(module.source.file, 1, said)


def right_to_wrong(choice: Choice) -> float:
    """Return the length of the longest right option over that of the longest wrong one."""
    right = max(len(option.text) for option in choice.options if option.correct)
    return right / max(len(option.text) for option in choice.options if not option.correct)


def _longest_right(choice: Choice) -> int:
    lengths = [len(option.text) * option.correct for option in choice.options]
    return lengths.index(max(lengths))


def _choices_of(module: Module) -> list[tuple[Item, Choice]]:
    return [(item, item.document) for item in module.items if isinstance(item.document, Choice)]


def _active_choices(module: Module) -> list[tuple[Item, Choice]]:
    return [(item, choice) for item, choice in _choices_of(module) if item.status is Status.ACTIVE]


def _same_words(item: Item, asked: ShortText) -> Iterator[Finding]:
    before = {_compact(text) for text in asked.accepted}
    for n, mistake in enumerate(asked.mistakes):
        for text in mistake.accepted:
            if _compact(text) in before:
                said = Sentence(
                    "%(text)s is covered by an answer before it, so its feedback is never shown.",
                    text=text,
                )
                yield found(item.source, "mistakes", n, "accepted", message=said)
        before |= {_compact(text) for text in mistake.accepted}


def _compact(text: str) -> str:
    return plain_words(text).replace(" ", "")


def _same_numbers(item: Item, asked: Number) -> Iterator[Finding]:
    before = [asked.answer]
    for n, mistake in enumerate(asked.mistakes):
        value = mistake.quantity.value
        if any(abs(value - other.value) <= other.tolerance for other in before):
            said = Sentence(
                "%(text)s is covered by an answer before it, so its feedback is never shown.",
                text=f"{value:g}",
            )
            yield found(item.source, "mistakes", n, "value", message=said)
        before.append(mistake.quantity)
