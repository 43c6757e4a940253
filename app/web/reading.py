"""Reading what a learner submitted, as it came: nothing is trusted but what was chosen."""

from werkzeug.datastructures import MultiDict

from app.services.learning.practice import Submission

ANSWER_FIELDS = ("choice", "typed")
ANSWER_PREFIXES = ("place-", "match-")
LONGEST = 500
MOST_VALUES = 20


def read_submission(form: MultiDict[str, str]) -> Submission:
    """The answer in a practice form; whatever else was sent is left out."""
    fields = {
        name: tuple(value[:LONGEST] for value in values[:MOST_VALUES])
        for name, values in form.lists()
        if name in ANSWER_FIELDS or name.startswith(ANSWER_PREFIXES)
    }
    return Submission(
        fields=fields,
        dont_know=form.get("dont_know") == "1",
        confidence=form.get("confidence"),
    )
