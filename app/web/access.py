"""Who may do what: one table of every route. What is not in it is refused.

`relation` says what else must hold; services keep it in the WHERE of their queries, so that a thing
that is somebody else's answers exactly like one that does not exist. The matrix test walks it all.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from flask import Flask, abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.clock import now
from app.db import database
from app.models import Role
from app.services.people import accounts
from app.web import languages
from app.web.fragments import go_to, wants_fragment


class Relation(StrEnum):
    """What a person must have to do with the thing asked for."""

    ANYBODY = "anybody, signed in or not"
    SELF = "their own account or record"
    ENROLLED = "a module of a programme they are enrolled in"
    OWN_SERVING = "an item served to themselves"
    TAUGHT_CONTENT = "content shared by all or of their agency"
    OWN_COHORT = "a learner or item report in a cohort they train"
    OWN_AGENCY = "something of their own agency"
    OWN_JOB = "long work they asked for"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may enter a route: nobody (deny), everybody (roles None), or holders of a role."""

    roles: frozenset[Role] | None
    relation: Relation


def _open(relation: Relation = Relation.ANYBODY) -> Access:
    return Access(None, relation)


def _for(*roles: Role, relation: Relation) -> Access:
    return Access(frozenset(roles), relation)


EVERY_ROLE = tuple(Role)
LEARNER, TRAINER, HR = Role.LEARNER, Role.TRAINER, Role.HR_OFFICER
OVERSIGHT, ADMINISTRATOR = Role.OVERSIGHT_OFFICER, Role.ADMINISTRATOR

