"""What the rules find in a draft: in the same words as `flask content lint`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import authoring
from app.authoring import RULES, Catalogue, Problem, Severity, read_module, write_module
from app.authoring.texts import MODULE_FILE
from app.models import Media
from app.services.audit import Actor
from app.services.catalogue import foundations
from app.services.workshop.drafts import Draft

_NUMBERED = re.compile(r"skills (\d+): ")
SENTENCES: Mapping[str, str] = {rule.name: rule.sentence for rule in RULES}
# What a module still lacks. Learners are better served by a thin module than by none, so these do
# not stop a publication; the reviewer sees them. Whatever could mislead a learner does stop it.
GAPS = frozenset(
    {
        "enough-lessons",
        "enough-exercises",
        "one-transfer-case",
        "right-option-seldom-longest",
        "enough-for-evidence",
        "seldom-guessed",
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule. `item_id` is None for the module itself."""

    rule: str
    sentence: str
    message: str
    line: int
    item_id: str | None
    stops: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft held against the rules. `module` is None while its text cannot be read.

    places: the skills it may build on, by the name files use.
    """

    module: authoring.Module | None
    findings: tuple[Finding, ...]
    places: Mapping[str, authoring.SkillPlace]

    @property
    def stops(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.stops)

    @property
    def gaps(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.stops)

    def of_item(self, item_id: str) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.item_id == item_id)

    @property
    def of_module(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.item_id is None)


def check(session: Session, draft: Draft, *, trainer: Actor) -> Checked:
    """Every finding on a draft, as if it were published now."""
    media = session.scalars(select(Media.name).where(Media.agency_id == trainer.agency_id)).all()
    catalogue = _read(draft, tuple(media), _neighbours(session, draft))
    ids = {item.file: item.item_id for item in draft.items}
    titles = [skill.title for skill in draft.raw.skills] if draft.raw else []
    return Checked(
        module=catalogue.modules[0] if catalogue.modules else None,
        findings=tuple(_finding(problem, ids, titles) for problem in catalogue.problems),
        places=catalogue.places,
    )


def _neighbours(session: Session, draft: Draft) -> tuple[authoring.Neighbour, ...]:
    """What the draft may build on; not looked for where it builds on nothing."""
    if draft.raw is None or not any(skill.builds_on for skill in draft.raw.skills):
        return ()
    return foundations.neighbours(
        session, agency_id=draft.agency_id, module_id=draft.module_id, slug=draft.slug
    )


def _read(
    draft: Draft, media: tuple[str, ...], others: tuple[authoring.Neighbour, ...]
) -> Catalogue:
    text = draft.text
    if draft.raw is not None:
        text = write_module(replace(draft.raw, status="active"))
    return read_module(
        text,
        draft.texts(),
        slug=draft.slug,
        programme=draft.programme_id or "",
        media=media,
        others=others,
    )


def _finding(problem: Problem, ids: Mapping[str, str], titles: Sequence[str]) -> Finding:
    warns = problem.severity is Severity.WARNING
    of_module = problem.file == MODULE_FILE
    return Finding(
        rule=problem.rule,
        sentence=SENTENCES.get(problem.rule, ""),
        message=_named(problem.message, titles) if of_module else problem.message,
        line=problem.line,
        item_id=None if of_module else ids.get(problem.file),
        stops=not warns and problem.rule not in GAPS,
    )


def _named(message: str, titles: Sequence[str]) -> str:
    """The message with a skill's title in the place of its number, which only the text shows."""
    found = _NUMBERED.match(message)
    if found is None or int(found[1]) > len(titles):
        return message
    return f"“{titles[int(found[1]) - 1]}”: {message[found.end() :]}"
