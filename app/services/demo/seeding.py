"""The demonstration: three agencies whose made-up people learn through the same services as all.

Nothing is written past `practice`, so the demonstration's log replays like every other.
"""

import random
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Agency, Cohort, Department, Enrolment, Programme, Role, User, UserRole
from app.services.cohorts import snapshots
from app.services.demo.history import Student, study
from app.services.demo.names import names
from app.services.demo.visitors import DEMO_DOMAIN

Work = Callable[[Session], None]
SEED = 2026
WEEKS_PUBLISHED = (3, 2, 1)
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class CohortPlan:
    """A cohort to be: how many people, when they started, how far along they are by now."""

    name: str
    people: int
    weeks_ago: int
    due_in_days: int
    share_started: float
    share_done: float


@dataclass(frozen=True, slots=True)
class AgencyPlan:
    """An agency to be. `departments` are drawn from by weight, so that some stay small."""

    slug: str
    name: str
    names_completion: bool
    departments: Mapping[str, int]
    cohorts: tuple[CohortPlan, ...]


AGENCIES = (
    AgencyPlan(
        "works",
        "Ministry of Public Works",
        names_completion=True,
        departments={
            "Casework and Grants": 60,
            "Roads and Bridges": 40,
            "Digital Services": 28,
            "Legal Affairs": 14,
            "Press Office": 8,
        },
        cohorts=(
            CohortPlan("Spring 2026", 60, 28, -120, 1.0, 0.85),
            CohortPlan("Autumn 2026", 78, 8, 26, 0.85, 0.3),
            CohortPlan("Pilot group", 12, 34, -160, 1.0, 0.9),
        ),
    ),
    AgencyPlan(
        "revenue",
        "Revenue and Customs Office",
        names_completion=False,
        departments={
            "Customer Contact": 26,
            "Compliance": 18,
            "Border Posts": 10,
            "Data and Analysis": 7,
            "Training": 3,
        },
        cohorts=(CohortPlan("Autumn 2026", 64, 6, 40, 0.7, 0.15),),
    ),
    AgencyPlan(
        "riverside",
        "Riverside City Council",
        names_completion=False,
        departments={
            "Housing": 9,
            "Libraries": 6,
            "Planning": 5,
            "Parks": 4,
            "Registry": 2,
        },
        cohorts=(
            CohortPlan("First group", 20, 5, 60, 0.8, 0.2),
            CohortPlan("Night shift", 6, 3, 60, 0.7, 0.0),
        ),
    ),
)
STAFF = (
    ("trainer", Role.TRAINER),
    ("hr", Role.HR_OFFICER),
    ("oversight", Role.OVERSIGHT_OFFICER),
    ("admin", Role.ADMINISTRATOR),
)
# Two learners one can become: one underway, one before the first step.
SHOWN_LEARNERS = {"learner": 22, "newcomer": 0}


def is_seeded(session: Session) -> bool:
    """Whether the demonstration is there already."""
    return session.scalar(select(Agency.id).where(Agency.slug == AGENCIES[0].slug)) is not None


def seed(transact: Callable[[Work], None], *, at: datetime) -> Iterator[tuple[int, int]]:
    """Make the demonstration; yields (learners done, learners in all) as it goes.

    One transaction makes the agencies and people, then one makes each learner's history.
    """
    rng = random.Random(SEED)  # noqa: S311 - the same people every time
    students: list[Student] = []
    transact(lambda session: students.extend(_Founding(session, rng, at).people()))
    for done, student in enumerate(students, start=1):
        transact(lambda session, one=student: study(session, one, until=at))  # type: ignore[misc]
        yield done, len(students)
    # This week's figures are left for the HR officer who asks, or for the worker.
    for weeks in WEEKS_PUBLISHED:
        transact(lambda session, past=at - timedelta(weeks=weeks): _publish(session, at=past))  # type: ignore[misc]


def _publish(session: Session, *, at: datetime) -> None:
    for agency_id in snapshots.agencies_with_cohorts(session):
        taken = snapshots.take(session, agency_id, at=at, tell=lambda _share: None)
        snapshots.publish(session, taken)


def _underway(cohorts: Sequence[Cohort]) -> Cohort:
    """The cohort with the most time left: whoever tries a learner's pages is not overdue."""
    return max(cohorts, key=lambda cohort: cohort.due_on or date.min)


