"""The promise of the plugin, as statements: two occupying slots of one unit never overlap.

PostgreSQL: an exclusion constraint over tenant, resource, unit (equal) and the half-open range (overlapping), partial
on occupying rows. SQLite knows no such constraint: two triggers look for an overlapping row before each insert and each
update. The tenant stands in the key, so that the rule tells nobody about other towns and survives distribution.
"""

from collections.abc import Iterator

CONSTRAINT = "booking_slot_no_overlap"
TABLE = "booking_slot"
OVERLAP = (
    ("tenant_id", "=", "tenant_id"),
    ("resource_id", "=", "resource_id"),
    ("unit", "=", "unit"),
    ("id", "IS NOT", "id"),
    ("starts_at", "<", "ends_at"),
    ("ends_at", ">", "starts_at"),
)


def postgresql_no_overlap() -> Iterator[str]:
    """The exclusion constraint; its operators for plain columns come with btree_gist."""
    yield (
        f"ALTER TABLE {TABLE} ADD CONSTRAINT {CONSTRAINT} EXCLUDE USING gist ("
        "tenant_id WITH =, resource_id WITH =, unit WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&"
        ") WHERE (occupies)"
    )


def sqlite_no_overlap() -> Iterator[str]:
    """Triggers on insert and on each update that could create an overlap; again after a batch rebuilds the table."""
    for name, moment in (
        ("insert", "INSERT"),
        ("update", "UPDATE OF tenant_id, resource_id, unit, starts_at, ends_at, occupies"),
    ):
        trigger = f"{CONSTRAINT}_{name}"
        yield f"DROP TRIGGER IF EXISTS {trigger}"
        overlap = " AND ".join(f"other.{left} {sign} NEW.{right}" for left, sign, right in OVERLAP)
        look = f"EXISTS (SELECT 1 FROM {TABLE} AS other WHERE other.occupies AND {overlap})"  # noqa: S608 - own constants
        refuse = f"SELECT RAISE(ABORT, '{CONSTRAINT}') WHERE {look};"
        yield f"CREATE TRIGGER {trigger} BEFORE {moment} ON {TABLE} WHEN NEW.occupies BEGIN {refuse} END"
