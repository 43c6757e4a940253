"""A module's skills as a CASE 1.0 CFPackage."""

import json
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


def write_framework(module: Module, *, base: str, at: datetime) -> str:
    """Return the JSON of a CFPackage with the module's skills.

    base: the public address identifiers are made from; the same module always has the same ones.
    A prerequisite `precedes` its skill; framework codes are in the notes.
    """
    return json.dumps(_Package(module, base.rstrip("/"), at).rows(), ensure_ascii=False, indent=2)


class _Package:
    def __init__(self, module: Module, base: str, at: datetime) -> None:
        self.module = module
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
        by_slug = {skill.slug: skill for skill in self.module.skills}
        return [
            self._association("precedes", self._skill(by_slug[slug]), self._skill(skill))
            for skill in self.module.skills
            for slug in skill.prerequisites
            if slug in by_slug
        ]

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
