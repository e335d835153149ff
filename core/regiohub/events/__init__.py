"""Typed events, the transactional outbox, tasks, scheduled jobs, background tasks, live messages, and the worker."""

from .catalogue import Catalogue, PartConflict, catalogue
from .event import Event
from .faults import GiveUp
from .live import Live
from .outbox import put_event, put_mail, put_task
from .parts import Background, EventHandler, Job, Task

__all__ = [
    "Background",
    "Catalogue",
    "Event",
    "EventHandler",
    "GiveUp",
    "Job",
    "Live",
    "PartConflict",
    "Task",
    "catalogue",
    "put_event",
    "put_mail",
    "put_task",
]
