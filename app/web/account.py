"""Signing in and out, one's password, and the front page."""

import uuid

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired

from app.clock import now
from app.config import Config
from app.db import current_session, transact
from app.models import Role
from app.services.demo import visitors
from app.services.errors import Invalid, NotFound
from app.services.people import accounts
from app.web.addresses import is_local
from app.web.forms import Form, stripped

bp = Blueprint("account", __name__)
SEE_OTHER = 303

HOMES = (
    (Role.LEARNER, "learn.home"),
    (Role.TRAINER, "author.modules"),
    (Role.HR_OFFICER, "cohort.home"),
    (Role.OVERSIGHT_OFFICER, "oversight.home"),
    (Role.ADMINISTRATOR, "people.home"),
)
WHAT_ROLES_SEE = {
    Role.LEARNER: _l("Take a module: one next step at a time, with the reason for it."),
    Role.TRAINER: _l("See the content as learners do, which item is broken and who is stuck."),
    Role.HR_OFFICER: _l("Enrol people and follow a cohort, without seeing anybody's answers."),
    Role.OVERSIGHT_OFFICER: _l("See how Cairn decides and replay any decision."),
    Role.ADMINISTRATOR: _l("Look after accounts, roles and departments."),
}
# In the demonstration, where two people have one role.
WHAT_PARTS_SEE = {
    "newcomer": _l("Begin a module with nothing answered yet."),
    "reviewer": _l("Read what a colleague hands in: a second person reviews every draft."),
}
ROLE_NAMES = {
    Role.LEARNER: _l("Learner"),
    Role.TRAINER: _l("Trainer"),
    Role.HR_OFFICER: _l("HR officer"),
    Role.OVERSIGHT_OFFICER: _l("Oversight officer"),
    Role.ADMINISTRATOR: _l("Administrator"),
}


class SignInForm(Form):
    email = EmailField(
        _l("Email address"), [InputRequired(_l("Enter your email address"))], filters=[stripped]
    )
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password"))])
    next = HiddenField()


class PasswordForm(Form):
    current = PasswordField(
        _l("Current password"), [InputRequired(_l("Enter your current password"))]
    )
    new = PasswordField(
        _l("New password"),
        [InputRequired(_l("Enter a new password"))],
        description=_l("At least 12 characters. Three or four words work well."),
    )
    repeat = PasswordField(
        _l("New password again"), [InputRequired(_l("Enter the new password again"))]
    )


@bp.get("/")
def home() -> ResponseReturnValue:
    demo = _config().demo
    if g.user is not None and not demo:
        return redirect(_home_of(g.user))
    return render_template("account/home.html", demo_people=_demo_people() if demo else [])


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    if g.user is not None:
        return redirect(_home_of(g.user))
    return render_template("account/sign_in.html", form=SignInForm(request.args))


@bp.post("/sign-in")
def submit_sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate():
        token = transact(
            lambda db: accounts.sign_in(
                db,
                email=form.email.data or "",
                password=form.password.data or "",
                source=request.remote_addr or "",
                at=now(),
            )
        )
        if token is not None:
            return _let_in(token, to=form.next.data or "")
        form.blame(Invalid(accounts.REFUSAL, field="email"))
    return render_template("account/sign_in.html", form=form), 422


@bp.post("/demo/sign-in")
def demo_sign_in() -> ResponseReturnValue:
    if not _config().demo:
        raise NotFound
    person = _uuid(request.form.get("person", ""))
    return _let_in(transact(lambda db: visitors.demo_sign_in(db, person, at=now())), to="")


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    token = session.get("token", "")
    transact(lambda db: accounts.sign_out(db, token, at=now()))
    session.clear()
    answer = redirect(url_for(".home"), SEE_OTHER)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@bp.get("/account/password")
def password() -> ResponseReturnValue:
    return render_template("account/password.html", form=PasswordForm())


@bp.post("/account/password")
def submit_password() -> ResponseReturnValue:
    form = PasswordForm()
    try:
        if form.validate():
            _change_password(form)
            flash(_("Your password is changed. Other devices are signed out."), "success")
            return redirect(url_for(".password"), SEE_OTHER)
    except Invalid as problem:
        form.blame(problem)
    return render_template("account/password.html", form=form), 422


def _change_password(form: PasswordForm) -> None:
    if form.new.data != form.repeat.data:
        raise Invalid("The two new passwords are not the same.", field="repeat")
    token = transact(
        lambda db: accounts.change_password(
            db, g.user, current=form.current.data or "", new=form.new.data or "", at=now()
        )
    )
    _hold(token)


def _let_in(token: str, *, to: str) -> ResponseReturnValue:
    _hold(token)
    found = accounts.signed_in(current_session(), token, at=now())
    return redirect(to if found and is_local(to) else _home_of(found), SEE_OTHER)


def _hold(token: str) -> None:
    session.clear()  # a new session for every sign-in: nothing planted before survives
    session.permanent = True
    session["token"] = token


def _home_of(user: accounts.SignedIn | None) -> str:
    for role, endpoint in HOMES:
        if user is not None and user.has(role):
            return url_for(endpoint)
    return url_for("account.password") if user else url_for("account.sign_in")


def _demo_people() -> list[tuple[str, str, str, str]]:
    return [
        (
            str(person.id),
            person.name,
            str(ROLE_NAMES[person.role]),
            str(WHAT_PARTS_SEE.get(person.part) or WHAT_ROLES_SEE[person.role]),
        )
        for person in visitors.demo_people(current_session())
    ]


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound from None


def _config() -> Config:
    config: Config = current_app.config["CAIRN"]
    return config
