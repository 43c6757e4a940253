"""Placement: a few questions before a module begins, and what they found."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

APPEND_ONLY = ("placement", "placement_answer", "placed_log")


def upgrade() -> None:
    op.create_table(
        "placement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Text(), nullable=False),
        sa.Column("module_revision_id", sa.Text(), nullable=False),
        sa.Column("parameter_set_id", sa.Text(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_placement_agency_id")),
        sa.ForeignKeyConstraint(
            ["agency_id", "learner_id"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_placement_agency_id_learner_id"),
        ),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_placement_module_id")),
        sa.ForeignKeyConstraint(
            ["module_revision_id"],
            ["module_revision.id"],
            name=op.f("fk_placement_module_revision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["parameter_set_id"],
            ["parameter_set.id"],
            name=op.f("fk_placement_parameter_set_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint(
            "learner_id", "module_id", name=op.f("uq_placement_learner_id_module_id")
        ),
    )
    op.create_table(
        "placement_answer",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("item_revision_id", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('correct', 'wrong', 'dont_know')",
            name=op.f("ck_placement_answer_outcome_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_placement_answer_placement_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_revision_id"],
            ["item_revision.id"],
            name=op.f("fk_placement_answer_item_revision_id"),
        ),
        sa.PrimaryKeyConstraint("placement_id", "number", name=op.f("pk_placement_answer")),
    )
    op.create_table(
        "placed_log",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("after_sequence", sa.Integer(), nullable=False),
        sa.Column("after_serving", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_placed_log_agency_id")),
        sa.ForeignKeyConstraint(
            ["agency_id", "learner_id"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_placed_log_agency_id_learner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_placed_log_placement_id")
        ),
        sa.PrimaryKeyConstraint("placement_id", name=op.f("pk_placed_log")),
        sa.UniqueConstraint("learner_id", "number", name=op.f("uq_placed_log_learner_id_number")),
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
