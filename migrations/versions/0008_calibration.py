"""Calibrations, the switch to another parameter set, and the drift watch."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

APPEND_ONLY = ("parameter_switch", "switched_log", "skill_drift")


def upgrade() -> None:
    op.create_table(
        "calibration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("module_id", sa.Text(), nullable=False),
        sa.Column("base_set_id", sa.Text(), nullable=False),
        sa.Column("proposed_set_id", sa.Text(), nullable=False),
        sa.Column("comparison", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("rolled_back_by", sa.Uuid(), nullable=True),
        sa.Column("rolled_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rolled_back_because", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'not-better', 'approved', 'active', 'rolling-back', "
            "'rolled-back', 'rejected', 'retired')",
            name=op.f("ck_calibration_state_is_known"),
        ),
        sa.CheckConstraint(
            "asked_by IS NULL OR decided_by IS NULL OR asked_by <> decided_by",
            name=op.f("ck_calibration_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_calibration_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "asked_by"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_calibration_agency_id_asked_by"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "decided_by"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_calibration_agency_id_decided_by"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "rolled_back_by"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_calibration_agency_id_rolled_back_by"),
        ),
        sa.ForeignKeyConstraint(
            ["base_set_id"], ["parameter_set.id"], name=op.f("fk_calibration_base_set_id")
        ),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_calibration_module_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_set_id"], ["parameter_set.id"], name=op.f("fk_calibration_proposed_set_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration")),
    )
    op.create_index(
        op.f("ix_calibration_module_id_asked_at"), "calibration", ["module_id", "asked_at"]
    )
    op.create_table(
        "parameter_switch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("calibration_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Text(), nullable=False),
        sa.Column("before_set_id", sa.Text(), nullable=False),
        sa.Column("parameter_set_id", sa.Text(), nullable=False),
        sa.Column("switched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["before_set_id"], ["parameter_set.id"], name=op.f("fk_parameter_switch_before_set_id")
        ),
        sa.ForeignKeyConstraint(
            ["calibration_id"], ["calibration.id"], name=op.f("fk_parameter_switch_calibration_id")
        ),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_parameter_switch_module_id")
        ),
        sa.ForeignKeyConstraint(
            ["parameter_set_id"],
            ["parameter_set.id"],
            name=op.f("fk_parameter_switch_parameter_set_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parameter_switch")),
    )
    op.create_table(
        "switched_log",
        sa.Column("switch_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("standings", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("after_sequence", sa.Integer(), nullable=False),
        sa.Column("after_serving", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_switched_log_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "learner_id"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_switched_log_agency_id_learner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["switch_id"], ["parameter_switch.id"], name=op.f("fk_switched_log_switch_id")
        ),
        sa.PrimaryKeyConstraint("switch_id", "learner_id", name=op.f("pk_switched_log")),
        sa.UniqueConstraint("learner_id", "number", name=op.f("uq_switched_log_learner_id_number")),
    )
    op.create_table(
        "rebuilt_state",
        sa.Column("switch_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("helps", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=True),
        sa.Column("standings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("switch_id", "learner_id", name=op.f("pk_rebuilt_state")),
    )
    op.create_table(
        "rebuilt_mastery",
        sa.Column("switch_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("skill_id", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("mastery", sa.Double(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("last_sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "switch_id", "learner_id", "skill_id", name=op.f("pk_rebuilt_mastery")
        ),
    )
    op.create_table(
        "skill_drift",
        sa.Column("skill_id", sa.Text(), nullable=False),
        sa.Column("module_id", sa.Text(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("learners", sa.Integer(), nullable=False),
        sa.Column("predicted", sa.Double(), nullable=False),
        sa.Column("right", sa.Double(), nullable=False),
        sa.Column("low", sa.Double(), nullable=False),
        sa.Column("high", sa.Double(), nullable=False),
        sa.Column("alarm", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_skill_drift_module_id")
        ),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name=op.f("fk_skill_drift_skill_id")),
        sa.PrimaryKeyConstraint("skill_id", "measured_at", name=op.f("pk_skill_drift")),
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
