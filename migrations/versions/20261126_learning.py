"""Presence checks, what is done in modules besides reading, and the files of films, kept by their content."""

import sqlalchemy as sa
from alembic import op

from app.ops.db import Instant, WideId

revision = "20261126_learning"
down_revision = "20261125_ahead"
branch_labels = None
depends_on = None

DEEDS_INDEX = "ix_module_deed_person_id_module_deed_course_version_id_module_deed_module"


def upgrade() -> None:
    """Go up; what was learned so far had no checks and no conditions."""
    op.add_column("learning_session", sa.Column("checks", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("module_progress", sa.Column("present_ms", sa.Integer(), server_default="0", nullable=False))
    op.add_column("module_progress", sa.Column("fulfilled_at", Instant(), nullable=True))
    _presence_checks()
    _deeds()
    _files()


def _presence_checks() -> None:
    op.create_table(
        "presence_check",
        sa.Column("id", WideId, nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["learning_session.id"], name=op.f("fk_presence_check_session_id_learning_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_check")),
        sa.UniqueConstraint("session_id", "at_ms", name=op.f("uq_presence_check_session_id_at_ms")),
    )


def _deeds() -> None:
    op.create_table(
        "module_deed",
        sa.Column("id", WideId, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_person_id", sa.Integer(), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("done_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_version_id"], ["course_version.id"], name=op.f("fk_module_deed_course_version_id_course_version")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_module_deed_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module_deed")),
    )
    columns = ["person_id", "course_version_id", "module"]
    op.create_index(op.f(DEEDS_INDEX), "module_deed", columns)


def _files() -> None:
    op.create_table(
        "content_file",
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_content_file")),
    )
    op.create_table(
        "content_chunk",
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["content_file.digest"], name=op.f("fk_content_chunk_digest_content_file")),
        sa.PrimaryKeyConstraint("digest", "number", name=op.f("pk_content_chunk")),
    )


def downgrade() -> None:
    """Go down; what modules asked besides time is forgotten, and films must be loaded again."""
    op.drop_table("content_chunk")
    op.drop_table("content_file")
    op.drop_index(op.f(DEEDS_INDEX), table_name="module_deed")
    op.drop_table("module_deed")
    op.drop_table("presence_check")
    op.drop_column("module_progress", "fulfilled_at")
    op.drop_column("module_progress", "present_ms")
    op.drop_column("learning_session", "checks")
