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
from app.models.jobs import Job, JobState
from app.models.learning import (
    Cohort,
    Enrolment,
    HintTaken,
    ItemDifficulty,
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
from app.models.regrades import Regrade, RegradedLog, RegradeTold
from app.models.teaching import TeachingFigures
from app.models.workshop import (
    DraftAuthor,
    DraftReview,
    DraftText,
    ItemDraft,
    Media,
    ModuleDraft,
    ReviewComment,
)

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
    DraftText,
    Media,
    Regrade,
    RegradedLog,
)

__all__ = [
    "APPEND_ONLY",
    "Agency",
    "AuditEvent",
    "Base",
    "Cohort",
    "Department",
    "DraftAuthor",
    "DraftReview",
    "DraftText",
    "Enrolment",
    "HintTaken",
    "Item",
    "ItemDifficulty",
    "ItemDraft",
    "ItemReport",
    "ItemRevision",
    "Job",
    "JobState",
    "LearnerState",
    "Mastery",
    "Media",
    "Module",
    "ModuleDraft",
    "ModuleRevision",
    "ModuleStanding",
    "ModuleState",
    "ParameterSet",
    "Programme",
    "ProgrammeModule",
    "ProgressMember",
    "ProgressSnapshot",
    "Regrade",
    "RegradeTold",
    "RegradedLog",
    "Response",
    "ReviewComment",
    "Role",
    "Serving",
    "SignIn",
    "SignInAttempt",
    "Skill",
    "SkillHelp",
    "TeachingFigures",
    "User",
    "UserRole",
]
