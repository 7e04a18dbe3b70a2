"""Settlements: figures frozen for a date."""

revision = "20261123_settlements"
down_revision = "20261123_projections"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
