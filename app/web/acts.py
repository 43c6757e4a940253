"""Audit events in words."""

from flask_babel import lazy_gettext as _l

ACT_NAMES = {
    "administrator-created": _l("Created an administrator"),
    "answers-exported": _l("Exported the answers of a module without names"),
    "calibration-approved": _l("Approved a calibration"),
    "calibration-asked": _l("Asked for a calibration"),
    "calibration-rejected": _l("Rejected a calibration"),
    "calibration-rolled-back": _l("Asked for a calibration to be rolled back"),
    "cohort-changed": _l("Changed a cohort"),
    "cohort-created": _l("Created a cohort"),
    "completion-looked-at": _l("Looked at who completed a module"),
    "content-published": _l("Published content"),
    "decision-opened": _l("Opened a decision"),
    "department-added": _l("Added a department"),
    "department-renamed": _l("Renamed a department"),
    "drift-found": _l("Found predictions that no longer hold"),
    "draft-approved": _l("Approved a draft"),
    "draft-begun": _l("Began a draft"),
    "draft-item-removed": _l("Took an item out of a draft"),
    "draft-returned": _l("Returned a draft to its authors"),
    "draft-submitted": _l("Handed a draft in for review"),
    "draft-withdrawn": _l("Took a draft back from review"),
    "enrolled": _l("Enrolled a person"),
    "enrolment-ended": _l("Ended an enrolment"),
    "grid-viewed": _l("Looked at how far each learner is"),
    "help-given": _l("Noted help with a skill"),
    "item-regraded": _l("Put a wrong answer key right"),
    "log-replayed": _l("Replayed the whole log"),
    "module-copied": _l("Took a copy of a shared module"),
    "module-offered-again": _l("Offered a retired module again"),
    "module-published": _l("Published a module"),
    "module-retired": _l("Retired a module"),
    "module-rolled-back": _l("Rolled a module back to an earlier revision"),
    "names-completion-turned-off": _l("Turned completion by name off"),
    "names-completion-turned-on": _l("Turned completion by name on"),
    "parameters-activated": _l("Switched a module to other parameters"),
    "parameters-rolled-back": _l("Switched a module back to its earlier parameters"),
    "password-changed": _l("Changed their password"),
    "password-reset": _l("Reset a password"),
    "person-added": _l("Added a person"),
    "person-closed": _l("Closed an account"),
    "person-moved": _l("Moved a person to another department"),
    "person-renamed": _l("Changed a person's name"),
    "person-reopened": _l("Opened an account again"),
    "picture-added": _l("Added a picture"),
    "programme-created": _l("Created a programme"),
    "progress-published": _l("Took the weekly figures of progress"),
    "report-closed": _l("Closed a report about an item"),
    "roles-changed": _l("Changed a person's roles"),
    "stuck-list-viewed": _l("Looked at who needs help"),
}


def act_name(act: str) -> str:
    """What was done, in words; an act nobody has named yet says its own name."""
    return str(ACT_NAMES.get(act, act))
