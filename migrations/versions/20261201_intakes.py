"""Phone numbers of people are found by intake, so that a roster writes few pages of their index.

Who is there already has no intake: nothing is rewritten, and their part of the index is looked through too.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261201_intakes"
down_revision = "20261130_long_after"
branch_labels = None
depends_on = None

HAS_PHONE = sa.text("phone_hash IS NOT NULL")


def upgrade() -> None:
    """Go up."""
    op.add_column("person", sa.Column("intake", sa.Integer(), nullable=True))
    op.create_index(
        "ix_person_phone", "person", ["intake", "phone_hash"], sqlite_where=HAS_PHONE, postgresql_where=HAS_PHONE
    )
    op.drop_index("ix_person_phone_hash", "person")


def downgrade() -> None:
    """Go down."""
    op.create_index("ix_person_phone_hash", "person", ["phone_hash"])
    op.drop_index("ix_person_phone", "person")
    op.drop_column("person", "intake")
