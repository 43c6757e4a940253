"""Rules on texts: how long, how they are marked up, how hard they are to read."""

from collections.abc import Iterator
from dataclasses import replace

from app.authoring.catalogue import Catalogue, Item
from app.authoring.markdown import is_media_name, is_safe_link
from app.authoring.reading import reading_grade, sentences, word_count, words
from app.authoring.rules.finding import Finding, found
from app.authoring.rules.markup import Markup, markup_of
from app.authoring.rules.passages import Passage, feedbacks, passages

LEAST_FEEDBACK = 20
LEAST_EXPLANATION = 60
MOST_HINTS = 2
HIGHEST_GRADE = 14.0
LONGEST_SENTENCE = 35
GRADED_FROM = 60  # words: the grade of a shorter text says little
LESSON_WORDS = range(150, 351)


def feedback_says_why(catalogue: Catalogue) -> Iterator[Finding]:
    for item in catalogue.items:
        for path, text in feedbacks(item):
            if len(text) < LEAST_FEEDBACK:
                said = f"The feedback needs at least {LEAST_FEEDBACK} characters, got {len(text)}."
                yield found(item.source, *path, message=said)


def explanations_explain(catalogue: Catalogue) -> Iterator[Finding]:
    for item, section in _sections(catalogue):
        if section.name == "Explanation" and len(section.text) < LEAST_EXPLANATION:
            said = f"It needs at least {LEAST_EXPLANATION} characters, got {len(section.text)}."
            yield Finding(item.source.file, section.line, said)


def hints_are_few(catalogue: Catalogue) -> Iterator[Finding]:
    for item in catalogue.items:
        hints = [s for s in item.source.sections if s.title == "Hint"]
        if len(hints) > MOST_HINTS:
            said = f"There are {len(hints)} hints; {MOST_HINTS} are the most."
            yield Finding(item.source.file, hints[MOST_HINTS].heading, said)


def headings_start_at_two(catalogue: Catalogue) -> Iterator[Finding]:
    for item, passage, markup in _marked_up(catalogue):
        for offset in markup.top_headings:
            said = f"A heading in the {passage.name} must start with ## or more."
            yield Finding(item.source.file, passage.line + offset, said)


def images_have_words(catalogue: Catalogue) -> Iterator[Finding]:
    for item, passage, markup in _marked_up(catalogue):
        for image in markup.images:
            if not image.words:
                said = "The image has no alternative text: ![what it shows](file.png)."
                yield Finding(item.source.file, passage.line + image.line, said)


def images_exist(catalogue: Catalogue) -> Iterator[Finding]:
    for module in catalogue.modules:
        for item, passage, markup in _marked_up(replace(catalogue, modules=(module,))):
            for image in markup.images:
                if image.address not in module.media or not is_media_name(image.address):
                    said = f"The media folder of the module has no image {image.address}."
                    yield Finding(item.source.file, passage.line + image.line, said)


def links_are_safe(catalogue: Catalogue) -> Iterator[Finding]:
    for item, passage, markup in _marked_up(catalogue):
        for link in markup.links:
            if not is_safe_link(link.address):
                said = f"The link to {link.address or 'nowhere'} must start with https://."
                yield Finding(item.source.file, passage.line + link.line, said)


def no_raw_html(catalogue: Catalogue) -> Iterator[Finding]:
    for item, passage, markup in _marked_up(catalogue):
        for offset in markup.raw_html:
            said = f"The {passage.name} holds HTML; write Markdown instead."
            yield Finding(item.source.file, passage.line + offset, said)


def texts_are_easy_enough(catalogue: Catalogue) -> Iterator[Finding]:
    for item, passage in _sections(catalogue):
        grade = reading_grade(passage.text)
        if word_count(passage.text) >= GRADED_FROM and grade > HIGHEST_GRADE:
            said = (
                f"The {passage.name} has reading grade {grade:.1f}; {HIGHEST_GRADE:g} is the most."
            )
            yield Finding(item.source.file, passage.line, said)


def sentences_are_short(catalogue: Catalogue) -> Iterator[Finding]:
    for item in catalogue.items:
        for passage in passages(item):
            for sentence in sentences(passage.text):
                count = len(words(sentence))
                if count > LONGEST_SENTENCE:
                    said = f"A sentence has {count} words: {' '.join(sentence.split()[:6])} ..."
                    yield Finding(item.source.file, passage.line, said)


def lessons_have_a_fit_length(catalogue: Catalogue) -> Iterator[Finding]:
    for item in catalogue.items:
        if item.lesson is not None and word_count(item.lesson.text) not in LESSON_WORDS:
            count = word_count(item.lesson.text)
            said = f"The lesson has {count} words; 150 to 350 are wanted."
            yield Finding(item.source.file, 1, said)


def _sections(catalogue: Catalogue) -> Iterator[tuple[Item, Passage]]:
    for item in catalogue.items:
        yield from ((item, passage) for passage in passages(item) if passage.block)


def _marked_up(catalogue: Catalogue) -> Iterator[tuple[Item, Passage, Markup]]:
    for item in catalogue.items:
        for passage in passages(item):
            yield item, passage, markup_of(passage.text)
