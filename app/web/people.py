"""The administrator's pages: people, their roles and passwords, departments."""

import uuid

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired

from app.clock import now
from app.db import current_session, transact
from app.models import Role
from app.services.errors import Invalid
from app.services.people import departments as departments_kept
from app.services.people import keeping, roster
from app.services.people.keeping import Account
from app.services.people.passwords import hash_password, one_time_password
from app.services.people.roster import PersonLine
from app.web.account import ROLE_NAMES
from app.web.finding import PeopleSearch
from app.web.forms import Form, choices, stripped

bp = Blueprint("people", __name__, url_prefix="/people")
SEE_OTHER = 303
ROLE_HINTS = {
    Role.LEARNER.value: _l("Takes the modules they are enrolled in."),
    Role.TRAINER.value: _l("Sees the content and helps the learners of their cohorts."),
    Role.HR_OFFICER.value: _l("Enrols people and follows cohorts, never single answers."),
    Role.OVERSIGHT_OFFICER.value: _l("Looks up decisions and reads audit events."),
    Role.ADMINISTRATOR.value: _l("Keeps accounts, roles and departments."),
}


class AccountForm(Form):
    name = StringField(
        _l("Name"), [InputRequired(_l("Enter the person's name."))], filters=[stripped]
    )
    department = SelectField(_l("Department"), validate_choice=False)
    roles = SelectMultipleField(
        _l("Roles"),
        choices=choices({role.value: ROLE_NAMES[role] for role in Role}),
        description=_l("Choose all that fit. Each role opens its own pages and no others."),
    )

    def read(self, *, active: bool = True) -> Account:
        """The account as typed; a department nobody offered is told apart by the service."""
        try:
            department = uuid.UUID(self.department.data) if self.department.data else None
        except ValueError:
            raise Invalid("Choose a department of your agency.", field="department") from None
        return Account(
            name=self.name.data or "",
            department_id=department,
            roles=frozenset(Role(role) for role in self.roles.data or []),
            active=active,
        )


class CreateForm(AccountForm):
    email = EmailField(
        _l("Email address"),
        [InputRequired(_l("Enter the person's email address."))],
        filters=[stripped],
        description=_l("The person signs in with it."),
    )


class PersonForm(AccountForm):
    active = BooleanField(
        _l("The account is open"),
        description=_l("A closed account cannot sign in. What was learned is kept."),
    )


class DepartmentForm(Form):
    name = StringField(
        _l("Name of the department"), [InputRequired(_l("Enter a name."))], filters=[stripped]
    )


@bp.get("")
def home() -> ResponseReturnValue:
    form = PeopleSearch(request.args)
    page = roster.search(
        current_session(),
        g.user,
        words=form.words,
        after=request.args.get("after", type=uuid.UUID),
    )
    return render_template("people/home.html", form=form, page=page, role_names=ROLE_NAMES)


@bp.get("/new")
def create() -> ResponseReturnValue:
    form = CreateForm(formdata=None, roles=[Role.LEARNER.value])
    return _show_create(form)


@bp.post("/new")
def submit_create() -> ResponseReturnValue:
    form = CreateForm()
    password = one_time_password()
    try:
        if form.validate():
            account = form.read()
            hashed = hash_password(password)  # before the transaction: it takes a while
            added = transact(
                lambda db: keeping.add(
                    db,
                    account,
                    email=form.email.data or "",
                    password_hash=hashed,
                    administrator=g.user,
                    at=now(),
                )
            )
            person = roster.person(current_session(), added, administrator=g.user)
            return _show_password(person, password, fresh=True)
    except Invalid as problem:
        form.blame(problem)
    return _show_create(form), 422


@bp.get("/<uuid:person_id>")
def person(person_id: uuid.UUID) -> ResponseReturnValue:
    found = roster.person(current_session(), person_id, administrator=g.user)
    form = PersonForm(
        formdata=None,
        name=found.name,
        department=str(found.department_id or ""),
        roles=[role.value for role in found.roles],
        active=found.active,
    )
    return _show_person(form, found)


