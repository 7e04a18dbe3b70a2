"""Draft plans and what coverage would be under them."""

revision = "20261123_drafts"
down_revision = "20261123_settlements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
