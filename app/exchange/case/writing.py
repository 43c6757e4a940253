"""A module's skills as a CASE 1.0 CFPackage."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from app.authoring import Module, Skill, Status

_ADOPTION = {
    Status.DRAFT: "Draft",
    Status.ACTIVE: "Adopted",
    Status.RETIRED: "Deprecated",
}
_CREATOR = "Cairn"
_KIND = "Skill"
Row = dict[str, object]


def write_framework(
    module: Module, *, base: str, at: datetime, others: Sequence[Module] = ()
) -> str:
    """Return the JSON of a CFPackage with the module's skills.

    base: the public address identifiers are made from; the same module always has the same ones.
    others: the modules it may build on. A skill named there is linked to in the package of its
    own module, and left out where that module is not among them.
    A prerequisite `precedes` its skill; framework codes are in the notes.
    """
    package = _Package(module, base.rstrip("/"), at, others)
    return json.dumps(package.rows(), ensure_ascii=False, indent=2)


class _Package:
    def __init__(self, module: Module, base: str, at: datetime, others: Sequence[Module]) -> None:
        self.module = module
        self.elsewhere = {f"{o.slug}/{s.slug}": s for o in others for s in o.skills}
        self.base = f"{base}/ims/case/v1p0"
        self.at = at.isoformat(timespec="seconds")

    def rows(self) -> Row:
        return {
            "CFDocument": self._document(),
            "CFItems": [self._item(skill) for skill in self.module.skills],
            "CFAssociations": [*self._places(), *self._prerequisites()],
            "CFDefinitions": {
                "CFConcepts": [],
                "CFSubjects": [],
                "CFLicenses": [],
                "CFItemTypes": [self._item_type()],
                "CFAssociationGroupings": [],
            },
        }

    def _document(self) -> Row:
        return {
            **self._named("CFDocuments", self.module.id),
            "creator": _CREATOR,
            "title": self.module.title,
            "lastChangeDateTime": self.at,
            "description": self.module.summary,
            "language": self.module.language,
            "adoptionStatus": _ADOPTION[self.module.status],
            "notes": self.module.goal,
        }

    def _item(self, skill: Skill) -> Row:
        codes = "; ".join(f"{name}: {', '.join(codes)}" for name, codes in skill.frameworks)
        return {
            **self._named("CFItems", skill.id),
            "fullStatement": skill.summary,
            "abbreviatedStatement": skill.title,
            "humanCodingScheme": skill.slug,
            "CFItemType": _KIND,
            "CFItemTypeURI": self._link("CFItemTypes", _KIND, title=_KIND),
            "language": self.module.language,
            **({"notes": codes} if codes else {}),
            "lastChangeDateTime": self.at,
        }

    def _item_type(self) -> Row:
        return {
            **self._named("CFItemTypes", _KIND),
            "title": _KIND,
            "description": "What a learner can do after the module.",
            "hierarchyCode": "1",
            "typeCode": _KIND,
            "lastChangeDateTime": self.at,
        }

    def _places(self) -> list[Row]:
        document = self._link("CFDocuments", self.module.id, title=self.module.title)
        return [
            self._association("isChildOf", self._skill(skill), document)
            | {"sequenceNumber": number}
            for number, skill in enumerate(self.module.skills, start=1)
        ]

    def _prerequisites(self) -> list[Row]:
        return [
            self._association("precedes", self._skill(before), self._skill(skill))
            for skill in self.module.skills
            for before in self._before(skill)
        ]

    def _before(self, skill: Skill) -> Iterator[Skill]:
        """Yield what a skill builds on: in its own module first, then elsewhere."""
        own = {one.slug: one for one in self.module.skills}
        yield from (own[slug] for slug in skill.prerequisites if slug in own)
        yield from (self.elsewhere[p] for p in skill.builds_on if p in self.elsewhere)

    def _association(self, kind: str, origin: Row, destination: Row) -> Row:
        named = f"{kind} {origin['identifier']} {destination['identifier']}"
        return {
            **self._named("CFAssociations", named),
            "associationType": kind,
            "originNodeURI": origin,
            "destinationNodeURI": destination,
            "lastChangeDateTime": self.at,
        }

    def _skill(self, skill: Skill) -> Row:
        return self._link("CFItems", skill.id, title=skill.title)

    def _link(self, kind: str, name: str, *, title: str) -> Row:
        return {"title": title, **self._named(kind, name)}

    def _named(self, kind: str, name: str) -> Row:
        identifier = str(uuid5(NAMESPACE_URL, f"{self.base}/{kind}/{name}"))
        return {"identifier": identifier, "uri": f"{self.base}/{kind}/{identifier}"}
