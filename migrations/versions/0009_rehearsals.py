"""Rehearsals: a module gone through by simulated learners before people do."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rehearsal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Text(), nullable=False),
        sa.Column("module_revision_id", sa.Text(), nullable=False),
        sa.Column("parameter_set_id", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_rehearsal_agency_id")),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_rehearsal_module_id")),
        sa.ForeignKeyConstraint(
            ["module_revision_id"],
            ["module_revision.id"],
            name=op.f("fk_rehearsal_module_revision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["parameter_set_id"],
            ["parameter_set.id"],
            name=op.f("fk_rehearsal_parameter_set_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "asked_by"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_rehearsal_agency_id_asked_by"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsal")),
    )
    op.create_index(
        op.f("ix_rehearsal_agency_id_module_id_made_at"),
        "rehearsal",
        ["agency_id", "module_id", "made_at"],
    )


def downgrade() -> None:
    raise NotImplementedError("The record is never undone; restore a backup instead.")
