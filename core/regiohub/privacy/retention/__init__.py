"""Retention: what is kept how long, and its deletion once the time has passed."""

from .applying import Applied, apply_retention
from .keepers import days_in
from .looking import Line, RetentionReport, retention_report

__all__ = ["Applied", "Line", "RetentionReport", "apply_retention", "days_in", "retention_report"]
