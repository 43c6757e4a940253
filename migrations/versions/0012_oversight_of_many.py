"""Decisions of one rule, and what was done about one person, are found without reading all."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_serving_agency_id_rule_served_at"), "serving", ["agency_id", "rule", "served_at"]
    )
    op.create_index(op.f("ix_audit_event_subject_id_at"), "audit_event", ["subject_id", "at"])
    op.create_index(
        op.f("ix_audit_event_agency_id_act_at"), "audit_event", ["agency_id", "act", "at"]
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_audit_event_agency_id_act_at"), "audit_event")
    op.drop_index(op.f("ix_audit_event_subject_id_at"), "audit_event")
    op.drop_index(op.f("ix_serving_agency_id_rule_served_at"), "serving")
