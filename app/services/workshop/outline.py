"""The skills of a draft: added, described, moved, and what builds on what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.authoring import RawItem, RawModule, RawSkill
from app.authoring.rules.skills import find_cycle
from app.services.errors import Invalid, NotFound, Refused
from app.services.workshop.naming import new_id, slug_of

LONGEST_TITLE = 100
LEAST_DOUBT = 0.01  # nobody is sure: a probability of 0 or 1 could never be learned from
MOST_DOUBT = 0.99


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an expert says of ten people; shares in [0, 1]."""

    knows: float
    learns: float
    guesses: float
    slips: float


def add_skill(raw: RawModule, title: str) -> RawModule:
    """The module with one more skill, which builds on nothing yet."""
    title = _checked_title(title)
    slug = slug_of(title, taken={skill.slug for skill in raw.skills}, otherwise="skill")
    return replace(raw, skills=(*raw.skills, RawSkill(id=new_id(), slug=slug, title=title)))


def describe_skill(raw: RawModule, skill_id: str, changed: RawSkill) -> RawModule:
    """The module with one skill described anew; a circle is refused with its path named."""
    at = place_of(raw, skill_id)
    _checked_title(changed.title)
    skills = (*raw.skills[:at], changed, *raw.skills[at + 1 :])
    _check_no_circle(skills)
    return replace(raw, skills=skills)


def move_skill(raw: RawModule, skill_id: str, *, by: int) -> RawModule:
    """The module with a skill moved up (-1) or down (+1) in the list."""
    at = place_of(raw, skill_id)
    to = min(max(at + by, 0), len(raw.skills) - 1)
    skills = [skill for skill in raw.skills if skill.id != skill_id]
    skills.insert(to, raw.skills[at])
    return replace(raw, skills=tuple(skills))


def remove_skill(raw: RawModule, skill_id: str, *, items: Sequence[RawItem]) -> RawModule:
    """The module without a skill that nothing practises; what built on it no longer does."""
    gone = raw.skills[place_of(raw, skill_id)].slug
    used = sum(gone in item.skills for item in items)
    if used:
        raise Refused(
            "%(count)d items belong to this skill. Move them to another skill first.", count=used
        )
    return replace(
        raw,
        skills=tuple(
            replace(skill, prerequisites=tuple(s for s in skill.prerequisites if s != gone))
            for skill in raw.skills
            if skill.slug != gone
        ),
    )


def place_of(raw: RawModule, skill_id: str) -> int:
    """Where a skill stands in the list, from 0, else NotFound."""
    for at, skill in enumerate(raw.skills):
        if skill.id == skill_id:
            return at
    raise NotFound


def estimated(estimate: Estimate) -> Mapping[str, float]:
    """The parameters of a skill that an expert's words amount to."""
    guess, slip = _doubtful(estimate.guesses), _doubtful(estimate.slips)
    if guess + slip >= 1:
        raise Invalid(
            "Guessing and slipping together must stay below ten of ten; they come to %(sum).1f.",
            field="guesses",
            sum=10 * (guess + slip),
        )
    return {
        "prior": _doubtful(estimate.knows),
        "learn": _doubtful(estimate.learns),
        "guess": guess,
        "slip": slip,
        "forget": 0.0,
    }


def _doubtful(share: float) -> float:
    return round(min(max(share, LEAST_DOUBT), MOST_DOUBT), 4)


def _checked_title(title: str) -> str:
    title = title.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid(
            "Give the skill a title of 1 to %(most)d characters", field="title", most=LONGEST_TITLE
        )
    return title


def _check_no_circle(skills: Sequence[RawSkill]) -> None:
    titles = {skill.slug: skill.title for skill in skills}
    circle = find_cycle({skill.slug: skill.prerequisites for skill in skills})
    if circle:
        raise Invalid(
            "That would run in a circle: %(path)s. Take one of these steps out.",
            field="prerequisites",
            path=" → ".join(titles.get(slug, slug) for slug in circle),
        )


def circle(raw: RawModule) -> tuple[str, ...]:
    """A circle of prerequisites as a path, empty when there is none."""
    known = {skill.slug for skill in raw.skills}
    return find_cycle({s.slug: tuple(p for p in s.prerequisites if p in known) for s in raw.skills})