TABLE: dict[str, Access] = {
    "static": _open(),
    "account.home": _open(),
    "account.sign_in": _open(),
    "account.submit_sign_in": _open(),
    "account.demo_sign_in": _open(),
    "account.sign_out": _for(*EVERY_ROLE, relation=Relation.SELF),
    "account.password": _for(*EVERY_ROLE, relation=Relation.SELF),
    "account.submit_password": _for(*EVERY_ROLE, relation=Relation.SELF),
    "languages.choose": _open(),
    "languages.submit_choose": _open(),
    "info.cookies": _open(),
    "info.privacy": _open(),
    "info.accessibility": _open(),
    "info.engine": _open(),
    "status.healthz": _open(),
    "status.readyz": _open(),
    "status.metrics": _open(),
    "jobs.job": _for(*EVERY_ROLE, relation=Relation.OWN_JOB),
    "learn.home": _for(LEARNER, relation=Relation.SELF),
    "learn.practice": _for(LEARNER, relation=Relation.ENROLLED),
    "learn.begin": _for(LEARNER, relation=Relation.ENROLLED),
    "learn.skill_map": _for(LEARNER, relation=Relation.ENROLLED),
    "learn.placement": _for(LEARNER, relation=Relation.ENROLLED),
    "learn.submit_placement": _for(LEARNER, relation=Relation.ENROLLED),
    "learn.submit_placement_answer": _for(LEARNER, relation=Relation.ENROLLED),
    "learn.submit_placement_stop": _for(LEARNER, relation=Relation.ENROLLED),
    "learn.serving": _for(LEARNER, relation=Relation.OWN_SERVING),
    "learn.answer": _for(LEARNER, relation=Relation.OWN_SERVING),
    "learn.hint": _for(LEARNER, relation=Relation.OWN_SERVING),
    "learn.report": _for(LEARNER, relation=Relation.OWN_SERVING),
    "learn.submit_report": _for(LEARNER, relation=Relation.OWN_SERVING),
    "learn.record": _for(LEARNER, relation=Relation.SELF),
    "learn.skill_history": _for(LEARNER, relation=Relation.SELF),
    "learn.submit_regrade_read": _for(LEARNER, relation=Relation.SELF),
    "learn.visibility": _for(LEARNER, relation=Relation.SELF),
    "author.modules": _for(TRAINER, relation=Relation.TAUGHT_CONTENT),
    "author.module": _for(TRAINER, relation=Relation.TAUGHT_CONTENT),
    "author.items": _for(TRAINER, relation=Relation.TAUGHT_CONTENT),
    "author.item": _for(TRAINER, relation=Relation.TAUGHT_CONTENT),
    "author.curves": _for(TRAINER, relation=Relation.TAUGHT_CONTENT),
    "author.rehearsal": _for(TRAINER, relation=Relation.TAUGHT_CONTENT),
    "author.submit_rehearsal": _for(TRAINER, relation=Relation.TAUGHT_CONTENT),
    "author.grid": _for(TRAINER, relation=Relation.OWN_COHORT),
    "author.name_grid": _for(TRAINER, relation=Relation.OWN_COHORT),
    "author.stuck": _for(TRAINER, relation=Relation.OWN_COHORT),
    "author.show_names": _for(TRAINER, relation=Relation.OWN_COHORT),
    "author.help": _for(TRAINER, relation=Relation.OWN_COHORT),
    "author.reports": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.report": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.close_report": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_copy": _for(TRAINER, relation=Relation.TAUGHT_CONTENT),
    "author.about": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_about": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.drafts": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.new_draft": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_new_draft": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.draft": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.draft_rehearsal": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_draft_rehearsal": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.skills": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_skills": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.skill": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_skill": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.new_item": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_new_item": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.edit_item": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_item": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_preview": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.regrade": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_regrade": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.item_text": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_item_text": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_item_state": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.module_text": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_module_text": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.import_questions": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_import": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.pictures": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_picture": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.review": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_decision": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_stage": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_comment": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_resolved": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.revisions": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.revision": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "author.submit_roll_back": _for(TRAINER, relation=Relation.OWN_AGENCY),
    "media.picture": _for(*EVERY_ROLE, relation=Relation.OWN_AGENCY),
    "cohort.home": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.create": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.submit_create": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.edit": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.submit_edit": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.cohort": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.enrol": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.end_enrolment": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.submit_end_enrolment": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.enrol_csv": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.submit_csv": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.csv_template": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.progress": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.cohort_progress": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.publish": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.completion": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.look_at_completion": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.completion_csv": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.settings": _for(HR, relation=Relation.OWN_AGENCY),
    "cohort.submit_settings": _for(HR, relation=Relation.OWN_AGENCY),
    "oversight.home": _for(OVERSIGHT, relation=Relation.OWN_AGENCY),
    "oversight.how": _for(OVERSIGHT, relation=Relation.OWN_AGENCY),
    "oversight.decisions": _for(OVERSIGHT, relation=Relation.OWN_AGENCY),
    "oversight.decision": _for(OVERSIGHT, relation=Relation.OWN_AGENCY),
    "oversight.give_reason": _for(OVERSIGHT, relation=Relation.OWN_AGENCY),
    "oversight.events": _for(OVERSIGHT, relation=Relation.OWN_AGENCY),
    "oversight.calibration": _for(OVERSIGHT, relation=Relation.TAUGHT_CONTENT),
    "oversight.module_calibration": _for(OVERSIGHT, relation=Relation.TAUGHT_CONTENT),
    "oversight.submit_calibration": _for(OVERSIGHT, relation=Relation.TAUGHT_CONTENT),
    "oversight.comparison": _for(OVERSIGHT, relation=Relation.OWN_AGENCY),
    "oversight.submit_calibration_decision": _for(OVERSIGHT, relation=Relation.OWN_AGENCY),
    "oversight.submit_roll_back": _for(OVERSIGHT, relation=Relation.OWN_AGENCY),
    "people.home": _for(ADMINISTRATOR, relation=Relation.OWN_AGENCY),
    "people.create": _for(ADMINISTRATOR, relation=Relation.OWN_AGENCY),
    "people.submit_create": _for(ADMINISTRATOR, relation=Relation.OWN_AGENCY),
    "people.person": _for(ADMINISTRATOR, relation=Relation.OWN_AGENCY),
    "people.submit_person": _for(ADMINISTRATOR, relation=Relation.OWN_AGENCY),
    "people.reset_password": _for(ADMINISTRATOR, relation=Relation.OWN_AGENCY),
    "people.departments": _for(ADMINISTRATOR, relation=Relation.OWN_AGENCY),
    "people.add_department": _for(ADMINISTRATOR, relation=Relation.OWN_AGENCY),
    "people.rename_department": _for(ADMINISTRATOR, relation=Relation.OWN_AGENCY),
}


# These answer even when the database does not.
WITHOUT_DATABASE = {"static", "status.healthz"}


def init_app(app: Flask) -> None:
    app.before_request(_identify)
    app.before_request(_admit)


def _identify() -> None:
    g.user = None
    if request.endpoint in WITHOUT_DATABASE:
        return
    token = session.get("token")
    if token:
        with database().glance() as connection:
            g.user = accounts.signed_in(connection, token, at=now())
        if g.user is None:
            session.clear()
        else:
            g.user = replace(g.user, language=languages.chosen())


def _admit() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None  # no such route: Flask answers 404 by itself
    access = TABLE.get(request.endpoint)
    if access is None:
        abort(403)
    if access.roles is None:
        return None
    if g.user is None:
        return _to_sign_in()
    if not access.roles & {Role(role) for role in g.user.roles}:
        abort(403)
    return None


def _to_sign_in() -> ResponseReturnValue:
    if request.method not in {"GET", "HEAD"}:
        abort(401)
    target = url_for("account.sign_in", next=request.full_path.rstrip("?"))
    return go_to(target) if wants_fragment() else redirect(target)
