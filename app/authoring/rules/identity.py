"""Rules on ids, slugs and the references between files."""

from collections.abc import Iterator

from marshmallow import ValidationError

from app.authoring.catalogue import Catalogue, Module, Source
from app.authoring.document import digest
from app.authoring.rules.finding import Finding, found
from app.authoring.schema import SLUG
from app.words import Sentence


def ids_are_unique(catalogue: Catalogue) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for id_, source, path in _ids(catalogue):
        if id_ in first:
            said = Sentence("id %(id)s is already used in %(place)s.", id=id_, place=first[id_])
            yield found(source, *path, message=said)
        first.setdefault(id_, f"{source.file}:{source.lines.of(*path)}")


def slugs_are_well_formed(catalogue: Catalogue) -> Iterator[Finding]:
    named = [(p.slug, p.source) for p in catalogue.programmes]
    named += [(m.slug, m.source) for m in catalogue.modules]
    named += [(item.slug, item.source) for item in catalogue.items]
    for slug, source in named:
        try:
            SLUG(slug)
        except ValidationError:
            said = Sentence(
                "The name %(name)s must be lower-case words joined by hyphens.", name=slug
            )
            yield Finding(source.file, 1, said)


def slugs_are_unique(catalogue: Catalogue) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for module in catalogue.modules:
        if module.slug in seen:
            said = f"The module name {module.slug} is already used by {seen[module.slug]}."
            yield Finding(module.source.file, 1, said)
        seen.setdefault(module.slug, module.source.file)
        yield from _skill_slugs(module)
        yield from _item_slugs(module)


def modules_exist(catalogue: Catalogue) -> Iterator[Finding]:
    known = {module.slug for module in catalogue.modules}
    for programme in catalogue.programmes:
        for n, slug in enumerate(programme.modules):
            if slug not in known:
                said = f"There is no module {slug}, or its module.toml has errors."
                yield found(programme.source, "modules", n, message=said)


def documents_differ(catalogue: Catalogue) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for item in catalogue.items:
        name = digest(item.document)
        if name in first:
            said = Sentence("The item says the same as %(other)s.", other=first[name])
            yield Finding(item.source.file, 1, said)
        first.setdefault(name, item.source.file)


def skills_exist(catalogue: Catalogue) -> Iterator[Finding]:
    named = [(m, item, slug) for m in catalogue.modules for item in m.items for slug in item.skills]
    for module, item, slug in named:
        if module.skill(slug) is None:
            said = Sentence("There is no skill %(name)s in this module.", name=slug)
            yield found(item.source, "skills", message=said)


def items_lie_with_their_main_skill(catalogue: Catalogue) -> Iterator[Finding]:
    for item in catalogue.items:
        if item.skills[0] != item.folder:
            said = Sentence(
                "The main skill is %(name)s, but the folder is %(folder)s.",
                name=item.skills[0],
                folder=item.folder,
            )
            yield found(item.source, "skills", message=said)


def _skill_slugs(module: Module) -> Iterator[Finding]:
    slugs = [skill.slug for skill in module.skills]
    for n, slug in enumerate(slugs):
        if slug in slugs[:n]:
            said = Sentence("The skill %(name)s is described twice.", name=slug)
            yield found(module.source, "skills", n, "slug", message=said)


def _item_slugs(module: Module) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for item in module.items:
        if item.slug in first:
            said = Sentence(
                "The file name %(name)s is already used by %(other)s.",
                name=item.slug,
                other=first[item.slug],
            )
            yield Finding(item.source.file, 1, said)
        first.setdefault(item.slug, item.source.file)


def _ids(catalogue: Catalogue) -> Iterator[tuple[str, Source, tuple[str | int, ...]]]:
    for programme in catalogue.programmes:
        yield programme.id, programme.source, ("id",)
    for module in catalogue.modules:
        yield module.id, module.source, ("id",)
        for n, skill in enumerate(module.skills):
            yield skill.id, module.source, ("skills", n, "id")
    for item in catalogue.items:
        yield item.id, item.source, ("id",)
