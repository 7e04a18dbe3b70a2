"""Sums of what was recorded long after the day it took effect, beside those of what came far ahead.

The sums are made by the next night's work: until then all such entries are read one by one.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_long_after"
down_revision = "20261129_sessions"
branch_labels = None
depends_on = None

LONG = sa.text("late >= 7")
SUMS = ("ahead_tally", "ahead_kind", "ahead_month")


def upgrade() -> None:
    """Go up."""
    for table, columns in (
        ("entry", ("effective_on", "industry", "post", "key_enterprise", "required", "covered", "waived")),
        ("enterprise_entry", ("effective_on", "kind", "industry", "key_enterprise", "delta")),
    ):
        op.create_index(
            f"ix_{table}_long",
            table,
            ["plan_id", "region", "recorded_at", *columns, "late"],
            sqlite_where=LONG,
            postgresql_where=LONG,
        )
    _forget()


def downgrade() -> None:
    """Go down."""
    _forget()
    for table in ("entry", "enterprise_entry"):
        op.drop_index(f"ix_{table}_long", table)


def _forget() -> None:
    for table in SUMS:
        op.execute(sa.delete(sa.table(table)))
