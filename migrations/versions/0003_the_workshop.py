"""The workshop: drafts of modules and items, their review, and the images in them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPEND_ONLY = ("draft_text", "media")


def upgrade() -> None:
    op.create_table(
        "media",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "added_by"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_media_agency_id_added_by"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_media_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "name", name=op.f("pk_media")),
    )
    op.create_table(
        "module_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("module_id", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("programme_id", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "stage IN ('writing', 'review', 'approved')",
            name=op.f("ck_module_draft_stage_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "changed_by"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_module_draft_agency_id_changed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_module_draft_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_module_draft_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module_draft")),
        sa.UniqueConstraint("agency_id", "id", name=op.f("uq_module_draft_agency_id_id")),
        sa.UniqueConstraint("module_id", name=op.f("uq_module_draft_module_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_module_draft_slug")),
    )
    op.create_table(
        "draft_author",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "draft_id"],
            ["module_draft.agency_id", "module_draft.id"],
            name=op.f("fk_draft_author_agency_id_draft_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "user_id"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_draft_author_agency_id_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_draft_author_agency_id")
        ),
        sa.PrimaryKeyConstraint("draft_id", "user_id", name=op.f("pk_draft_author")),
    )
    op.create_table(
        "draft_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "decision IN ('approved', 'returned', 'withdrawn')",
            name=op.f("ck_draft_review_decision_is_known"),
        ),
        sa.CheckConstraint(
            "decided_by <> submitted_by", name=op.f("ck_draft_review_second_person_decides")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "decided_by"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_draft_review_agency_id_decided_by"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "draft_id"],
            ["module_draft.agency_id", "module_draft.id"],
            name=op.f("fk_draft_review_agency_id_draft_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "submitted_by"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_draft_review_agency_id_submitted_by"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_draft_review_agency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_review")),
        sa.UniqueConstraint("agency_id", "id", name=op.f("uq_draft_review_agency_id_id")),
    )
    with op.batch_alter_table("draft_review", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_draft_review_draft_id_submitted_at"),
            ["draft_id", "submitted_at"],
            unique=False,
        )

    op.create_table(
        "draft_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "draft_id"],
            ["module_draft.agency_id", "module_draft.id"],
            name=op.f("fk_draft_text_agency_id_draft_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "written_by"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_draft_text_agency_id_written_by"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_draft_text_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_text")),
    )
    with op.batch_alter_table("draft_text", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_draft_text_draft_id_item_id"), ["draft_id", "item_id"], unique=False
        )

    op.create_table(
        "item_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_from", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id", "changed_by"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_item_draft_agency_id_changed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "draft_id"],
            ["module_draft.agency_id", "module_draft.id"],
            name=op.f("fk_item_draft_agency_id_draft_id"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_item_draft_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_draft")),
        sa.UniqueConstraint("agency_id", "id", name=op.f("uq_item_draft_agency_id_id")),
        sa.UniqueConstraint("draft_id", "slug", name=op.f("uq_item_draft_draft_id_slug")),
        sa.UniqueConstraint("item_id", name=op.f("uq_item_draft_item_id")),
    )
    op.create_table(
        "review_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_by", sa.Uuid(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id", "draft_id"],
            ["module_draft.agency_id", "module_draft.id"],
            name=op.f("fk_review_comment_agency_id_draft_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "resolved_by"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_review_comment_agency_id_resolved_by"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id", "written_by"],
            ["user_account.agency_id", "user_account.id"],
            name=op.f("fk_review_comment_agency_id_written_by"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_review_comment_agency_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_comment")),
    )
    with op.batch_alter_table("review_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_comment_draft_id"), ["draft_id"], unique=False)
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
