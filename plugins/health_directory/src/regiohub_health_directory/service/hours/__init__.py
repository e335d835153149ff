"""Opening hours written as OpenStreetMap ``opening_hours`` text.

Checked and evaluated with opening-hours-py; public holidays come from the `holidays` package for the town's own
state, because the evaluator knows the holidays of the whole country only.
"""

from .check import HoursCheck, HoursWarning, check_hours
from .describe import describe_hours
from .form import WeekBlock, hours_from_form
from .regional import Calendar
from .state import HoursState, HoursStatus, next_status_change, status_at
from .syntax import HoursSyntaxError
from .week import WeekPlan, week_plan
from .words import hours_from_words

__all__ = [
    "Calendar",
    "HoursCheck",
    "HoursState",
    "HoursStatus",
    "HoursSyntaxError",
    "HoursWarning",
    "WeekBlock",
    "WeekPlan",
    "check_hours",
    "describe_hours",
    "hours_from_form",
    "hours_from_words",
    "next_status_change",
    "status_at",
    "week_plan",
]
