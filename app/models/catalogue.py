"""What is taught: programmes, modules, skills, items, and their immutable revisions."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Programme(Base):
    """Modules for a role. Content without an agency is shared by all."""

    __tablename__ = "programme"

    id: Mapped[str] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency.id"))
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    summary: Mapped[str]
    status: Mapped[str]
    # Title and summary in other languages, by language: JSON text.
    words: Mapped[str] = mapped_column(default="{}", server_default=text("'{}'"))


class ProgrammeModule(Base):
    """A module's place in a programme."""

    __tablename__ = "programme_module"

    programme_id: Mapped[str] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    module_id: Mapped[str] = mapped_column(ForeignKey("module.id"), primary_key=True)
    position: Mapped[int]


class Module(Base):
    """A module as it is taught now: which revision and which parameter set new servings use."""

    __tablename__ = "module"

    id: Mapped[str] = mapped_column(primary_key=True)
    agency_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency.id"))
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    status: Mapped[str]
    revision_id: Mapped[str] = mapped_column(ForeignKey("module_revision.id"))
    parameter_set_id: Mapped[str] = mapped_column(ForeignKey("parameter_set.id"))


class ModuleRevision(Base):
    """One immutable text of a module: its skills and which item revisions it is made of.

    The id is the digest of the document, so publishing the same files twice is one revision.
    """

    __tablename__ = "module_revision"
    __table_args__ = (UniqueConstraint("module_id", "number"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    module_id: Mapped[str]
    number: Mapped[int]
    document: Mapped[str]  # canonical JSON; the id is its digest
    published_at: Mapped[datetime]


class Skill(Base):
    """What is learned. Title and prerequisites live in the module revision."""

    __tablename__ = "skill"

    id: Mapped[str] = mapped_column(primary_key=True)
    module_id: Mapped[str] = mapped_column(ForeignKey("module.id"))
    slug: Mapped[str]
    position: Mapped[int]


class Item(Base):
    """The smallest thing shown: a lesson or an exercise."""

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("module_id", "slug"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    module_id: Mapped[str] = mapped_column(ForeignKey("module.id"))
    slug: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str]


class ItemRevision(Base):
    """One immutable text of an item: what a learner saw is always known."""

    __tablename__ = "item_revision"
    __table_args__ = (Index(None, "item_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[str]
    document: Mapped[str]  # canonical JSON; the id is its digest
    published_at: Mapped[datetime]


class ParameterSet(Base):
    """All parameters of a module's skills, fitted or estimated together, and versioned."""

    __tablename__ = "parameter_set"
    __table_args__ = (UniqueConstraint("module_id", "number"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    module_id: Mapped[str]
    number: Mapped[int]
    origin: Mapped[str]
    document: Mapped[str]  # canonical JSON; the id is its digest
    created_at: Mapped[datetime]