@bp.post("/<uuid:person_id>")
def submit_person(person_id: uuid.UUID) -> ResponseReturnValue:
    found = roster.person(current_session(), person_id, administrator=g.user)
    form = PersonForm()
    try:
        if form.validate():
            account = form.read(active=bool(form.active.data))
            transact(
                lambda db: keeping.change(db, person_id, account, administrator=g.user, at=now())
            )
            flash(_("The account of %(name)s is saved.", name=account.name), "success")
            return redirect(url_for(".home"), SEE_OTHER)
    except Invalid as problem:
        form.blame(problem)
    return _show_person(form, found), 422


@bp.post("/<uuid:person_id>/password")
def reset_password(person_id: uuid.UUID) -> ResponseReturnValue:
    found = roster.person(current_session(), person_id, administrator=g.user)
    password = one_time_password()
    hashed = hash_password(password)
    transact(
        lambda db: keeping.reset_password(
            db, person_id, password_hash=hashed, administrator=g.user, at=now()
        )
    )
    return _show_password(found, password, fresh=False)


@bp.get("/departments")
def departments() -> ResponseReturnValue:
    return _show_departments(DepartmentForm(formdata=None))


@bp.post("/departments")
def add_department() -> ResponseReturnValue:
    form = DepartmentForm()
    name = form.name.data or ""
    try:
        if form.validate():
            transact(lambda db: departments_kept.add(db, name, administrator=g.user, at=now()))
            flash(_("The department “%(name)s” is added.", name=name), "success")
            return redirect(url_for(".departments"), SEE_OTHER)
    except Invalid as problem:
        form.blame(problem)
    return _show_departments(form), 422


@bp.post("/departments/<uuid:department_id>")
def rename_department(department_id: uuid.UUID) -> ResponseReturnValue:
    form = DepartmentForm(prefix=_prefix(department_id))
    name = form.name.data or ""
    try:
        if form.validate():
            transact(
                lambda db: departments_kept.rename(
                    db, department_id, name, administrator=g.user, at=now()
                )
            )
            flash(_("The department is now “%(name)s”.", name=name), "success")
            return redirect(url_for(".departments"), SEE_OTHER)
    except Invalid as problem:
        form.blame(problem)
    return _show_departments(DepartmentForm(formdata=None), {department_id: form}), 422


def _show_create(form: CreateForm) -> str:
    _offer_departments(form)
    return render_template("people/create.html", form=form, role_hints=ROLE_HINTS)


def _show_person(form: PersonForm, found: PersonLine) -> str:
    _offer_departments(form)
    return render_template("people/person.html", form=form, person=found, role_hints=ROLE_HINTS)


def _show_password(person: PersonLine, password: str, *, fresh: bool) -> str:
    """The only page that ever shows the password: answered to the POST, kept nowhere."""
    return render_template("people/password.html", person=person, password=password, fresh=fresh)


def _show_departments(
    form: DepartmentForm, renaming: dict[uuid.UUID, DepartmentForm] | None = None
) -> str:
    lines = departments_kept.departments(current_session(), g.user)
    forms = {
        line.id: (renaming or {}).get(line.id)
        or DepartmentForm(formdata=None, prefix=_prefix(line.id), name=line.name)
        for line in lines
    }
    return render_template(
        "people/departments.html",
        form=next((one for one in forms.values() if one.errors), form),
        adding=form,
        lines=lines,
        forms=forms,
    )


def _prefix(department_id: uuid.UUID) -> str:
    return f"department-{department_id.hex}"


def _offer_departments(form: AccountForm) -> None:
    names = {str(line.id): line.name for line in _departments()}
    form.department.choices = choices({"": _("None")} | names)


def _departments() -> tuple[departments_kept.DepartmentLine, ...]:
    return departments_kept.departments(current_session(), g.user)
