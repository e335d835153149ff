"""Installations with marked rows, made once per run, and the figures at the end of it."""

from __future__ import annotations

import pytest

FIGURES = "fuzzing"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the random cases have met."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in getattr(report, "user_properties", ()):
            if name == FIGURES:
                terminalreporter.write_line(str(value))
