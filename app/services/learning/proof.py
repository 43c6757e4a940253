"""Proving a learner's log quickly: every link, every step and every stored state, or no proof.

Nearly every log is as it should be, and to see that takes far less than to say what is not. So a
replay first tries to prove a log, and folds it with `Folder`, which names each problem, only where
there is no proof: something differs, or the log has what a proof does not know (help, a regrade, a
switch, an earlier version, a fitted model).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from app.services.catalogue import shelf
from app.services.learning import chain, offer, states
from app.services.learning.difficulties import Moves
from app.services.learning.fold import EPOCH, microseconds, plain_id
from engine import Lot, Outcome, Running, Walk, difficulty_gain, prepare

Row = Sequence[Any]
_OUTCOMES = {member.value: member for member in Outcome if member is not Outcome.READ}
_READ = Outcome.READ.value


class Prover:
    """Proves logs; what their responses did to item difficulties goes to `moves`."""

    def __init__(self, session: Session, moves: Moves) -> None:
        self._session = session
        self._moves = moves
        self._lots: dict[tuple[str, str], _Lots] = {}

    def proves(self, log: Sequence[Row], *, stands: Row, stored: Sequence[Row]) -> bool:
        """Whether the rows of LOG fold to where the log stands and to the stored mastery.

        stands: sequence, head, trace.  Nothing has come of it when the answer is no.
        """
        sequence, head, trace = stands
        walk = Walk(offer.POLICY)
        moved: list[tuple[str, tuple[float, float, float]]] = []
        if len(log) != sequence or not self._walk(log, walk, head=head, moved=moved):
            return False
        if states.dump_trace(walk.trace()) != trace or not _are_stored(walk.known, stored):
            return False
        for item_id, step in moved:
            self._moves.take(item_id, step)
        return True

    def _walk(  # noqa: C901, PLR0911, PLR0912 - a million rows: calls cost more
        self,
        log: Sequence[Row],
        walk: Walk,
        *,
        head: str,
        moved: list[tuple[str, tuple[float, float, float]]],
    ) -> bool:
        """Whether the log is whole and every response did what it says it did."""
        learner = plain_id(log[0][0]) if log else ""
        last, at_revision, under = chain.GENESIS, "", ""
        lots: Mapping[str, Lot | None] = {}
        engine, read_time, whole_microseconds = (
            offer.ENGINE,
            datetime.fromisoformat,
            states.whole_microseconds,
        )
        for number, row in enumerate(log, start=1):
            # Taken apart in place: a call for each of these would take as long as its work.
            (
                _,
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
                made_by,
                answered_at,
                previous,
                sealed,
            ) = row
            if sequence != number or previous != last or made_by != engine:
                return False
            at = (
                whole_microseconds(read_time(answered_at) - EPOCH)
                if answered_at.__class__ is str
                else microseconds(answered_at)
            )
            sealing = (
                f"{previous}\x1f{plain_id(serving_id)}\x1f{learner}\x1f{sequence}\x1f{item_id}\x1f"
                f"{result}\x1f{choice}\x1f{confidence or ''}\x1f{hints}\x1f{said}\x1f"
                f"{parameter_set_id}\x1f{revision_id}\x1f{made_by}\x1f{at}"
            )
            if weighing is not None:
                sealing = f"{sealing}\x1f{weighing}"
            if sha256(sealing.encode()).hexdigest() != sealed:
                return False
            last = sealed
            if revision_id != at_revision or parameter_set_id != under:
                at_revision, under = revision_id, parameter_set_id
                lots = self._lots_of(revision_id, parameter_set_id)
            lot = lots[item_id]
            if lot is None or lot.is_lesson is not (result == _READ) or hints < 0:
                return False
            if lot.is_lesson:
                skills = walk.read(lot, number=number, hints=hints, at=at / 1e6)
                if weighing is not None:
                    return False
            else:
                if weighing is None:
                    return False
                expected, difficulty, rested_on = weighing[1:-1].split(",")
                skills = walk.answer(
                    lot, number, _OUTCOMES[result], hints, at / 1e6, float(difficulty)
                )
                if walk.predicted != float(expected):
                    return False
                if rested_on != "null":
                    answers, terms = int(rested_on), lot.terms
                    by = difficulty_gain(terms, answers=answers) * walk.surprise
                    moved.append((item_id, (answers, by, terms.farthest)))
            if _said(skills) != said:
                return False
        return last == head

    def _lots_of(self, revision_id: str, parameter_set_id: str) -> Mapping[str, Lot | None]:
        found = self._lots.get((revision_id, parameter_set_id))
        if found is None:
            syllabus = shelf.syllabus(self._session, revision_id)
            plan = shelf.plan(self._session, parameter_set_id)
            make = partial(prepare, plan, syllabus.curriculum)
            found = _Lots(lambda item_id: make(syllabus.curriculum.item(item_id)))
            self._lots[revision_id, parameter_set_id] = found
        return found


class _Lots(dict[str, Lot | None]):
    """The items of a module revision under a parameter set, each made ready when it is met."""

    def __init__(self, make: Callable[[str], Lot | None]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, item_id: str) -> Lot | None:
        lot = self[item_id] = self._make(item_id)
        return lot


def _said(skills: Sequence[Running]) -> str:
    """The steps as outcome.dump_steps writes them, each mastery put into digits once."""
    rows = []
    for state in skills:
        # What a skill moved to at one answer is what it moves from at the next.
        before = state.digits or repr(state.before)
        after = state.digits = repr(state.mastery)
        rows.append(f'["{state.skill}",{before},{after},{state.answers},"{state.standing}"]')
    return f"[{rows[0]}]" if len(rows) == 1 else f"[{','.join(rows)}]"


def _are_stored(known: Mapping[str, Running], stored: Sequence[Row]) -> bool:
    """Whether mastery is stored just as it came out, of these skills and no other."""
    for _, skill, mastery, answers, standing, record, last_sequence in stored:
        state = known.get(skill)
        if (
            state is None
            or state.mastery != mastery
            or state.answers != answers
            or state.standing != standing
            or state.number != last_sequence
            or states.dump(state.settled()) != record
        ):
            return False
    return len(stored) == len(known)
