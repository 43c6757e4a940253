"""Folding a learner's log: what every response did to mastery, done again.

Shared by the full replay, which compares the fold with what is stored, and by the look-up of one
decision, which folds up to the response it was made after.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Row, Text, select, type_coerce
from sqlalchemy.orm import Session

from app.models import Response
from app.services.catalogue import shelf
from app.services.learning import chain, offer, outcome, placements, states
from app.services.learning.difficulties import Moves
from app.services.learning.helps import Help
from app.services.learning.placements import Placed
from app.services.learning.refolds import Refold
from app.services.learning.switches import Switched
from app.words import Sentence
from engine import FRESH, Answer, Outcome, Plan, SkillState, Step, Trace, surprise_of
from engine import fold as fold_answer

# In the order the fold takes them apart; ids and times come as the database keeps them, since a
# replay of a million rows has no time to make objects of them.
LOG = select(
    type_coerce(Response.learner_id, Text).label("learner_id"),
    Response.sequence,
    type_coerce(Response.serving_id, Text).label("serving_id"),
    Response.item_id,
    Response.outcome,
    Response.choice,
    Response.confidence,
    Response.hints,
    Response.steps,
    Response.weighing,
    Response.parameter_set_id,
    Response.module_revision_id,
    Response.engine,
    type_coerce(Response.answered_at, Text).label("answered_at"),
    Response.previous,
    Response.hash,
).order_by(Response.learner_id, Response.sequence)

_answer: Callable[[tuple[object, ...]], Answer] = partial(tuple.__new__, Answer)
_OUTCOMES = {member.value: member for member in Outcome}
EPOCH = states.EPOCH.replace(tzinfo=None)


@dataclass(slots=True)
class Fold:
    """One learner's log, folded up to a point. `problems` names each row that does not fit.

    helps: the help still to come, the latest first.  unparked: what came of the help so far.
    taught: the module revision each skill was last answered in.
    """

    learner_id: str
    helps: list[Help] = field(default_factory=list)
    unparked: dict[str, int] = field(default_factory=dict)
    taught: dict[str, shelf.Syllabus] = field(default_factory=dict)
    known: dict[str, SkillState] = field(default_factory=dict)
    standing: dict[str, str] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    sequence: int = 0
    head: str = chain.GENESIS
    trace: Trace = FRESH
    problems: list[str] = field(default_factory=list)
    # Refolds still to come, the latest first; what they change so far: outcomes and parameter sets
    # by response, skills whose run was shown and stays shown, and placements, the earliest first;
    # and, while one is to come, the rows it will fold once more.
    refolds: list[Refold] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    corrected: dict[int, str] = field(default_factory=dict)
    under: dict[int, str] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    rows: list[Row[*tuple[Any, ...]]] = field(default_factory=list)


class Folder:
    """Folds rows of LOG; reads each module revision and parameter set once.

    moves: what the folded responses did to item difficulties, whoever gave them.
    """

    def __init__(self, session: Session) -> None:
        self._syllabus = _Remembered(lambda key: shelf.syllabus(session, key))
        self._plans = _Remembered(lambda key: shelf.plan(session, key))
        self.moves = Moves()

    def add(self, fold: Fold, row: Row[*tuple[Any, ...]]) -> None:
        """Fold one response into the log and check it against what it says of itself."""
        (
            learner_id,
            sequence,
            serving_id,
            item_id,
            result,
            choice,
            confidence,
            hints,
            said,
            weighing,
            parameter_set_id,
            revision_id,
            engine,
            answered_at,
            previous,
            sealed,
        ) = row
        at = microseconds(answered_at)
        if fold.helps:
            open_helped(fold, after=sequence - 1)
        if fold.refolds:
            self.refold(fold, after=sequence - 1)
            fold.rows.append(row)
        if sequence != fold.sequence + 1:
            fold.problems.append(
                Sentence(
                    "response %(number)d follows %(last)d", number=sequence, last=fold.sequence
                )
            )
        if previous != fold.head or sealed != chain.seal(
            previous,
            plain_id(serving_id),
            plain_id(learner_id),
            str(sequence),
            item_id,
            result,
            choice,
            confidence or "",
            str(hints),
            said,
            parameter_set_id,
            revision_id,
            engine,
            str(at),
            *(() if weighing is None else (weighing,)),
        ):
            fold.problems.append(Sentence("response %(number)d breaks the chain", number=sequence))
        syllabus = self._syllabus[revision_id]
        plan = self._plans[parameter_set_id]
        given = _answer(
            (sequence, syllabus.curriculum.item(item_id), _OUTCOMES[result], hints, at / 1e6)
        )
        expected, difficulty = None, 0.0
        if weighing is not None:
            expected, difficulty, rested_on = _read_weighing(weighing)
            if rested_on is not None:
                # By what the response says of itself: an item moves once, and nothing that is
                # found out about a learner later moves it again.
                surprise = surprise_of(given, expected)
                self.moves.add(item_id, plan=plan, answers=rested_on, surprise=surprise)
        steps, fold.trace, predicted, _ = fold_answer(
            plan, fold.known, fold.trace, given, difficulty=difficulty
        )
        for step in steps:
            skill = step[0]
            fold.known[skill] = step[4]
            fold.last[skill] = sequence
            fold.taught[skill] = syllabus
        _stand(fold, steps, syllabus, said if engine != offer.ENGINE else None)
        if predicted != expected or outcome.dump_steps(steps, fold.standing) != said:
            fold.problems.append(
                Sentence("response %(number)d moved mastery differently", number=sequence)
            )
        fold.sequence, fold.head = sequence, sealed

    def count(self, row: Row[*tuple[Any, ...]]) -> None:
        """Take in what a response did to its item's difficulty, and nothing else."""
        if row[9] is None:
            return
        expected, _, rested_on = _read_weighing(row[9])
        if rested_on is not None:
            item = self._syllabus[row[11]].curriculum.item(row[3])
            given = _answer((row[1], item, _OUTCOMES[row[4]], row[7], 0.0))
            surprise = surprise_of(given, expected)
            self.moves.add(row[3], plan=self._plans[row[10]], answers=rested_on, surprise=surprise)

    def refold(self, fold: Fold, *, after: int) -> None:
        """Let every refold up to `after` responses change what the log amounts to."""
        while fold.refolds and fold.refolds[-1].after_sequence <= after:
            refold = fold.refolds.pop()
            if isinstance(refold, Placed):
                self._place(fold, refold)
                continue
            if isinstance(refold, Switched):
                self._switch(fold, refold)
            else:
                fold.corrected |= refold.outcomes
            self._fold_again(fold)
            if refold.standings is not None and refold.engine != offer.ENGINE:
                fold.standing |= refold.standings  # as that version saw it
                continue
            for skill in fold.known:
                fold.standing[skill] = offer.standing(
                    fold.taught[skill], fold.known, skill, unparked=fold.unparked
                )
            if refold.standings is not None and fold.standing != refold.standings:
                fold.problems.append(
                    Sentence(
                        "what was folded again after response %(number)d moved mastery differently",
                        number=refold.after_sequence,
                    )
                )

    def _place(self, fold: Fold, placed: Placed) -> None:
        """Have the skills not met yet at the mastery that a placement found."""
        syllabus = self._syllabus[placed.module_revision_id]
        parameters = self._plans[placed.parameter_set_id].skills
        if placed.engine == offer.ENGINE:
            again = placements.work_out(syllabus, parameters, placed.answers, seed=placed.seed)
            if placements.seeded(again, fold.known, parameters) != placed.found:
                fold.problems.append(
                    Sentence(
                        "the placement after response %(number)d finds something else",
                        number=placed.after_sequence,
                    )
                )
        fold.placed.append(placed)
        for skill, state in placed.seeds(parameters).items():
            fold.known[skill], fold.taught[skill] = state, syllabus
            fold.last[skill] = placed.after_sequence
        for skill in placed.found:
            fold.standing[skill] = offer.standing(
                syllabus, fold.known, skill, unparked=fold.unparked
            )

    def _switch(self, fold: Fold, switched: Switched) -> None:
        """Have the responses so far count under the new set; what was evidenced stays so."""
        for row in fold.rows:
            if self._syllabus[row[11]].module_id == switched.module_id:
                fold.under[row[1]] = switched.parameter_set_id
        fold.shown |= {skill for skill, state in fold.known.items() if state.run_shown}

    def _fold_again(self, fold: Fold) -> None:
        """Fold the kept rows from the start, with the outcomes and parameters that count now."""
        known: dict[str, SkillState] = {}
        trace = FRESH
        placed = fold.placed[::-1]
        for row in fold.rows:
            self._seed(known, placed, before=row[1])
            plan = self._plans[fold.under.get(row[1], row[10])]
            difficulty = difficulty_counted(
                row[9], row[3], plan=plan, switched=row[1] in fold.under
            )
            answer = _answer(
                (
                    row[1],
                    self._syllabus[row[11]].curriculum.item(row[3]),
                    _OUTCOMES[fold.corrected.get(row[1], row[4])],
                    row[7],
                    microseconds(row[13]) / 1e6,
                )
            )
            steps, trace, *_ = fold_answer(plan, known, trace, answer, difficulty=difficulty)
            for step in steps:
                known[step[0]] = step[4]
        self._seed(known, placed, before=fold.sequence + 1)
        for skill in fold.shown & known.keys():
            known[skill] = known[skill]._replace(run_shown=True)
        fold.known, fold.trace = known, trace

    def _seed(self, known: dict[str, SkillState], placed: list[Placed], *, before: int) -> None:
        """Seed what placements found that ended before this response; `placed` the latest first."""
        while placed and placed[-1].after_sequence < before:
            found = placed.pop()
            known |= found.seeds(self._plans[found.parameter_set_id].skills)


