"""Every table, and nothing but tables."""

from app.models.base import Base
from app.models.catalogue import (
    Item,
    ItemRevision,
    Module,
    ModuleRevision,
    ParameterSet,
    Programme,
    ProgrammeModule,
    Skill,
)
from app.models.learning import (
    Cohort,
    Enrolment,
    HintTaken,
    ItemReport,
    LearnerState,
    Mastery,
    ModuleStanding,
    ModuleState,
    Response,
    Serving,
    SkillHelp,
)
from app.models.oversight import AuditEvent
from app.models.people import Agency, Department, Role, SignIn, SignInAttempt, User, UserRole
from app.models.progress import ProgressMember, ProgressSnapshot

APPEND_ONLY = (
    Serving,
    Response,
    HintTaken,
    SkillHelp,
    AuditEvent,
    ItemRevision,
    ModuleRevision,
    ParameterSet,
    ProgressSnapshot,
)

__all__ = [
    "APPEND_ONLY",
    "Agency",
    "AuditEvent",
    "Base",
    "Cohort",
    "Department",
    "Enrolment",
    "HintTaken",
    "Item",
    "ItemReport",
    "ItemRevision",
    "LearnerState",
    "Mastery",
    "Module",
    "ModuleRevision",
    "ModuleStanding",
    "ModuleState",
    "ParameterSet",
    "Programme",
    "ProgrammeModule",
    "ProgressMember",
    "ProgressSnapshot",
    "Response",
    "Role",
    "Serving",
    "SignIn",
    "SignInAttempt",
    "Skill",
    "SkillHelp",
    "User",
    "UserRole",
]