class _Founding:
    """Makes the agencies and everybody in them, in one transaction."""

    def __init__(self, session: Session, rng: random.Random, at: datetime) -> None:
        self._session, self._rng, self._at = session, rng, at
        self._names = names(rng)
        self._programme = session.scalars(select(Programme).order_by(Programme.slug)).one()

    def people(self) -> list[Student]:
        students: list[Student] = []
        for plan in AGENCIES:
            agency = self._agency(plan)
            departments = self._departments(agency, plan)
            trainer = self._staff(agency, shown=plan is AGENCIES[0])
            rows = [self._cohort(agency, cohort, trainer) for cohort in plan.cohorts]
            for row, cohort in zip(rows, plan.cohorts, strict=True):
                students += [
                    self._student(row, cohort, self._rng.choice(departments))
                    for _ in range(cohort.people)
                ]
            if plan is AGENCIES[0]:
                students += self._shown_learners(agency, _underway(rows), departments[0])
                # A draft is reviewed by somebody who did not write it.
                self._person(agency.id, Role.TRAINER, "reviewer")
        return students

    def _agency(self, plan: AgencyPlan) -> Agency:
        agency = Agency(
            id=uuid.uuid4(),
            slug=plan.slug,
            name=plan.name,
            names_completion=plan.names_completion,
            created_at=self._at - timedelta(weeks=40),
        )
        return self._keep(agency)

    def _departments(self, agency: Agency, plan: AgencyPlan) -> list[uuid.UUID]:
        """One place for each person: a department stands here as often as it has people."""
        places: list[uuid.UUID] = []
        for name, people in plan.departments.items():
            row = self._keep(Department(id=uuid.uuid4(), agency_id=agency.id, name=name))
            places += [row.id] * people
        return places

    def _staff(self, agency: Agency, *, shown: bool) -> User:
        staff = [
            self._person(agency.id, role, address if shown else f"{address}.{agency.slug}")
            for address, role in STAFF
        ]
        return staff[0]

    def _person(
        self,
        agency_id: uuid.UUID,
        role: Role,
        address: str = "",
        department_id: uuid.UUID | None = None,
    ) -> User:
        name = next(self._names)
        address = address or f"{name.lower().replace(' ', '.')}"
        user = self._keep(
            User(
                id=uuid.uuid4(),
                agency_id=agency_id,
                department_id=department_id,
                email=(address + DEMO_DOMAIN).lower(),
                name=name,
                password_hash=None,
                created_at=self._at - timedelta(weeks=40),
            )
        )
        self._keep(UserRole(user_id=user.id, role=role.value, agency_id=agency_id))
        return user

    def _cohort(self, agency: Agency, plan: CohortPlan, trainer: User) -> Cohort:
        return self._keep(
            Cohort(
                id=uuid.uuid4(),
                agency_id=agency.id,
                programme_id=self._programme.id,
                name=plan.name,
                trainer_id=trainer.id,
                required=True,
                due_on=(self._at + timedelta(days=plan.due_in_days)).date(),
                created_at=self._at - timedelta(weeks=plan.weeks_ago),
            )
        )

    def _student(self, cohort: Cohort, plan: CohortPlan, department: uuid.UUID) -> Student:
        user = self._person(cohort.agency_id, Role.LEARNER, department_id=department)
        self._enrol(cohort, user)
        started = self._rng.random() < plan.share_started
        finishes = self._rng.random() < plan.share_done / plan.share_started
        answers = 200 if finishes else self._rng.randint(3, 60)
        days = self._rng.uniform(0, max(plan.weeks_ago * 7 - 10, 1))
        return Student(
            user.id,
            user.agency_id,
            start=cohort.created_at + timedelta(days=min(days, 30)),
            answers=answers if started else 0,
            luck=self._rng.getrandbits(60),
        )

    def _shown_learners(
        self, agency: Agency, cohort: Cohort, department: uuid.UUID
    ) -> list[Student]:
        shown = []
        for address, answers in SHOWN_LEARNERS.items():
            user = self._person(agency.id, Role.LEARNER, address, department)
            self._enrol(cohort, user)
            start = self._at - timedelta(days=9)
            shown.append(
                Student(user.id, agency.id, start=start, answers=answers, luck=len(address))
            )
        return shown

    def _enrol(self, cohort: Cohort, user: User) -> None:
        self._keep(
            Enrolment(
                id=uuid.uuid4(),
                agency_id=cohort.agency_id,
                cohort_id=cohort.id,
                learner_id=user.id,
                enrolled_at=cohort.created_at,
                ended_at=None,
            )
        )

    def _keep(self, row: Row) -> Row:
        self._session.add(row)
        self._session.flush()
        return row
