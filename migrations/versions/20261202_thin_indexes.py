"""Entries of enterprises are indexed by region where they are of a status; the rest is found by class or by enterprise.

Entries of assignments that came far ahead leave the index by class: they have one of their own. Nothing asks for
standing by person: whoever asks about a person begins with their assignments.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261202_thin_indexes"
down_revision = "20261201_intakes"
branch_labels = None
depends_on = None

IS_STATUS = sa.text("kind <> 'stale' AND kind <> 'roster' AND kind <> 'insured'")
NOT_FAR = sa.text("late > -8")
BY_REGION = "ix_enterprise_entry_region"
COLUMNS = (
    "plan_id",
    "region",
    "effective_on",
    "recorded_at",
    "kind",
    "enterprise_id",
    "industry",
    "key_enterprise",
    "delta",
)
BY_CLASS = "ix_entry_late"
CLASS_COLUMNS = (
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
)


def upgrade() -> None:
    """Go up."""
    op.drop_index(BY_REGION, "enterprise_entry")
    op.create_index(BY_REGION, "enterprise_entry", COLUMNS, sqlite_where=IS_STATUS, postgresql_where=IS_STATUS)
    op.drop_index(BY_CLASS, "entry")
    op.create_index(BY_CLASS, "entry", CLASS_COLUMNS, sqlite_where=NOT_FAR, postgresql_where=NOT_FAR)
    op.drop_index("ix_standing_person", "standing")


def downgrade() -> None:
    """Go down."""
    op.create_index("ix_standing_person", "standing", ["person_id", "plan_id"])
    op.drop_index(BY_CLASS, "entry")
    op.create_index(BY_CLASS, "entry", CLASS_COLUMNS)
    op.drop_index(BY_REGION, "enterprise_entry")
    op.create_index(BY_REGION, "enterprise_entry", COLUMNS)
