"""Audit entries, which nobody changes or deletes; consents to share data."""

import sqlalchemy as sa

from regiohub.db.migrations import ops
from regiohub.db.postgresql import APP_ROLE

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables."""
    text, moment = sa.Text(), ops.UtcDateTime
    ops.create_tenant_table(
        "core_audit",
        sa.Column("at", moment(), nullable=False),
        sa.Column("actor_kind", sa.String(40), nullable=False),
        sa.Column("actor", text),
        sa.Column("action", text, nullable=False),
        sa.Column("object_kind", text),
        sa.Column("object_id", text),
        sa.Column("before", ops.Json),
        sa.Column("after", ops.Json),
        sa.Column("note", text),
        sa.Column("text_de", text, nullable=False),
        sa.Column("text_en", text, nullable=False),
        sa.Column("plugin", text, nullable=False),
        sa.Column("plugin_version", text, nullable=False),
    )
    ops.create_index("core_audit", "object_kind", "object_id")
    ops.create_index("core_audit", "action")
    ops.guard("core_audit")
    _append_only("core_audit")
    ops.create_tenant_table(
        "core_consent",
        sa.Column("dataset", text, nullable=False),
        sa.Column("reader", text, nullable=False),
        sa.Column("purpose", text, nullable=False),
        sa.Column("legal_basis", text, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("granted_by", text, nullable=False),
        sa.Column("granted_at", moment(), nullable=False),
        sa.Column("revoked_at", moment()),
    )
    ops.create_index("core_consent", "dataset", "reader")
    ops.guard("core_consent")


def _append_only(table: str) -> None:
    """Refuse to change or delete rows, for the serving role and on the serving connection."""
    if ops.is_postgresql():
        # No trigger: distributed tables do not take any. Revoking makes it an error, the policies outlive a new grant.
        ops.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP_ROLE}")
        for verb in ("update", "delete"):
            ops.execute(
                f"CREATE POLICY append_only_{verb} ON {table} AS RESTRICTIVE FOR {verb} TO {APP_ROLE} USING (false)"
            )
        return
    for verb in ("update", "delete"):
        # 0 is the migrating connection, which moves rows when it rebuilds a table.
        ops.execute(
            f"CREATE TRIGGER append_only_{table}_{verb} BEFORE {verb} ON {table} WHEN current_tenant() IS NOT 0"
            f" BEGIN SELECT RAISE(ABORT, '{table}: entries are never changed or deleted'); END"
        )


def downgrade() -> None:
    """Drop them."""
    for table in ("core_consent", "core_audit"):
        ops.drop_tenant_table(table)
