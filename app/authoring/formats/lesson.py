from dataclasses import dataclass
from typing import ClassVar, Self

from app.authoring.entry import Entry, MalformedDocument
from app.authoring.formats.exercise import VERSION, Format, translated

LESSON_FORMATS = (Format.EXPLANATION, Format.WORKED_CASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """An item that is read."""

    kind: ClassVar[str] = "lesson"

    format: Format
    title: str
    text: str
    translations: tuple[tuple[str, "Lesson"], ...] = ()  # by language, each whole

    def __post_init__(self) -> None:
        if self.format not in LESSON_FORMATS:
            raise MalformedDocument(f"format must be that of a lesson, got {self.format}")

    @classmethod
    def from_entry(cls, entry: Entry) -> Self:
        return cls(
            format=Format(entry.text("format")),
            title=entry.text("title"),
            text=entry.text("text"),
        )

    def to_document(self) -> dict[str, object]:
        return {
            "version": VERSION,
            "kind": self.kind,
            "format": self.format.value,
            "title": self.title,
            "text": self.text,
            **translated(self.translations),
        }
