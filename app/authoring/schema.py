"""What each kind of content file may hold. Unknown keys are refused everywhere."""

from collections.abc import Callable
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

from app.authoring.fields import (
    NO_TABLE,
    day,
    flag,
    list_of,
    quantity,
    rows,
    table,
    wording,
    year,
)
from app.authoring.formats.plain_words import plain_words
from app.words import Sentence

UNKNOWN = Sentence("%(key)s is not a known key here.")
STATUSES = ("draft", "active", "retired")
LESSON_FORMATS = ("explanation", "worked-case")
SLUG = validate.Regexp(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
    error=Sentence("%(key)s must be lower-case words joined by hyphens."),
)
PLACE = validate.Regexp(
    r"^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*\Z",
    error=Sentence(
        "%(key)s must be a module and its skill, such as reading-and-using-data/rates-and-counts."
    ),
)
ID = validate.Regexp(
    r"^[a-z2-7]{12}\Z", error=Sentence("%(key)s must be 12 characters of a-z and 2-7.")
)
LANGUAGE = validate.Regexp(
    r"^[a-z]{2}(-[A-Z]{2})?\Z", error=Sentence("%(key)s must be a code such as en.")
)
CHANCE = validate.Range(min=0, max=1, error=Sentence("%(key)s must lie between 0 and 1."))
NOT_NEGATIVE = validate.Range(min=0, error=Sentence("%(key)s must not be negative."))
TITLE_LENGTH = validate.Length(max=120, error=Sentence("The title has more than 120 characters."))


DECIMALS = 9


def _is_typable(value: float) -> None:
    """Refuse a number nobody would type: 0.333333333333 asks for a tolerance instead."""
    if Decimal(repr(value)) != round(Decimal(repr(value)), DECIMALS):
        raise ValidationError(Sentence("%(key)s must have at most nine decimals; use a tolerance."))


def _says_words(text: str) -> None:
    if not plain_words(text):
        raise ValidationError(Sentence("%(key)s must hold a letter or digit."))


class FileSchema(Schema):
    class Meta:
        unknown = RAISE

    error_messages = {"unknown": UNKNOWN, "type": NO_TABLE}  # noqa: RUF012


def _one_of(*values: str) -> Callable[[str], None]:
    said = Sentence("%(key)s must be one of %(values)s.", key="", values=", ".join(values))

    def check(value: str) -> None:
        if value not in values:
            raise ValidationError(said)

    return check


def _count(least: int, most: int | None, said: Sentence) -> validate.Length:
    return validate.Length(min=least, max=most, error=said)


class ProgrammeSchema(FileSchema):
    id = wording(ID)
    title = wording()
    summary = wording()
    status = wording(_one_of(*STATUSES))
    modules = list_of(wording(SLUG), _count(1, None, Sentence("There are no modules yet.")))


class ReferenceSchema(FileSchema):
    title = wording()
    publisher = wording()
    year = year()
    url = wording(
        validate.Regexp(r"^https://\S+\Z", error=Sentence("%(key)s must start with https://."))
    )


class ParametersSchema(FileSchema):
    prior = quantity(CHANCE)
    learn = quantity(CHANCE)
    guess = quantity(CHANCE)
    slip = quantity(CHANCE)
    forget = quantity(CHANCE)

    @validates_schema
    def check_guess_and_slip(self, values: dict[str, float], **_: object) -> None:
        if values["guess"] + values["slip"] >= 1:
            raise ValidationError(
                Sentence(
                    "Guess and slip must be below 1 together. They are %(guess)s and %(slip)s.",
                    guess=values["guess"],
                    slip=values["slip"],
                )
            )


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
        error_messages={"invalid": Sentence("%(key)s must be a table of lists.")},
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
    skills = rows(SkillSchema, _count(1, None, Sentence("There are no skills yet.")))


class ItemSchema(FileSchema):
    id = wording(ID)
    kind = wording(_one_of("lesson", "exercise"))
    format = wording()
    status = wording(_one_of(*STATUSES))
    title = wording(TITLE_LENGTH)
    skills = list_of(
        wording(SLUG), _count(1, None, Sentence("Name the skill that this item belongs to."))
    )


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
            said = Sentence("Mark one option as right. %(count)d are marked now.", count=correct)
            raise ValidationError(said, "options")
        if not 1 <= correct < len(options):
            said = Sentence(
                "Mark at least one option as right, and leave at least one that is wrong."
            )
            raise ValidationError(said, "options")


class SingleChoiceSchema(ChoiceSchema):
    options = rows(OptionSchema, _count(3, 5, Sentence("Give three to five options.")))

    @validates_schema
    def check_options(self, values: dict[str, Any], **_: object) -> None:
        self._check_options(values["options"], one=True)


class MultipleChoiceSchema(ChoiceSchema):
    options = rows(OptionSchema, _count(4, 6, Sentence("Give four to six options.")))

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
    mistakes = rows(NumberMistakeSchema, _count(1, None, Sentence("Foresee at least one mistake.")))


class WordsSchema(FileSchema):
    accepted = list_of(
        wording(_says_words), _count(1, None, Sentence("There is no accepted answer yet."))
    )
    right = wording()
    otherwise = wording()


class TextMistakeSchema(FileSchema):
    accepted = list_of(
        wording(_says_words), _count(1, None, Sentence("A foreseen mistake has no answer."))
    )
    feedback = wording()


class ShortTextSchema(ExerciseSchema):
    answer = table(WordsSchema)
    mistakes = rows(TextMistakeSchema, default=list)


class StepSchema(FileSchema):
    text = wording()
    feedback = wording()


class OrderingSchema(ExerciseSchema):
    steps = rows(StepSchema, _count(3, 6, Sentence("Give three to six steps.")))


class PairSchema(FileSchema):
    left = wording()
    right = wording()
    feedback = wording()


class MatchingSchema(ExerciseSchema):
    pairs = rows(PairSchema, _count(3, 6, Sentence("Give three to six pairs.")))
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
