"""What the oversight officer's pages call rules, reasons and details of events."""

from flask_babel import lazy_gettext as _l

RULE_NAMES = {
    "worked-example": _l("Worked case after a skill was set aside"),
    "check-prerequisite": _l("Check of an earlier skill"),
    "transfer": _l("Transfer case"),
    "review": _l("Review"),
    "lesson": _l("Lesson after a miss"),
    "second-lesson": _l("Second lesson"),
    "practise": _l("Practice"),
    "open-skill": _l("First question of a skill"),
    "placed-case": _l("Transfer case of a skill known already"),
    "finished": _l("Module finished"),
    "stuck": _l("Waiting for a person's help"),
    "fallback": _l("Fixed order, because choosing failed"),
}
REASON_NAMES = {
    "appeal": _l("A learner disagrees with the decision"),
    "question": _l("A learner asked how it came about"),
    "quality": _l("A check of how well Cairn decides"),
    "incident": _l("Something went wrong"),
}
DETAIL_NAMES = {
    "serving": _l("Decision"),
    "reason": _l("Reason"),
    "note": _l("Note"),
    "before": _l("Before"),
    "after": _l("After"),
    "modules": _l("Modules"),
    "name": _l("Name"),
    "roles": _l("Roles"),
    "department": _l("Department"),
    "responses": _l("Responses"),
    "differences": _l("Differences"),
    "learners": _l("Learners"),
    "cohort": _l("Cohort"),
    "cohorts": _l("Cohorts"),
    "people": _l("People"),
    "module": _l("Module"),
    "skill": _l("Skill"),
    "item": _l("Item"),
    "report": _l("Report"),
    "trainer": _l("Trainer"),
    "due_on": _l("Due date"),
    "required": _l("Required"),
    "became_learner": _l("Became a learner"),
    "revision": _l("Revision"),
    "copied_from": _l("Copied from"),
    "parameter_set": _l("Parameter set"),
    "skills": _l("Skills"),
}
