"""0009_work"""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the tables."""


def downgrade() -> None:
    """Drop them."""
