"""Attempts adjusted after an item was corrected; cards and answers of daily practice."""

import sqlalchemy as sa
from alembic import op

from app.ops.db import Day, Instant, WideId

revision = "20261127_assessment"
down_revision = "20261128_reviews"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "attempt_adjustment",
        sa.Column("id", WideId, nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_adjustment_attempt_id")),
        sa.ForeignKeyConstraint(
            ["course_version_id"], ["course_version.id"], name=op.f("fk_attempt_adjustment_course_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_adjustment")),
        sa.UniqueConstraint(
            "attempt_id",
            "position",
            "course_version_id",
            name=op.f("uq_attempt_adjustment_attempt_id_position_course_version_id"),
        ),
    )
    op.create_table(
        "practice_card",
        sa.Column("id", WideId, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_code", sa.String(length=60), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("due_on", Day(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("stability", sa.Double(), nullable=True),
        sa.Column("difficulty", sa.Double(), nullable=True),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("reviewed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_practice_card_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_card")),
        sa.UniqueConstraint(
            "person_id", "course_code", "item", name=op.f("uq_practice_card_person_id_course_code_item")
        ),
    )
    op.create_index(op.f("ix_practice_card_person_id_practice_card_due_on"), "practice_card", ["person_id", "due_on"])
    op.create_table(
        "practice_review",
        sa.Column("id", WideId, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_code", sa.String(length=60), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("day", Day(), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.Column("spaced", sa.Boolean(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_practice_review_person_id")),
        sa.ForeignKeyConstraint(
            ["course_version_id"], ["course_version.id"], name=op.f("fk_practice_review_course_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_review")),
        sa.UniqueConstraint(
            "person_id", "course_code", "item", "day", name=op.f("uq_practice_review_person_id_course_code_item_day")
        ),
    )
    op.create_index(op.f("ix_practice_review_person_id_practice_review_day"), "practice_review", ["person_id", "day"])
    op.create_index(op.f("ix_practice_review_day"), "practice_review", ["day"])


def downgrade() -> None:
    """Go down."""
    op.drop_table("practice_review")
    op.drop_table("practice_card")
    op.drop_table("attempt_adjustment")
