"""Alarms of nightly work, and what a bureau shows to the public."""

revision = "20261123_alarms"
down_revision = "20261123_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
