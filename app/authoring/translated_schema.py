"""What the file of a translation may hold: words, in the order of the original, and no keys."""

from marshmallow import validate

from app.authoring.fields import list_of, rows, table, wording
from app.authoring.schema import (
    SLUG,
    TITLE_LENGTH,
    FileSchema,
    TextMistakeSchema,
    WordsSchema,
)

OF = validate.Regexp(r"^[0-9a-f]{16}\Z", error="%(key)s must be the 16 signs the checker prints.")


class TranslationSchema(FileSchema):
    of = wording(OF, default="")
    title = wording(TITLE_LENGTH)


class TextAndFeedback(FileSchema):
    text = wording()
    feedback = wording()


class ChoiceWords(TranslationSchema):
    options = rows(TextAndFeedback)


class StepWords(TranslationSchema):
    steps = rows(TextAndFeedback)


class PairOfWords(FileSchema):
    left = wording()
    right = wording()
    feedback = wording()


class PairWords(TranslationSchema):
    pairs = rows(PairOfWords)
    extra = list_of(wording(), default=list)


class QuantityWords(FileSchema):
    unit = wording(default=None)
    right = wording()
    otherwise = wording()


class Feedback(FileSchema):
    feedback = wording()


class NumberWords(TranslationSchema):
    answer = table(QuantityWords)
    mistakes = rows(Feedback)


class ShortTextWords(TranslationSchema):
    answer = table(WordsSchema)
    mistakes = rows(TextMistakeSchema, default=list)


class SkillWords(FileSchema):
    slug = wording(SLUG)
    title = wording()
    summary = wording()
    because = wording()


class ModuleWords(TranslationSchema):
    summary = wording()
    goal = wording()
    skills = rows(SkillWords)


class ProgrammeWords(TranslationSchema):
    summary = wording()


BY_FORMAT: dict[str, type[TranslationSchema]] = {
    "explanation": TranslationSchema,
    "worked-case": TranslationSchema,
    "single-choice": ChoiceWords,
    "multiple-choice": ChoiceWords,
    "number": NumberWords,
    "short-text": ShortTextWords,
    "ordering": StepWords,
    "matching": PairWords,
}
