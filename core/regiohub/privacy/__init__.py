"""People and towns that want their data: handed out as one document, erased with a report, purged with a plugin."""

from .ledger import read_ledger
from .named import subject_named
from .reports import ErasureReport, Outcome, Part, SubjectExport
from .subject import erase_returned, erase_subject, export_subject, look_up, own_data

__all__ = [
    "ErasureReport",
    "Outcome",
    "Part",
    "SubjectExport",
    "erase_returned",
    "erase_subject",
    "export_subject",
    "look_up",
    "own_data",
    "read_ledger",
    "subject_named",
]
