"""What the rules find in a draft: in the same words as `flask content lint`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import authoring
from app.authoring import RULES, Catalogue, Problem, RawSkill, Severity, read_module, write_module
from app.authoring.plain_problems import in_plain_words, is_plain
from app.authoring.texts import MODULE_FILE
from app.models import Media
from app.services.audit import Actor
from app.services.catalogue import foundations
from app.services.workshop.drafts import Draft
from app.words import Sentence

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

# Mended by writing items, or by writing others.
LACKS_ITEMS = frozenset(
    {
        "enough-lessons",
        "enough-exercises",
        "one-transfer-case",
        "reachable-skills",
        "enough-for-evidence",
        "seldom-guessed",
    }
)
ABOUT = frozenset({"title", "summary", "goal", "language", "as_of", "sources"})
# What one skill lacks, by what a file's row of it would be told.
OF_SKILL: Mapping[str, Sentence] = {
    "Skills without a title: %(places)s.": Sentence("“%(skill)s” has no title yet."),
    "Skills without a summary: %(places)s.": Sentence("“%(skill)s” has no summary yet."),
    "Skills without a reason for your estimates: %(places)s.": Sentence(
        "“%(skill)s” lacks the reason for your estimates."
    ),
}


class Part(StrEnum):
    """The form that mends a finding."""

    ABOUT = "about"
    SKILLS = "skills"
    SKILL = "skill"
    ITEM = "item"
    NEW_ITEM = "new-item"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule. `item_id` is None for the module itself.

    sentence: the rule, empty where the message says it all.  part: where the trainer mends it.
    skill_id, skill_slug: the skill it speaks of, else empty.
    """

    rule: str
    sentence: str
    message: str
    line: int
    item_id: str | None
    stops: bool
    part: Part = Part.ITEM
    skill_id: str = ""
    skill_slug: str = ""


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

    @property
    def gaps_by_rule(self) -> Mapping[str, tuple[Finding, ...]]:
        """What could be better under the sentence of its rule, which is then said once."""
        rules = dict.fromkeys(gap.sentence for gap in self.gaps)
        return {rule: tuple(gap for gap in self.gaps if gap.sentence == rule) for rule in rules}

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
    skills = draft.raw.skills if draft.raw else ()
    problems = in_plain_words(catalogue.problems, apart=frozenset({"skills"}))
    return Checked(
        module=catalogue.modules[0] if catalogue.modules else None,
        findings=tuple(_finding(problem, ids, skills) for problem in problems),
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


def _finding(problem: Problem, ids: Mapping[str, str], skills: Sequence[RawSkill]) -> Finding:
    warns = problem.severity is Severity.WARNING
    of_module = problem.file == MODULE_FILE
    skill = _skill_of(problem, skills) if of_module else None
    return Finding(
        rule=problem.rule,
        sentence="" if is_plain(problem) else SENTENCES.get(problem.rule, ""),
        message=_named(problem, skill, {one.slug: one.title for one in skills}),
        line=problem.line,
        item_id=None if of_module else ids.get(problem.file),
        stops=not warns and problem.rule not in GAPS,
        part=_part(problem, skill) if of_module else Part.ITEM,
        skill_id=skill.id if skill else "",
        skill_slug=skill.slug if skill else "",
    )


def _skill_of(problem: Problem, skills: Sequence[RawSkill]) -> RawSkill | None:
    """The skill a problem of the module's own text stands in."""
    head, place = (*problem.path, "", "")[:2]
    known = head == "skills" and isinstance(place, int) and place < len(skills)
    return skills[place] if known and isinstance(place, int) else None


def _part(problem: Problem, skill: RawSkill | None) -> Part:
    if problem.rule in LACKS_ITEMS:
        return Part.NEW_ITEM
    if skill is not None:
        return Part.SKILL
    head = problem.path[0] if problem.path else ""
    if head == "skills":
        return Part.SKILLS
    return Part.ABOUT if head in ABOUT else Part.TEXT


def _named(problem: Problem, skill: RawSkill | None, titles: Mapping[str, str]) -> str:
    """The message with a skill's title in the place of its name or number, which files use."""
    said = problem.message
    if not isinstance(said, Sentence):
        return said
    if skill is not None and said.template in OF_SKILL:
        return Sentence(OF_SKILL[said.template].template, skill=skill.title)
    slug = said.values.get("skill")
    if isinstance(slug, str):
        return Sentence(said.template, **{**said.values, "skill": titles.get(slug, slug)})
    return said
