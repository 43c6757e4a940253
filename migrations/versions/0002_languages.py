"""Which language a person reads, and a programme's words in other languages."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_account", sa.Column("language", sa.Text(), nullable=True))
    op.add_column(
        "programme", sa.Column("words", sa.Text(), nullable=False, server_default=sa.text("'{}'"))
    )


def downgrade() -> None:
    raise NotImplementedError("The record is never undone; restore a backup instead.")
