"""The drift watch keeps the calibration error too: gaps that cancel out in the mean show there."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("skill_drift", sa.Column("error", sa.Double()))


def downgrade() -> None:
    op.drop_column("skill_drift", "error")
