"""Draft plans and what coverage would be under them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.ops.db import Day, Instant

revision = "20261123_drafts"
down_revision = "20261123_settlements"
branch_labels = None
depends_on = None

RESULTS = ("draft_enterprise", "draft_course", "draft_status", "draft_figure")


def upgrade() -> None:
    """Go up."""
    _drafts()
    _runs()
    _figures()
    _enterprises()


def downgrade() -> None:
    """Go down."""
    for table in (*RESULTS, "draft_run", "plan_draft"):
        op.drop_table(table)


def _drafts() -> None:
    op.create_table(
        "plan_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("base_plan_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("discarded_at", Instant(), nullable=True),
        sa.Column("discarded_by", sa.String(length=120), nullable=False),
        sa.Column("published_at", Instant(), nullable=True),
        sa.Column("published_by", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["base_plan_id"], ["plan.id"], name=op.f("fk_plan_draft_base_plan_id")),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_plan_draft_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_draft")),
    )
    for column in ("code", "region", "version_id"):
        op.create_index(op.f(f"ix_plan_draft_{column}"), "plan_draft", [column])


def _runs() -> None:
    op.create_table(
        "draft_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("on", Day(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Integer(), nullable=False),
        sa.Column("as_of", Instant(), nullable=True),
        sa.Column("base_version_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("beat_at", Instant(), nullable=True),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("error", sa.String(length=40), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["plan_draft.id"], name=op.f("fk_draft_run_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_run")),
    )
    for column in ("draft_id", "state"):
        op.create_index(op.f(f"ix_draft_run_{column}"), "draft_run", [column])


def _of_run(table: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["run_id"], ["draft_run.id"], name=op.f(f"fk_{table}_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _counts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _figures() -> None:
    _of_run(
        "draft_figure",
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("industry", sa.String(length=30), nullable=False),
        sa.Column("post", sa.String(length=40), nullable=False),
        sa.Column("key_enterprise", sa.Boolean(), nullable=False),
        *_counts("required_now", "covered_now", "waived_now", "required_then", "covered_then", "waived_then"),
    )
    _of_run(
        "draft_status",
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("key_enterprise", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        *_counts("count_now", "count_then"),
    )
    for table in ("draft_figure", "draft_status"):
        op.create_index(op.f(f"ix_{table}_run_id_{table}_region"), table, ["run_id", "region"])
    _of_run(
        "draft_course",
        sa.Column("course", sa.String(length=60), nullable=False),
        *_counts("required_now", "required_then", "missing_now", "missing_then", "newly_missing"),
    )
    op.create_index(op.f("ix_draft_course_run_id"), "draft_course", ["run_id"])


def _enterprises() -> None:
    _of_run(
        "draft_enterprise",
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("industry_now", sa.String(length=30), nullable=False),
        sa.Column("industry_then", sa.String(length=30), nullable=False),
        sa.Column("status_now", sa.String(length=20), nullable=False),
        sa.Column("status_then", sa.String(length=20), nullable=False),
        *_counts("required_now", "covered_now", "required_then", "covered_then", "weight"),
    )
    op.create_index(
        op.f("ix_draft_enterprise_run_id_draft_enterprise_weight_draft_enterprise_enterprise_id"),
        "draft_enterprise",
        ["run_id", "weight", "enterprise_id"],
    )
