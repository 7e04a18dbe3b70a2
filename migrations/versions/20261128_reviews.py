"""Courses handed in for review, remarks on them, and who approved each version that is taught."""

import sqlalchemy as sa
from alembic import op

from app.ops.db import Instant

revision = "20261128_reviews"
down_revision = "20261126_learning"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up; what is taught so far was loaded by the operator."""
    op.create_table(
        "course_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_code", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("base_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("submitted_at", Instant(), nullable=False),
        sa.Column("submitted_by", sa.String(length=120), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["course_version.id"], name=op.f("fk_course_proposal_base_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["account.id"], name=op.f("fk_course_proposal_submitted_by_id")),
        sa.ForeignKeyConstraint(["version_id"], ["course_version.id"], name=op.f("fk_course_proposal_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_proposal")),
    )
    op.create_index(op.f("ix_course_proposal_course_code_course_proposal_id"), "course_proposal", ["course_code", "id"])
    op.create_index(
        "uq_course_proposal_open",
        "course_proposal",
        ["course_code"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "course_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("written_by", sa.String(length=120), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("settled_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["course_proposal.id"], name=op.f("fk_course_comment_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_comment")),
    )
    op.create_index(op.f("ix_course_comment_proposal_id"), "course_comment", ["proposal_id"])
    op.create_table(
        "course_approval",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", Instant(), nullable=False),
        sa.Column("approved_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["course_proposal.id"], name=op.f("fk_course_approval_proposal_id")),
        sa.ForeignKeyConstraint(["version_id"], ["course_version.id"], name=op.f("fk_course_approval_version_id")),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_course_approval")),
    )
    op.execute(
        "INSERT INTO course_approval (version_id, approved_at, approved_by) "
        "SELECT id, recorded_at, 'cli' FROM course_version"
    )


def downgrade() -> None:
    """Go down."""
    op.drop_table("course_approval")
    op.drop_table("course_comment")
    op.drop_table("course_proposal")
