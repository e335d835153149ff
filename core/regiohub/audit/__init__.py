"""Who did what, when, and what changed by it: entries that are added and never changed, and their seals."""

from .actors import pseudonym
from .models import AuditEntry
from .reading import AuditFilter, history, list_entries, matching
from .record import record
from .seals.arrivals import ArrivingLog, judge_log, refuse_strange_signer, take_over_log
from .seals.faults import Fault, FaultKind
from .seals.heads import (
    accept_arrival,
    adopt,
    archive_part,
    keep_departed_head,
    put_head_aside,
    replace_kept_head,
)
from .seals.links import Head
from .seals.models import AuditKey, AuditSeal
from .seals.report import Report
from .seals.sealer import Sealed, seal_town
from .seals.service import SealState, head, head_given, seal_state, verify

__all__ = [
    "ArrivingLog", "AuditEntry", "AuditFilter", "AuditKey", "AuditSeal", "Fault", "FaultKind", "Head", "Report",
    "SealState", "Sealed", "accept_arrival", "adopt", "archive_part", "head", "head_given", "history", "judge_log",
    "keep_departed_head", "list_entries", "matching", "pseudonym", "put_head_aside", "record", "refuse_strange_signer",
    "replace_kept_head", "seal_state", "seal_town", "take_over_log", "verify",
]  # fmt: skip
