"""Training held in person, and who attended it."""

import sqlalchemy as sa
from alembic import op

from app.ops.db import Day, Instant

revision = "20261129_sessions"
down_revision = "20261127_assessment"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "training_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_code", sa.String(length=60), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("held_on", Day(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("trainer", sa.String(length=60), nullable=False),
        sa.Column("provider", sa.String(length=120), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("region", sa.String(length=12), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("opened_by", sa.String(length=120), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("closed_by", sa.String(length=120), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["course_code"], ["course.code"], name=op.f("fk_training_session_course_code")),
        sa.ForeignKeyConstraint(
            ["course_version_id"], ["course_version.id"], name=op.f("fk_training_session_course_version_id")
        ),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_training_session_enterprise_id")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_training_session_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_session")),
    )
    op.create_index(op.f("ix_training_session_course_code"), "training_session", ["course_code"])
    op.create_index(op.f("ix_training_session_enterprise_id"), "training_session", ["enterprise_id"])
    op.create_index(op.f("ix_training_session_region"), "training_session", ["region"])
    op.create_index(op.f("ix_training_session_held_on_training_session_id"), "training_session", ["held_on", "id"])
    op.create_table(
        "session_attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_person_id", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("marked_by", sa.String(length=120), nullable=False),
        sa.Column("marked_at", Instant(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_session_attendance_award_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_attendance_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["training_session.id"], name=op.f("fk_session_attendance_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_attendance")),
        sa.UniqueConstraint("award_id", name=op.f("uq_session_attendance_award_id")),
        sa.UniqueConstraint(
            "session_id", "recorded_person_id", name=op.f("uq_session_attendance_session_id_recorded_person_id")
        ),
    )
    op.create_index(op.f("ix_session_attendance_person_id"), "session_attendance", ["person_id"])


def downgrade() -> None:
    """Go down."""
    op.drop_table("session_attendance")
    op.drop_table("training_session")
