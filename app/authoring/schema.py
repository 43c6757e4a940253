"""What each kind of content file may hold. Unknown keys are refused everywhere."""

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

from app.authoring.fields import REQUIRED, day, flag, quantity, wording

STATUSES = ("draft", "active", "retired")
LESSON_FORMATS = ("explanation", "worked-case")
SLUG = validate.Regexp(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z", error="must be lower-case words joined by hyphens"
)
ID = validate.Regexp(r"^[a-z2-7]{12}\Z", error="must be 12 characters of a-z and 2-7")
CHANCE = validate.Range(min=0, max=1, error="must lie between 0 and 1")
NOT_NEGATIVE = validate.Range(min=0, error="must not be negative")


class FileSchema(Schema):
    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "is not a known key here", "type": "must be a table"}  # noqa: RUF012


def _one_of(*values: str) -> validate.OneOf:
    return validate.OneOf(values, error="must be one of " + ", ".join(values))


def _count(least: int, most: int | None, what: str) -> validate.Length:
    wanted = f"at least {least}" if most is None else f"{least} to {most}"
    return validate.Length(min=least, max=most, error=f"must hold {wanted} {what}")


def _list(inner: fields.Field[Any], **kwargs: Any) -> fields.List[Any]:
    messages = REQUIRED | {"invalid": "must be a list in square brackets"}
    return fields.List(inner, **({"required": True, "error_messages": messages} | kwargs))


def _rows(schema: type[Schema], **kwargs: Any) -> fields.List[Any]:
    return _list(fields.Nested(schema, error_messages={"type": "must be a table"}), **kwargs)


def _table(schema: type[Schema]) -> fields.Nested:
    return fields.Nested(
        schema, required=True, error_messages=REQUIRED | {"type": "must be a table"}
    )


class ProgrammeSchema(FileSchema):
    id = wording(validate=ID)
    title = wording()
    summary = wording()
    status = wording(validate=_one_of(*STATUSES))
    modules = _list(wording(validate=SLUG), validate=_count(1, None, "module"))


class ReferenceSchema(FileSchema):
    title = wording()
    publisher = wording()
    year = fields.Integer(
        strict=True,
        required=True,
        error_messages=REQUIRED | {"invalid": "must be a year such as 2025, without quotes"},
    )
    url = wording(validate=validate.Regexp(r"^https://\S+\Z", error="must start with https://"))


class ParametersSchema(FileSchema):
    prior = quantity(validate=CHANCE)
    learn = quantity(validate=CHANCE)
    guess = quantity(validate=CHANCE)
    slip = quantity(validate=CHANCE)
    forget = quantity(validate=CHANCE)

    @validates_schema
    def check_guess_and_slip(self, values: dict[str, float], **_: object) -> None:
        if values["guess"] + values["slip"] >= 1:
            seen = f"{values['guess']} + {values['slip']}"
            raise ValidationError(f"guess + slip must be below 1, got {seen}")


class SkillSchema(FileSchema):
    id = wording(validate=ID)
    slug = wording(validate=SLUG)
    title = wording()
    summary = wording()
    prerequisites = _list(wording(validate=SLUG))
    parameters = _table(ParametersSchema)
    because = wording()
    frameworks = fields.Dict(
        keys=wording(),
        values=_list(wording()),
        load_default=dict,
        error_messages={"invalid": "must be a table of lists"},
    )


class ModuleSchema(FileSchema):
    id = wording(validate=ID)
    title = wording()
    summary = wording()
    goal = wording()
    status = wording(validate=_one_of(*STATUSES))
    language = wording(
        validate=validate.Regexp(r"^[a-z]{2}(-[A-Z]{2})?\Z", error="must be a code such as en")
    )
    as_of = day()
    sources = _rows(ReferenceSchema, required=False, load_default=list)
    skills = _rows(SkillSchema, validate=_count(1, None, "skill"))


class ItemSchema(FileSchema):
    id = wording(validate=ID)
    kind = wording(validate=_one_of("lesson", "exercise"))
    format = wording()
    status = wording(validate=_one_of(*STATUSES))
    title = wording(validate=validate.Length(max=120, error="must be at most 120 characters"))
    skills = _list(wording(validate=SLUG), validate=_count(1, None, "skill"))


class LessonSchema(ItemSchema):
    format = wording(validate=_one_of(*LESSON_FORMATS))


class ExerciseSchema(ItemSchema):
    transfer = flag(required=False, load_default=False)


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
    options = _rows(OptionSchema, validate=_count(3, 5, "options"))

    @validates_schema
    def check_options(self, values: dict[str, Any], **_: object) -> None:
        self._check_options(values["options"], one=True)


class MultipleChoiceSchema(ChoiceSchema):
    options = _rows(OptionSchema, validate=_count(4, 6, "options"))

    @validates_schema
    def check_options(self, values: dict[str, Any], **_: object) -> None:
        self._check_options(values["options"], one=False)


class QuantitySchema(FileSchema):
    value = quantity()
    tolerance = quantity(validate=NOT_NEGATIVE)
    unit = wording(required=False, load_default=None)
    right = wording()
    otherwise = wording()


class NumberMistakeSchema(FileSchema):
    value = quantity()
    tolerance = quantity(required=False, load_default=0.0, validate=NOT_NEGATIVE)
    feedback = wording()


class NumberSchema(ExerciseSchema):
    answer = _table(QuantitySchema)
    mistakes = _rows(NumberMistakeSchema, validate=_count(1, None, "mistake"))


class WordsSchema(FileSchema):
    accepted = _list(wording(), validate=_count(1, None, "answer"))
    right = wording()
    otherwise = wording()


class TextMistakeSchema(FileSchema):
    accepted = _list(wording(), validate=_count(1, None, "answer"))
    feedback = wording()


class ShortTextSchema(ExerciseSchema):
    answer = _table(WordsSchema)
    mistakes = _rows(TextMistakeSchema, required=False, load_default=list)


class StepSchema(FileSchema):
    text = wording()
    feedback = wording()


class OrderingSchema(ExerciseSchema):
    steps = _rows(StepSchema, validate=_count(3, 6, "steps"))


class PairSchema(FileSchema):
    left = wording()
    right = wording()
    feedback = wording()


class MatchingSchema(ExerciseSchema):
    pairs = _rows(PairSchema, validate=_count(3, 6, "pairs"))
    extra = _list(wording(), required=False, load_default=list)

    @post_load
    def make_rows(self, values: dict[str, Any], **_: object) -> dict[str, Any]:
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