def difficulty_counted(weighing: str | None, item_id: str, *, plan: Plan, switched: bool) -> float:
    """The difficulty of a response's item as it counts when the log is folded again.

    As it was then; a regrade does not move what others met. Under parameters fitted later it is
    what their fit found, which knew of all those answers.
    """
    if switched and (found := plan.items.get(item_id)) is not None:
        return found.difficulty
    return 0.0 if weighing is None else _read_weighing(weighing)[1]


def _stand(
    fold: Fold, steps: tuple[Step, ...], syllabus: shelf.Syllabus, said_then: str | None
) -> None:
    """Say how the learner stands now in the skills of a response.

    said_then: what an earlier version said, None for this one. How a learner stands is a rule of
    the version that said so, and today's may say otherwise.
    """
    if said_then is not None:
        fold.standing |= outcome.standings_said(said_then)
        return
    for skill, *_ in steps:
        fold.standing[skill] = offer.standing(syllabus, fold.known, skill, unparked=fold.unparked)


def open_helped(fold: Fold, *, after: int) -> None:
    """Open every skill again that the learner was helped with after up to `after` responses."""
    while fold.helps and fold.helps[-1].after_sequence <= after:
        given = fold.helps.pop()
        skill = given.skill_id
        if skill not in fold.known:
            fold.problems.append(
                Sentence("help with skill %(skill)s comes before any response on it", skill=skill)
            )
            continue
        fold.unparked[skill] = given.after_sequence + 1
        fold.standing[skill] = offer.standing(
            fold.taught[skill], fold.known, skill, unparked=fold.unparked
        )


