"""A week's figures are published by a job, and say by which."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In SQL, because on SQLite Alembic would make the table anew, without what keeps it as it is.
    kind = "UUID" if op.get_bind().dialect.name == "postgresql" else "CHAR(32)"
    op.execute(
        f"ALTER TABLE progress_snapshot ADD COLUMN job_id {kind} "
        "CONSTRAINT fk_progress_snapshot_job_id REFERENCES job (id)"
    )


def downgrade() -> None:
    raise NotImplementedError("The record is never undone; restore a backup instead.")
