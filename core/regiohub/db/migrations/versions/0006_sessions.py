"""Sessions of the console, and the logout messages of issuers that have been used."""

import sqlalchemy as sa

from regiohub.db.migrations import ops

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables."""
    text, moment = sa.Text(), ops.UtcDateTime
    ops.create_platform_table(
        "core_session",
        sa.Column("id", ops.Guid(), primary_key=True),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("issuer", text, nullable=False),
        sa.Column("subject", text, nullable=False),
        sa.Column("sid", text),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("device", text, nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("seen_at", moment(), nullable=False),
        sa.Column("expires_at", moment(), nullable=False),
        sa.Column("renew_at", moment()),
        sa.Column("leased_until", moment()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("mark", name="uq_core_session_mark"),
    )
    ops.execute("CREATE INDEX ix_core_session_issuer_subject ON core_session (issuer, subject)")
    ops.execute("CREATE INDEX ix_core_session_issuer_sid ON core_session (issuer, sid)")
    ops.create_platform_table(
        "core_logout_token",
        sa.Column("mark", sa.String(64), primary_key=True),
        sa.Column("expires_at", moment(), nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    ops.execute("DROP TABLE core_logout_token")
    ops.execute("DROP TABLE core_session")
