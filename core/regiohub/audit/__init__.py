"""Who did what, when, and what changed by it: entries that are added and never changed, and their seals."""

from .actors import pseudonym
from .models import AuditEntry
from .reading import AuditFilter, history, list_entries, matching
from .record import record
from .seals.faults import Fault, FaultKind
from .seals.heads import accept_arrival, adopt, archive_part, forget_head, replace_kept_head
from .seals.links import Head
from .seals.models import AuditKey, AuditSeal
from .seals.report import Report
from .seals.sealer import Sealed, seal_town
from .seals.service import SealState, head, head_given, seal_state, verify

__all__ = [
    "AuditEntry", "AuditFilter", "AuditKey", "AuditSeal", "Fault", "FaultKind", "Head", "Report", "SealState",
    "Sealed", "accept_arrival", "adopt", "archive_part", "forget_head", "head", "head_given", "history",
    "list_entries", "matching", "pseudonym", "record", "replace_kept_head", "seal_state", "seal_town", "verify",
]  # fmt: skip
