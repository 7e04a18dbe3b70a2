"""Where a region lay before it was put elsewhere is kept: a rebuild tells what was known then.

Of moves before this nothing is known: the tree that stands is taken to have stood.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261204_region_past"
down_revision = "20261203_staleness"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "region_past",
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("superseded_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("parent", sa.String(12), nullable=True),
        sa.ForeignKeyConstraint(["code"], ["region.code"], name=op.f("fk_region_past_code_region")),
        sa.ForeignKeyConstraint(["parent"], ["region.code"], name=op.f("fk_region_past_parent_region")),
        sa.PrimaryKeyConstraint("code", "superseded_at", name=op.f("pk_region_past")),
    )


def downgrade() -> None:
    """Go down."""
    op.drop_table("region_past")
