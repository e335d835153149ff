"""People and towns that want their data: handed out as one document, erased with a report, purged with a plugin."""

from .named import subject_named
from .purge import Purged, purge
from .reports import ErasureReport, Outcome, Part, SubjectExport
from .subject import erase_subject, export_subject, look_up, own_data

__all__ = [
    "ErasureReport",
    "Outcome",
    "Part",
    "Purged",
    "SubjectExport",
    "erase_subject",
    "export_subject",
    "look_up",
    "own_data",
    "purge",
    "subject_named",
]
