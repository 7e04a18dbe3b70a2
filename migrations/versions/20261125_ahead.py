"""Sums of what was recorded far ahead; lists of enterprises by region at every quarter's end.

The sums are made by the next night's work: until then such entries are read one by one.
"""

import sqlalchemy as sa
from alembic import op

from app.ops.db import Day

revision = "20261125_ahead"
down_revision = "20261124_wide_ids"
branch_labels = None
depends_on = None

FIGURE_INDEX = ("industry", "key_enterprise", "status", "stale", "required", "covered", "waived")
WHERE = ("plan_id", "node", "each", "grain", "period", "effective_on", "industry")
FAR = sa.text("late <= -8")


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "ahead_month",
        sa.Column("month", Day(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_ahead_month")),
    )
    for name, what, sums in (
        ("ahead_tally", sa.Column("post", sa.String(40), nullable=False), ("required", "covered", "waived")),
        ("ahead_kind", sa.Column("kind", sa.String(20), nullable=False), ("delta",)),
    ):
        _sums(name, what, sums)
    for table, columns in (
        ("entry", ("effective_on", "industry", "post", "key_enterprise", "required", "covered", "waived")),
        ("enterprise_entry", ("effective_on", "kind", "industry", "key_enterprise", "delta")),
    ):
        op.create_index(
            f"ix_{table}_far",
            table,
            ["plan_id", "region", "recorded_at", *columns, "late"],
            sqlite_where=FAR,
            postgresql_where=FAR,
        )
    op.drop_index("ix_enterprise_figure_region", "enterprise_figure")
    figures = ["plan_id", "slot", "region", "rank", "surplus", "enterprise_id", *FIGURE_INDEX]
    op.create_index("ix_enterprise_figure_region", "enterprise_figure", figures)
    op.drop_index("ix_enterprise_standing_enterprise", "enterprise_standing")
    spans = ["enterprise_id", "plan_id", "superseded_at", "from_on", "until_on"]
    op.create_index("ix_enterprise_standing_enterprise", "enterprise_standing", spans)


def downgrade() -> None:
    """Go down."""
    op.drop_index("ix_enterprise_standing_enterprise", "enterprise_standing")
    columns = ["enterprise_id", "plan_id", "superseded_at"]
    op.create_index("ix_enterprise_standing_enterprise", "enterprise_standing", columns)
    op.drop_index("ix_enterprise_figure_region", "enterprise_figure")
    columns = ["plan_id", "region", "rank", "surplus", "enterprise_id", *FIGURE_INDEX]
    rolling = sa.text("slot = 0")
    op.create_index(
        "ix_enterprise_figure_region", "enterprise_figure", columns, sqlite_where=rolling, postgresql_where=rolling
    )
    for table in ("entry", "enterprise_entry"):
        op.drop_index(f"ix_{table}_far", table)
    for name in ("ahead_kind", "ahead_tally", "ahead_month"):
        op.drop_table(name)


def _sums(name: str, what: sa.Column[str], sums: tuple[str, ...]) -> None:
    op.create_table(
        name,
        sa.Column("plan_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("node", sa.String(12), nullable=False),
        sa.Column("each", sa.Boolean(), nullable=False),
        sa.Column("grain", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("period", Day(), autoincrement=False, nullable=False),
        sa.Column("effective_on", Day(), autoincrement=False, nullable=False),
        sa.Column("industry", sa.String(30), nullable=False),
        what,
        sa.Column("key_enterprise", sa.Boolean(), nullable=False),
        *(sa.Column(column, sa.Integer(), nullable=False) for column in sums),
        sa.PrimaryKeyConstraint(*WHERE, what.name, "key_enterprise", name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )
