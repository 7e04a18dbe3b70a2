"""Projections of the ledger: sums by region, figures of enterprises on some days, what is not folded yet.

The tables come empty; the program fills them from the ledger before it first reads them.
"""

import sqlalchemy as sa
from alembic import op

from app.ops.db import Day

revision = "20261123_projections"
down_revision = "20261122_initial"
branch_labels = None
depends_on = None

PLACE = ("plan_id", "region", "effective_on", "recorded_at")
LINE = ("industry", "post", "key_enterprise", "required", "covered", "waived")
KIND = ("industry", "key_enterprise", "delta")
SHANGHAI_DAY = "((recorded_at / 1000000 + 28800) / 86400 + 719163)"
"""The ordinal of the day of an instant in Shanghai (UTC+8); 719163 is that of 1970-01-01."""


def upgrade() -> None:
    """Go up."""
    with op.batch_alter_table("enterprise_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("late", sa.Integer(), nullable=False, server_default="-1"))
    op.execute(sa.text(f"UPDATE enterprise_entry SET late = {_bit_length(f'{SHANGHAI_DAY} - effective_on')}"))  # noqa: S608 - constants
    op.execute(sa.text(f"UPDATE entry SET late = {_bit_length(f'{SHANGHAI_DAY} - effective_on')} WHERE late < 0"))  # noqa: S608 - constants
    with op.batch_alter_table("enterprise_entry", schema=None) as batch_op:
        batch_op.alter_column("late", server_default=None)
    op.create_index(
        "ix_enterprise_entry_late",
        "enterprise_entry",
        [
            "plan_id",
            "late",
            "region",
            "effective_on",
            "recorded_at",
            "kind",
            "industry",
            "key_enterprise",
            "enterprise_id",
            "delta",
        ],
    )
    op.create_index(
        "ix_entry_late",
        "entry",
        [
            "plan_id",
            "late",
            "region",
            "effective_on",
            "recorded_at",
            "industry",
            "post",
            "key_enterprise",
            "enterprise_id",
            "required",
            "covered",
            "waived",
        ],
    )
    op.drop_index("ix_entry_region", table_name="entry")
    op.create_index("ix_entry_region", "entry", [*PLACE, "enterprise_id", *LINE])
    op.drop_index("ix_enterprise_entry_region", table_name="enterprise_entry")
    op.create_index("ix_enterprise_entry_region", "enterprise_entry", [*PLACE, "kind", "enterprise_id", *KIND])
    op.create_table(
        "region_node",
        sa.Column("node", sa.String(length=12), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("node", "region", name=op.f("pk_region_node")),
    )
    op.create_index(op.f("ix_region_node_region"), "region_node", ["region"])
    _rollups()
    _pending()
    _figures()


def _rollups() -> None:
    where = (("node", sa.String(length=12)), ("each", sa.Boolean()), ("grain", sa.Integer()), ("period", Day()))
    tally = (("industry", sa.String(length=30)), ("post", sa.String(length=40)), ("key_enterprise", sa.Boolean()))
    kind = (("industry", sa.String(length=30)), ("kind", sa.String(length=20)), ("key_enterprise", sa.Boolean()))
    for name, keys, sums in (
        ("tally_rollup", where + tally, ("required", "covered", "waived")),
        ("kind_rollup", where + kind, ("delta",)),
    ):
        op.create_table(
            name,
            sa.Column("plan_id", sa.Integer(), autoincrement=False, nullable=False),
            *(sa.Column(key, type_, autoincrement=False, nullable=False) for key, type_ in keys),
            *(sa.Column(sum_, sa.Integer(), nullable=False) for sum_ in sums),
            sa.PrimaryKeyConstraint("plan_id", *(key for key, _ in keys), name=op.f(f"pk_{name}")),
            sqlite_with_rowid=False,
        )


def _pending() -> None:
    for name, what, sums in (
        ("pending_tally", sa.Column("post", sa.String(length=40), nullable=False), ("required", "covered", "waived")),
        ("pending_kind", sa.Column("kind", sa.String(length=20), nullable=False), ("delta",)),
    ):
        op.create_table(
            name,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("plan_id", sa.Integer(), nullable=False),
            sa.Column("region", sa.String(length=12), nullable=False),
            sa.Column("industry", sa.String(length=30), nullable=False),
            what,
            sa.Column("key_enterprise", sa.Boolean(), nullable=False),
            sa.Column("effective_on", Day(), nullable=False),
            *(sa.Column(sum_, sa.Integer(), nullable=False) for sum_ in sums),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        )


def _figures() -> None:
    op.create_table(
        "figure_slot",
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("as_of", Day(), nullable=False),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_figure_slot")),
    )
    op.create_table(
        "enterprise_figure",
        sa.Column("plan_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("enterprise_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("surplus", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("industry", sa.String(length=30), nullable=False),
        sa.Column("key_enterprise", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("covered", sa.Integer(), nullable=False),
        sa.Column("waived", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "enterprise_id", "slot", name=op.f("pk_enterprise_figure")),
        sqlite_with_rowid=False,
    )
    order, state = ["rank", "surplus", "enterprise_id"], ["industry", "key_enterprise", "status", "stale"]
    walked = ["plan_id", "slot", *order, "region", *state]
    op.create_index("ix_enterprise_figure_order", "enterprise_figure", walked)
    op.create_index(
        "ix_enterprise_figure_region",
        "enterprise_figure",
        ["plan_id", "region", *order, *state, "required", "covered", "waived"],
        sqlite_where=sa.text("slot = 0"),
        postgresql_where=sa.text("slot = 0"),
    )


def _bit_length(days: str) -> str:
    """Give the SQL of ledger.late_class: the bit length of the days, negative before its day."""
    late = " ".join(f"WHEN {days} < {2**bits} THEN {bits}" for bits in range(22))
    early = " ".join(f"WHEN {days} > -{2**bits} THEN -{bits}" for bits in range(1, 22))
    return f"CASE WHEN {days} < 0 THEN CASE {early} ELSE -22 END {late} ELSE 22 END"


def downgrade() -> None:
    """Go down."""
    for table in (
        "enterprise_figure",
        "figure_slot",
        "pending_kind",
        "pending_tally",
        "kind_rollup",
        "tally_rollup",
        "region_node",
    ):
        op.drop_table(table)
    op.drop_index("ix_enterprise_entry_region", table_name="enterprise_entry")
    op.create_index("ix_enterprise_entry_region", "enterprise_entry", ["plan_id", "kind", *PLACE[1:], *KIND])
    op.drop_index("ix_entry_region", table_name="entry")
    op.create_index("ix_entry_region", "entry", [*PLACE, *LINE])
    op.drop_index("ix_entry_late", table_name="entry")
    op.drop_index("ix_enterprise_entry_late", table_name="enterprise_entry")
    with op.batch_alter_table("enterprise_entry", schema=None) as batch_op:
        batch_op.drop_column("late")
    op.execute(sa.text("UPDATE entry SET late = -1 WHERE late < 0"))
