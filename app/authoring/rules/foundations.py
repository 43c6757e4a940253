"""Rules on what a skill builds on in other modules."""

from collections.abc import Iterator
from itertools import pairwise

from app.authoring.catalogue import Catalogue, Module
from app.authoring.rules.finding import Finding, found
from app.authoring.rules.skills import find_cycle
from app.words import Sentence


def foundations_exist(catalogue: Catalogue) -> Iterator[Finding]:
    known = {module.slug: module.skills for module in catalogue.neighbours}
    for module, n, place in _named(catalogue):
        other, _, slug = place.partition("/")
        if other == module.slug:
            said = Sentence(
                "“%(skill)s” is a skill of this module: name it under prerequisites.", skill=slug
            )
        elif other not in known:
            said = Sentence("There is no other module %(module)s to build on.", module=other)
        elif slug not in known[other]:
            said = Sentence("The module %(module)s has no skill %(name)s.", module=other, name=slug)
        else:
            continue
        yield found(module.source, "skills", n, "builds_on", message=said)


def modules_have_no_cycle(catalogue: Catalogue) -> Iterator[Finding]:
    """Yield one finding for a circle, where a module of it that is read here steps into it."""
    needs = {module.slug: module.builds_on - {module.slug} for module in catalogue.neighbours}
    known = {slug: tuple(sorted(names & needs.keys())) for slug, names in needs.items()}
    cycle = find_cycle(known)
    steps = dict(pairwise(cycle))
    for module, n, place in _named(catalogue):
        if steps.get(module.slug) == place.partition("/")[0]:
            said = Sentence(
                "Modules build on each other in a circle: %(path)s.", path=" -> ".join(cycle)
            )
            yield found(module.source, "skills", n, "builds_on", message=said)
            return


def _named(catalogue: Catalogue) -> Iterator[tuple[Module, int, str]]:
    """Yield each module, the place of a skill in it, and what that builds on elsewhere."""
    for module in catalogue.modules:
        for n, skill in enumerate(module.skills):
            for place in skill.builds_on:
                yield module, n, place
