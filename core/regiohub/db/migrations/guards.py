"""The statements that wall a tenant's table in."""

from __future__ import annotations

from collections.abc import Iterator

from regiohub.db.postgresql import APP_ROLE, OWNER_ROLE

# NULLIF is needed: a setting that was used once reads '' later, not NULL.
# Inline, no function: a volatile one is evaluated per row.
TENANT = "tenant_id = NULLIF(current_setting('app.tenant', true), '')::integer"
NO_TENANT = "NULLIF(current_setting('app.tenant', true), '') IS NULL"
# The list of towns stands in a sub-select, so that it is read once for a statement: taken apart for each row, a list of
# thousands of towns costs more than everything else (0.7 ms a row with 10,000).
READERS = (
    "tenant_id = ANY ((SELECT string_to_array(NULLIF(current_setting('app.read_tenants', true), ''), ',')::integer[]"
    " AS towns)::integer[])"
)


def postgresql_grant(table: str) -> Iterator[str]:
    """The serving role's rights on a table."""
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP_ROLE}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}"


def postgresql_guard(table: str) -> Iterator[str]:
    """Row level security, forced: policies for the tenant and for region reads, and a restrictive floor for writes."""
    yield from postgresql_grant(table)
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    for name, clause in (
        ("tenant_rows", f"FOR ALL TO {APP_ROLE} USING ({TENANT}) WITH CHECK ({TENANT})"),
        ("region_reads", f"FOR SELECT TO {APP_ROLE} USING ({READERS})"),
        # Permissive policies are joined by OR: a policy added later must not widen what may be written.
        ("floor_insert", f"AS RESTRICTIVE FOR INSERT TO {APP_ROLE} WITH CHECK ({TENANT})"),
        ("floor_update", f"AS RESTRICTIVE FOR UPDATE TO {APP_ROLE} USING ({TENANT}) WITH CHECK ({TENANT})"),
        ("floor_delete", f"AS RESTRICTIVE FOR DELETE TO {APP_ROLE} USING ({TENANT})"),
        # Without it the owner's UPDATE in a data migration would silently touch no row.
        ("owner_migrates", f"FOR ALL TO {OWNER_ROLE} USING (true) WITH CHECK (true)"),
    ):
        yield f"DROP POLICY IF EXISTS {name} ON {table}"
        yield f"CREATE POLICY {name} ON {table} {clause}"


def sqlite_guard(table: str) -> Iterator[str]:
    """Triggers that refuse to write another tenant's row, however the statement came.

    0 is no tenant: the migrating connection answers it, so that data migrations may touch every row.
    """
    for verb, row in (("insert", "NEW"), ("update", "OLD"), ("delete", "OLD")):
        name = f"guard_{table}_{verb}"
        condition = f"{row}.tenant_id IS NOT current_tenant()"
        if verb == "update":
            condition += " OR NEW.tenant_id IS NOT OLD.tenant_id"
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield (
            f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} WHEN ({condition}) AND current_tenant() IS NOT 0"
            f" BEGIN SELECT RAISE(ABORT, 'tenant guard: {table}'); END"
        )


def sqlite_rtree(table: str, column: str, tree: str) -> Iterator[str]:
    """An R*Tree of the column's bounding boxes and the triggers that keep it."""
    yield f"CREATE VIRTUAL TABLE {tree} USING rtree(rid, min_x, max_x, min_y, max_y, +tenant_id, +row_id)"
    yield from sqlite_rtree_triggers(table, column, tree)