def end(folder: Folder, fold: Fold) -> None:
    """The log ends here: what help and refolds came after the last response, and no later one."""
    open_helped(fold, after=fold.sequence)
    folder.refold(fold, after=fold.sequence)
    for refold in fold.refolds:
        fold.problems.append(
            Sentence(
                "a regrade, a switch or a placement follows response %(number)d",
                number=refold.after_sequence,
            )
        )
    for given in fold.helps:
        fold.problems.append(
            Sentence(
                "help with skill %(skill)s follows response %(number)d",
                skill=given.skill_id,
                number=given.after_sequence,
            )
        )


def _read_weighing(text: str) -> tuple[float, float, int | None]:
    """What outcome.dump_weighing wrote, taken apart by hand: the chain has sealed it as it is."""
    predicted, difficulty, rested_on = text[1:-1].split(",")
    return float(predicted), float(difficulty), None if rested_on == "null" else int(rested_on)


class _Remembered(dict[str, Any]):
    """A dictionary that reads what it does not hold."""

    def __init__(self, read: Callable[[str], object]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, key: str) -> object:
        found = self[key] = self._read(key)
        return found


def plain_id(value: object) -> str:
    """An id as 32 hex digits: SQLite keeps them so, PostgreSQL hands over a UUID."""
    return value if isinstance(value, str) else value.hex  # type: ignore[attr-defined]


def microseconds(value: str | datetime) -> int:
    """A time as the chain seals it: SQLite keeps a text, PostgreSQL hands over a datetime."""
    if isinstance(value, str):
        return states.whole_microseconds(datetime.fromisoformat(value) - EPOCH)
    return states.microseconds(value)
