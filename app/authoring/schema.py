"""What each kind of content file may hold. Unknown keys are refused everywhere."""

from decimal import Decimal
from typing import Any

from marshmallow import (
    RAISE,
    Schema,
    ValidationError,
    fields,
    post_load,
    validate,
    validates_schema,
)

from app.authoring.fields import day, flag, list_of, quantity, rows, table, wording, year
from app.authoring.formats.plain_words import plain_words

UNKNOWN = "is not a known key here"
STATUSES = ("draft", "active", "retired")
LESSON_FORMATS = ("explanation", "worked-case")
SLUG = validate.Regexp(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z", error="must be lower-case words joined by hyphens"
)
PLACE = validate.Regexp(
    r"^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*\Z",
    error="must be a module and its skill, such as reading-and-using-data/rates-and-counts",
)
ID = validate.Regexp(r"^[a-z2-7]{12}\Z", error="must be 12 characters of a-z and 2-7")
LANGUAGE = validate.Regexp(r"^[a-z]{2}(-[A-Z]{2})?\Z", error="must be a code such as en")
CHANCE = validate.Range(min=0, max=1, error="must lie between 0 and 1")
NOT_NEGATIVE = validate.Range(min=0, error="must not be negative")


DECIMALS = 9


def _is_typable(value: float) -> None:
    """Refuse a number nobody would type: 0.333333333333 asks for a tolerance instead."""
    if Decimal(repr(value)) != round(Decimal(repr(value)), DECIMALS):
        raise ValidationError(f"must have at most {DECIMALS} decimals; use a tolerance")


def _says_words(text: str) -> None:
    if not plain_words(text):
        raise ValidationError("must hold a letter or digit")


class FileSchema(Schema):
    class Meta:
        unknown = RAISE

    error_messages = {"unknown": UNKNOWN, "type": "must be a table"}  # noqa: RUF012


def _one_of(*values: str) -> validate.OneOf:
    return validate.OneOf(values, error="must be one of " + ", ".join(values))


def _count(least: int, most: int | None, what: str) -> validate.Length:
    wanted = f"at least {least}" if most is None else f"{least} to {most}"
    return validate.Length(min=least, max=most, error=f"must hold {wanted} {what}")


class ProgrammeSchema(FileSchema):
    id = wording(ID)
    title = wording()
    summary = wording()
    status = wording(_one_of(*STATUSES))
    modules = list_of(wording(SLUG), _count(1, None, "module"))


class ReferenceSchema(FileSchema):
    title = wording()
    publisher = wording()
    year = year()
    url = wording(validate.Regexp(r"^https://\S+\Z", error="must start with https://"))


class ParametersSchema(FileSchema):
    prior = quantity(CHANCE)
    learn = quantity(CHANCE)
    guess = quantity(CHANCE)
    slip = quantity(CHANCE)
    forget = quantity(CHANCE)

    @validates_schema
    def check_guess_and_slip(self, values: dict[str, float], **_: object) -> None:
        if values["guess"] + values["slip"] >= 1:
            seen = f"{values['guess']} + {values['slip']}"
            raise ValidationError(f"guess + slip must be below 1, got {seen}")


class SkillSchema(FileSchema):
    id = wording(ID)
    slug = wording(SLUG)
    title = wording()
    summary = wording()
    prerequisites = list_of(wording(SLUG))
    builds_on = list_of(wording(PLACE), default=list)
    parameters = table(ParametersSchema)
    because = wording()
    frameworks = fields.Dict(
        keys=wording(),
        values=list_of(wording()),
        load_default=dict,
        error_messages={"invalid": "must be a table of lists"},
    )


class ModuleSchema(FileSchema):
    id = wording(ID)
    title = wording()
    summary = wording()
    goal = wording()
    status = wording(_one_of(*STATUSES))
    language = wording(LANGUAGE)
    as_of = day()
    sources = rows(ReferenceSchema, default=list)
    skills = rows(SkillSchema, _count(1, None, "skill"))


class ItemSchema(FileSchema):
    id = wording(ID)
    kind = wording(_one_of("lesson", "exercise"))
    format = wording()
    status = wording(_one_of(*STATUSES))
    title = wording(validate.Length(max=120, error="must be at most 120 characters"))
    skills = list_of(wording(SLUG), _count(1, None, "skill"))


class LessonSchema(ItemSchema):
    format = wording(_one_of(*LESSON_FORMATS))


class ExerciseSchema(ItemSchema):
    transfer = flag(default=False)


class OptionSchema(FileSchema):
    text = wording()
    correct = flag()
    feedback = wording()


class ChoiceSchema(ExerciseSchema):
    def _check_options(self, options: list[dict[str, Any]], *, one: bool) -> None:
        correct = sum(bool(option.get("correct")) for option in options)
        if one and correct != 1:
            raise ValidationError(f"must mark exactly one option correct, got {correct}", "options")
        if not 1 <= correct < len(options):
            raise ValidationError("must hold at least one right and one wrong option", "options")


class SingleChoiceSchema(ChoiceSchema):
    options = rows(OptionSchema, _count(3, 5, "options"))

    @validates_schema
    def check_options(self, values: dict[str, Any], **_: object) -> None:
        self._check_options(values["options"], one=True)


class MultipleChoiceSchema(ChoiceSchema):
    options = rows(OptionSchema, _count(4, 6, "options"))

    @validates_schema
    def check_options(self, values: dict[str, Any], **_: object) -> None:
        self._check_options(values["options"], one=False)


class QuantitySchema(FileSchema):
    value = quantity(_is_typable)
    tolerance = quantity(NOT_NEGATIVE, _is_typable)
    unit = wording(default=None)
    right = wording()
    otherwise = wording()


class NumberMistakeSchema(FileSchema):
    value = quantity(_is_typable)
    tolerance = quantity(NOT_NEGATIVE, _is_typable, default=0.0)
    feedback = wording()


class NumberSchema(ExerciseSchema):
    answer = table(QuantitySchema)
    mistakes = rows(NumberMistakeSchema, _count(1, None, "mistake"))


class WordsSchema(FileSchema):
    accepted = list_of(wording(_says_words), _count(1, None, "answer"))
    right = wording()
    otherwise = wording()


class TextMistakeSchema(FileSchema):
    accepted = list_of(wording(_says_words), _count(1, None, "answer"))
    feedback = wording()


class ShortTextSchema(ExerciseSchema):
    answer = table(WordsSchema)
    mistakes = rows(TextMistakeSchema, default=list)


class StepSchema(FileSchema):
    text = wording()
    feedback = wording()


class OrderingSchema(ExerciseSchema):
    steps = rows(StepSchema, _count(3, 6, "steps"))


class PairSchema(FileSchema):
    left = wording()
    right = wording()
    feedback = wording()


class MatchingSchema(ExerciseSchema):
    pairs = rows(PairSchema, _count(3, 6, "pairs"))
    extra = list_of(wording(), default=list)

    @post_load
    def makerows(self, values: dict[str, Any], **_: object) -> dict[str, Any]:
        """Return the extra choices as tables, the shape a document gives them."""
        return values | {"extra": [{"text": extra} for extra in values["extra"]]}


EXERCISES: dict[str, type[ExerciseSchema]] = {
    "single-choice": SingleChoiceSchema,
    "multiple-choice": MultipleChoiceSchema,
    "number": NumberSchema,
    "short-text": ShortTextSchema,
    "ordering": OrderingSchema,
    "matching": MatchingSchema,
}
