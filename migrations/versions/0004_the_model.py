"""The model: predictions kept with servings, running estimates, item difficulties.

What was there before stays as it is: old servings and responses have none of the new facts, and a
learner without a trace has the one that begins.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("serving", sa.Column("predicted", sa.Double(), nullable=True))
    op.add_column("serving", sa.Column("difficulty", sa.Double(), nullable=True))
    op.add_column("serving", sa.Column("expectation", sa.Text(), nullable=True))
    op.add_column("response", sa.Column("weighing", sa.Text(), nullable=True))
    op.add_column("learner_state", sa.Column("trace", sa.Text(), nullable=True))
    op.create_table(
        "item_difficulty",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("difficulty", sa.Double(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_difficulty_item_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_difficulty")),
    )
    op.execute(
        "INSERT INTO item_difficulty (item_id, difficulty, answers, locked) "
        "SELECT id, 0, 0, FALSE FROM item"
    )


def downgrade() -> None:
    raise NotImplementedError("The record is never undone; restore a backup instead.")
