"""An agency as it is after some weeks: somebody in every role, learners at every stage."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.jobs import doing
from app.models import Agency, Cohort, Enrolment, ItemReport, Role, Skill, User
from app.services.cohorts import completion, publishing
from app.services.demo.visitors import DEMO_DOMAIN
from app.services.learning import placing, problems
from app.services.learning.practice import Submission
from app.services.operations import jobs
from app.services.oversight import lookup
from tests import people, workshop
from tests.calibration.made import make_calibration
from tests.e2e.site import Site
from tests.people import MODULE_SLUG, Person

LEARNERS = 12
A_FEW, MANY = 8, 300
REASON = next(iter(lookup.REASONS))
STAFF = {
    "trainer": Role.TRAINER,
    "hr": Role.HR_OFFICER,
    "oversight": Role.OVERSIGHT_OFFICER,
    "admin": Role.ADMINISTRATOR,
}


@dataclass
class LivedIn:
    """The people by what they are, and for every name in an address the things it may stand for.

    own: of each role, what nobody else may see.
    """

    site: Site
    people: dict[str, Person] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)
    own: dict[Role | None, dict[str, list[str]]] = field(default_factory=dict)


def live_in(site: Site) -> LivedIn:
    found = LivedIn(site, ids={"slug": [MODULE_SLUG]})
    learners = site.database.transact(lambda session: _found(session, found))
    start = now() - timedelta(days=3)
    _be_placed(site, learners[0], at=start)
    for number, learner in enumerate(learners):
        people.begin(site.database, learner, at=start)
        _answer(site, learner, start=start, times=A_FEW, right=number % 3 != 0)
    _answer(site, learners[1], start=start + timedelta(days=1), times=MANY, right=True)
    _answer(site, learners[2], start=start + timedelta(days=1), times=MANY, right=False)
    found.people["learner"] = learners[0]
    ids = site.database.transact(
        lambda session: workshop.make_draft(
            session, found.people["trainer"], title="Letters", at=now()
        )
    )
    found.ids |= {name: [value] for name, value in ids.items()}
    _report(site, found)
    colleague = site.database.transact(
        lambda session: people.make_user(
            session,
            session.get_one(Agency, found.people["oversight"].agency_id),
            Role.OVERSIGHT_OFFICER,
            at=start,
        )
    )
    found.ids["calibration_id"] = [
        str(make_calibration(site.database, asker, at=now()))
        for asker in (colleague, found.people["oversight"])
    ]
    site.database.transact(lambda session: _look(session, found))
    _publish(site, found.people["hr"])
    for role, name in {Role.LEARNER: "learner", **{it: key for key, it in STAFF.items()}}.items():
        work = partial(jobs.ask, kind="replay", actor=found.people[name], at=now())
        found.own[role] = {"job_id": [str(site.database.transact(work))]}
    return found


def _publish(site: Site, officer: Person) -> None:
    job_id = site.database.transact(
        lambda session: publishing.ask(session, officer=officer, at=now())
    )
    assert site.database.transact(lambda session: jobs.claim(session, at=now())) == job_id
    doing.do(site.database, job_id)


def _look(session: Session, lived: LivedIn) -> None:
    """What must be done first to be shown names and a decision."""
    hr, officer = lived.people["hr"], lived.people["oversight"]
    cohort_id, serving_id = (uuid.UUID(lived.ids[name][0]) for name in ("cohort_id", "serving_id"))
    completion.look(session, cohort_id, actor=hr, at=now())
    lookup.give_reason(
        session, serving_id, officer=officer, reason=REASON, note="A question.", at=now()
    )


def _found(session: Session, lived: LivedIn) -> list[Person]:
    at = now() - timedelta(weeks=3)
    agency = people.make_agency(session, at=at, name="Ministry of Harbours")
    agency.names_completion = True
    department = people.make_department(session, agency, name="Pilots and Tugs")
    for name, role in STAFF.items():
        lived.people[name] = people.make_user(session, agency, role, at=at, name=f"Robin {name}")
        session.get_one(User, lived.people[name].id).email = name + DEMO_DOMAIN
    cohort = people.make_cohort(session, agency, at=at, trainer=lived.people["trainer"])
    cohort.required = True
    learners = [_learner(session, cohort, department.id, at=at) for _ in range(LEARNERS)]
    lived.ids |= {
        "cohort_id": [str(cohort.id)],
        "department_id": [str(department.id)],
        "person_id": [str(learners[0].id), str(lived.people["hr"].id)],
        "enrolment_id": [str(session.scalars(select(Enrolment.id)).first())],
        "skill_id": [session.scalars(select(Skill.id).order_by(Skill.id)).all()[0]],
    }
    return learners


def _learner(session: Session, cohort: Cohort, department_id: uuid.UUID, *, at: datetime) -> Person:
    agency = session.get_one(Agency, cohort.agency_id)
    person = people.make_user(session, agency, Role.LEARNER, at=at)
    session.get_one(User, person.id).department_id = department_id
    people.enrol(session, cohort, person, at=at)
    return person


def _answer(site: Site, learner: Person, *, start: datetime, times: int, right: bool) -> None:
    for step in range(times):
        at = start + timedelta(seconds=50 * step)
        if people.answer_open(site.database, learner, at=at, right=right) is None:
            return


def _be_placed(site: Site, learner: Person, *, at: datetime) -> None:
    """Asked before the module began, and stopped at the first question."""

    def place(session: Session) -> None:
        module = people.module_id(session)
        placing.begin_placement(session, module, learner=learner, at=at)
        doubt = Submission(fields={}, dont_know=True)
        placing.answer(session, module, number=1, learner=learner, submission=doubt, at=at)
        placing.stop(session, module, learner=learner, at=at)

    site.database.transact(place)


def _report(site: Site, lived: LivedIn) -> None:
    """The learner has answered one more, reports a problem with it, and has the next one open."""
    learner = lived.people["learner"]
    answered = people.answer_open(site.database, learner, at=now(), right=False)
    serving = people.open_serving(site.database, learner)
    assert answered is not None
    assert serving is not None
    site.database.transact(
        lambda session: problems.report(
            session,
            answered.serving_id,
            learner=learner,
            kind="unclear",
            text="I do not know which form is meant.",
            at=now(),
        )
    )
    with site.database.reader() as session:
        report = session.scalars(
            select(ItemReport.id).where(ItemReport.learner_id == learner.id)
        ).one()
    lived.ids |= {
        "serving_id": [str(answered.serving_id), str(serving.id)],
        "skill_id": [answered.changes[0].skill_id],
        "item_id": [answered.item_id],
        "report_id": [str(report)],
    }
