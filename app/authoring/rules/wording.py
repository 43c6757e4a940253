"""Rules on texts: how long, how they are marked up, how hard they are to read."""

from collections.abc import Iterator
from dataclasses import replace

from app.authoring.catalogue import Catalogue, Item
from app.authoring.markdown import is_media_name, is_safe_link
from app.authoring.reading import reading_grade, sentences, word_count, words
from app.authoring.rules.finding import Finding, found
from app.authoring.rules.markup import Markup, markup_of
from app.authoring.rules.passages import Passage, feedbacks, passages
from app.words import Sentence

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
                said = Sentence(
                    "A feedback needs %(least)d characters or more. This one has %(count)d.",
                    least=LEAST_FEEDBACK,
                    count=len(text),
                )
                yield found(item.source, *path, message=said)


def explanations_explain(catalogue: Catalogue) -> Iterator[Finding]:
    for item, section in _sections(catalogue):
        if section.name == "Explanation" and len(section.text) < LEAST_EXPLANATION:
            said = Sentence(
                "The explanation needs %(least)d characters or more. It has %(count)d.",
                least=LEAST_EXPLANATION,
                count=len(section.text),
            )
            yield Finding(item.source.file, section.line, said)


def hints_are_few(catalogue: Catalogue) -> Iterator[Finding]:
    for item in catalogue.items:
        hints = [s for s in item.source.sections if s.title == "Hint"]
        if len(hints) > MOST_HINTS:
            said = Sentence(
                "There are %(count)d hints; %(most)d are the most.",
                count=len(hints),
                most=MOST_HINTS,
            )
            yield Finding(item.source.file, hints[MOST_HINTS].heading, said)


def headings_start_at_two(catalogue: Catalogue) -> Iterator[Finding]:
    for item, passage, markup in _marked_up(catalogue):
        for offset in markup.top_headings:
            said = Sentence("A heading inside a text must start with ## or more.")
            yield Finding(item.source.file, passage.line + offset, said)


def images_have_words(catalogue: Catalogue) -> Iterator[Finding]:
    for item, passage, markup in _marked_up(catalogue):
        for image in markup.images:
            if not image.words:
                said = Sentence("The image has no alternative text: ![what it shows](file.png).")
                yield Finding(item.source.file, passage.line + image.line, said)


def images_exist(catalogue: Catalogue) -> Iterator[Finding]:
    for module in catalogue.modules:
        for item, passage, markup in _marked_up(replace(catalogue, modules=(module,))):
            for image in markup.images:
                if image.address not in module.media or not is_media_name(image.address):
                    said = Sentence(
                        "There is no picture %(name)s in this module.", name=image.address
                    )
                    yield Finding(item.source.file, passage.line + image.line, said)


def links_are_safe(catalogue: Catalogue) -> Iterator[Finding]:
    for item, passage, markup in _marked_up(catalogue):
        for link in markup.links:
            if not is_safe_link(link.address):
                said = Sentence(
                    "The link to “%(address)s” must start with https://.", address=link.address
                )
                yield Finding(item.source.file, passage.line + link.line, said)


def no_raw_html(catalogue: Catalogue) -> Iterator[Finding]:
    for item, passage, markup in _marked_up(catalogue):
        for offset in markup.raw_html:
            said = Sentence("The text holds HTML; write Markdown instead.")
            yield Finding(item.source.file, passage.line + offset, said)


def texts_are_easy_enough(catalogue: Catalogue) -> Iterator[Finding]:
    for item, passage in _sections(catalogue):
        grade = reading_grade(passage.text)
        if word_count(passage.text) >= GRADED_FROM and grade > HIGHEST_GRADE:
            said = Sentence(
                "A text has reading grade %(grade)s; %(most)d is the most.",
                grade=f"{grade:.1f}",
                most=HIGHEST_GRADE,
            )
            yield Finding(item.source.file, passage.line, said)


def sentences_are_short(catalogue: Catalogue) -> Iterator[Finding]:
    for item in catalogue.items:
        for passage in passages(item):
            for sentence in sentences(passage.text):
                count = len(words(sentence))
                if count > LONGEST_SENTENCE:
                    said = Sentence(
                        "A sentence has %(count)d words: %(text)s ...",
                        count=count,
                        text=" ".join(sentence.split()[:6]),
                    )
                    yield Finding(item.source.file, passage.line, said)


def lessons_have_a_fit_length(catalogue: Catalogue) -> Iterator[Finding]:
    for item in catalogue.items:
        if item.lesson is not None and word_count(item.lesson.text) not in LESSON_WORDS:
            count = word_count(item.lesson.text)
            said = Sentence("The lesson has %(count)d words; 150 to 350 are wanted.", count=count)
            yield Finding(item.source.file, 1, said)


def _sections(catalogue: Catalogue) -> Iterator[tuple[Item, Passage]]:
    for item in catalogue.items:
        yield from ((item, passage) for passage in passages(item) if passage.block)


def _marked_up(catalogue: Catalogue) -> Iterator[tuple[Item, Passage, Markup]]:
    for item in catalogue.items:
        for passage in passages(item):
            yield item, passage, markup_of(passage.text)
