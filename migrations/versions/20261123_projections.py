"""Projections of the ledger: sums by region, figures of enterprises on some days, what is not folded yet."""

revision = "20261123_projections"
down_revision = "20261122_initial"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
