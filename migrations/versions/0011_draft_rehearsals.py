"""Rehearsals of drafts: gone through by simulated learners before anything is published."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft_rehearsal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("draft_digest", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "draft_id"],
            ["module_draft.agency_id", "module_draft.id"],
            name=op.f("fk_draft_rehearsal_agency_id_draft_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "asked_by"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_draft_rehearsal_agency_id_asked_by"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_rehearsal")),
    )
    op.create_index(
        op.f("ix_draft_rehearsal_draft_id_made_at"), "draft_rehearsal", ["draft_id", "made_at"]
    )


def downgrade() -> None:
    raise NotImplementedError("The record is never undone; restore a backup instead.")
