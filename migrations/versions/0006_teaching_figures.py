"""Teaching figures: what learners did with a module, counted beforehand."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "teaching_figures",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Text(), nullable=False),
        sa.Column("module_revision_id", sa.Text(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_teaching_figures_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_teaching_figures_module_id")
        ),
        sa.ForeignKeyConstraint(
            ["module_revision_id"],
            ["module_revision.id"],
            name=op.f("fk_teaching_figures_module_revision_id"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "module_id", name=op.f("pk_teaching_figures")),
    )


def downgrade() -> None:
    raise NotImplementedError("The record is never undone; restore a backup instead.")
