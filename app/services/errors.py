"""The four things that can go wrong in a use case. Doors map them once.

DomainError
 |- NotFound    not there, or not yours: the two are one on purpose   -> 404
 |- Refused     yours, but not now: the state does not allow it       -> 409
 |- Invalid     the input breaks a rule; says which field             -> 422
 `- TooMany     slow down                                             -> 429

The sentence is a template, so that doors can translate it before the values go in:
`Invalid("Use at most %(most)d characters.", field="name", most=80)`.
"""


class DomainError(Exception):
    """A use case that cannot be done, with a sentence for the person who asked."""

    def __init__(self, sentence: str = "", **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values

    def __str__(self) -> str:
        return self.sentence % self.values if self.values else self.sentence


class NotFound(DomainError):
    """No such thing for this person."""


class Refused(DomainError):
    """The thing is theirs, but its state does not allow this."""


class Invalid(DomainError):
    """Input that breaks a rule. `field` names the form field, `""` the whole form."""

    def __init__(self, sentence: str, *, field: str = "", **values: object) -> None:
        super().__init__(sentence, **values)
        self.field = field


class TooMany(DomainError):
    """Too many attempts; `retry_after` is in seconds."""

    def __init__(self, sentence: str, *, retry_after: int, **values: object) -> None:
        super().__init__(sentence, **values)
        self.retry_after = retry_after
