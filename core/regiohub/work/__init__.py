"""Long work that people watch: re-decoding, mass mails, imports."""

from .models import Work, WorkState
from .service import advance_work, begin_work, finish_work, latest_work, work_of

__all__ = ["Work", "WorkState", "advance_work", "begin_work", "finish_work", "latest_work", "work_of"]