def sqlite_rtree_triggers(table: str, column: str, tree: str) -> Iterator[str]:
    """The triggers that keep an R*Tree; repeatable, since rebuilding the table drops them and leaves the tree."""

    def box(row: str) -> str:
        return ", ".join(f"geo_bound({row}.{column}, {side})" for side in (0, 2, 1, 3))

    # Rows are found again by tenant and id: a rowid may change in VACUUM. The box narrows the search; the margin
    # covers the tree's rounding to 32 bits.
    forget = (
        f"DELETE FROM {tree}"  # noqa: S608 - names come from migrations
        f" WHERE min_x >= geo_bound(OLD.{column}, 0) - 0.001 AND max_x <= geo_bound(OLD.{column}, 2) + 0.001"
        f" AND min_y >= geo_bound(OLD.{column}, 1) - 0.001 AND max_y <= geo_bound(OLD.{column}, 3) + 0.001"
        f" AND tenant_id = OLD.tenant_id AND row_id = OLD.id;"
    )
    remember = (
        f"INSERT INTO {tree} (min_x, max_x, min_y, max_y, tenant_id, row_id)"
        f" SELECT {box('NEW')}, NEW.tenant_id, NEW.id WHERE NEW.{column} IS NOT NULL;"
    )
    for verb in ("insert", "update", "delete"):
        yield f"DROP TRIGGER IF EXISTS {tree}_{verb}"
    yield f"CREATE TRIGGER {tree}_insert AFTER INSERT ON {table} BEGIN {remember} END"
    yield f"CREATE TRIGGER {tree}_update AFTER UPDATE OF {column} ON {table} BEGIN {forget} {remember} END"
    yield f"CREATE TRIGGER {tree}_delete AFTER DELETE ON {table} WHEN OLD.{column} IS NOT NULL BEGIN {forget} END"


def postgresql_append_only(table: str) -> Iterator[str]:
    """Rows may come, and never change or go, for the serving role."""
    # No trigger: distributed tables do not take any. Revoking makes it an error, the policies outlive a new grant.
    yield f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP_ROLE}"
    for verb in ("update", "delete"):
        yield f"CREATE POLICY append_only_{verb} ON {table} AS RESTRICTIVE FOR {verb} TO {APP_ROLE} USING (false)"


def sqlite_append_only(table: str) -> Iterator[str]:
    """Rows may come, and never change or go, on a serving connection; 0 is the migrating one, which rebuilds tables."""
    for verb in ("update", "delete"):
        yield (
            f"CREATE TRIGGER append_only_{table}_{verb} BEFORE {verb} ON {table} WHEN current_tenant() IS NOT 0"
            f" BEGIN SELECT RAISE(ABORT, '{table}: entries are never changed or deleted'); END"
        )


def postgresql_platform(table: str, *, readable: bool, lasting: bool) -> Iterator[str]:
    """A table of the platform: no town's session writes there, nor reads, unless it is `readable`.

    `lasting`: the serving role deletes none of its rows.
    """
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield f"CREATE POLICY platform_rows ON {table} FOR ALL TO {APP_ROLE} USING ({NO_TENANT}) WITH CHECK ({NO_TENANT})"
    yield f"CREATE POLICY owner_migrates ON {table} FOR ALL TO {OWNER_ROLE} USING (true) WITH CHECK (true)"
    if readable:
        yield f"CREATE POLICY read_by_towns ON {table} FOR SELECT TO {APP_ROLE} USING (true)"
    if lasting:
        yield f"REVOKE DELETE, TRUNCATE ON {table} FROM {APP_ROLE}"


def postgresql_temporary() -> str:
    """The serving role makes no temporary tables: one could stand in for a town's table.

    Where somebody else owns the database this changes nothing; `regiohub db bootstrap` does the same.
    """
    return (
        "DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC, " + APP_ROLE + "',"
        " current_database()); END $$"
    )


def postgresql_open(table: str) -> Iterator[str]:
    """The way back from `postgresql_platform`."""
    for policy in ("platform_rows", "owner_migrates", "read_by_towns"):
        yield f"DROP POLICY IF EXISTS {policy} ON {table}"
    yield f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
    yield f"GRANT DELETE ON {table} TO {APP_ROLE}"


def sqlite_platform(table: str, *, readable: bool, lasting: bool) -> Iterator[str]:
    """Like `postgresql_platform`, for writes: SQLite has no wall for reading.

    The migrating connection answers 0, the platform's own sessions NULL.
    """
    del readable
    for verb in ("insert", "update", "delete"):
        held = "current_tenant() IS NOT 0" if lasting and verb == "delete" else "coalesce(current_tenant(), 0) IS NOT 0"
        yield (
            f"CREATE TRIGGER platform_{table}_{verb} BEFORE {verb.upper()} ON {table} WHEN {held}"
            f" BEGIN SELECT RAISE(ABORT, 'platform guard: {table}'); END"
        )


def sqlite_open(table: str) -> Iterator[str]:
    """The way back from `sqlite_platform`."""
    for verb in ("insert", "update", "delete"):
        yield f"DROP TRIGGER IF EXISTS platform_{table}_{verb}"
