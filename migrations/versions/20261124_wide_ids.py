"""Receipts and answers of millions of people outgrow 32-bit ids; SQLite's are wide already."""

from alembic import op

revision = "20261124_wide_ids"
down_revision = "20261123_alarms"
branch_labels = None
depends_on = None

OUTGROWN = ("learning_receipt", "attempt_answer")


def upgrade() -> None:
    """Go up."""
    _become("BIGINT")


def downgrade() -> None:
    """Go down; refused by PostgreSQL once an id is too large."""
    _become("INTEGER")


def _become(kind: str) -> None:
    if op.get_context().dialect.name != "postgresql":
        return
    for table in OUTGROWN:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN id TYPE {kind}")
        op.execute(f"ALTER SEQUENCE {table}_id_seq AS {kind}")
