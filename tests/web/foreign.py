"""Which titles of content a page shows without saying that they are in another language."""

from collections.abc import Iterator
from html.parser import HTMLParser

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.authoring import read_raw, read_raw_module
from app.models import ItemDraft, ModuleDraft, ModuleRevision
from app.services.catalogue import shelf
from tests.web.pseudo import VOID

# What a control reads aloud, the heads of columns, the words of a comparison, and no text at all.
_LEFT_ALONE = frozenset({"title", "option", "script", "style", "textarea", "code", "pre"}) | {
    "label",
    "legend",
    "thead",
}
_COMPARED = "difference-words"


def titles(session: Session) -> Iterator[str]:
    """The title of every module, skill and item, published or in the workshop."""
    for revision_id in session.scalars(select(ModuleRevision.id)):
        syllabus = shelf.syllabus(session, revision_id)
        yield syllabus.title
        yield from (skill.title for skill in syllabus.skills.values())
        yield from (item.title for item in syllabus.items.values())
    for draft in session.scalars(select(ModuleDraft)):
        raw = read_raw_module(draft.text)
        if raw is not None:
            yield raw.title
            yield from (skill.title for skill in raw.skills)
    for item in session.scalars(select(ItemDraft)):
        written = read_raw(item.text)
        if written is not None:
            yield written.title


class Page(HTMLParser):
    """Finds each text that is one of these titles and has no language of its own around it."""

    def __init__(self, page: str, known: frozenset[str]) -> None:
        super().__init__()
        self.found: list[str] = []
        self._known = known
        self._path: list[tuple[str, bool]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            given = dict(attrs)
            said = tag != "html" and "lang" in given
            self._path.append((tag, said or given.get("class") == _COMPARED))

    def handle_endtag(self, tag: str) -> None:
        while any(tag == one for one, _ in self._path) and self._path.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        said = any(has_language for _, has_language in self._path)
        if said or _LEFT_ALONE & {tag for tag, _ in self._path}:
            return
        if data.strip() in self._known:
            self.found.append(f"{'/'.join(tag for tag, _ in self._path[-3:])}: {data.strip()}")
