"""Regrades: wrong answer keys put right, and who was told."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

APPEND_ONLY = ("regrade", "regraded_log")


def upgrade() -> None:
    op.create_table(
        "regrade",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("item_revision_id", sa.Text(), nullable=False),
        sa.Column("corrected_revision_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("regraded_by", sa.Uuid(), nullable=False),
        sa.Column("regraded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "regraded_by"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_regrade_agency_id_regraded_by"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_regrade_agency_id")),
        sa.ForeignKeyConstraint(
            ["corrected_revision_id"],
            ["item_revision.id"],
            name=op.f("fk_regrade_corrected_revision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["item_revision_id"], ["item_revision.id"], name=op.f("fk_regrade_item_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade")),
    )

    with op.batch_alter_table("regrade", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_regrade_item_id_agency_id"), ["item_id", "agency_id"], unique=False
        )

    op.create_table(
        "regrade_told",
        sa.Column("regrade_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "learner_id"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_regrade_told_agency_id_learner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_regrade_told_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["regrade_id"], ["regrade.id"], name=op.f("fk_regrade_told_regrade_id")
        ),
        sa.PrimaryKeyConstraint("regrade_id", "learner_id", name=op.f("pk_regrade_told")),
    )

    op.create_table(
        "regraded_log",
        sa.Column("regrade_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outcomes", sa.Text(), nullable=False),
        sa.Column("standings", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("after_sequence", sa.Integer(), nullable=False),
        sa.Column("after_serving", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "learner_id"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_regraded_log_agency_id_learner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_regraded_log_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["regrade_id"], ["regrade.id"], name=op.f("fk_regraded_log_regrade_id")
        ),
        sa.PrimaryKeyConstraint("regrade_id", "learner_id", name=op.f("pk_regraded_log")),
        sa.UniqueConstraint("learner_id", "number", name=op.f("uq_regraded_log_learner_id_number")),
    )
    for table in APPEND_ONLY:
        forbid_changes(table)


def forbid_changes(table: str) -> None:
    """Rows of this table are written once: the database itself refuses to change them."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    raise NotImplementedError("The record is never undone; restore a backup instead.")
