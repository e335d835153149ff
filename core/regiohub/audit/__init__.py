"""Who did what, when, and what changed by it: entries that are added and never changed."""

from .actors import pseudonym
from .models import AuditEntry
from .reading import AuditFilter, history, list_entries, matching
from .record import record
from .seals.models import AuditKey, AuditSeal

__all__ = [
    "AuditEntry", "AuditFilter", "AuditKey", "AuditSeal", "history", "list_entries", "matching", "pseudonym", "record",
]  # fmt: skip
