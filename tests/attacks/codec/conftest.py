"""The figures of the probes at the end of a run."""

from __future__ import annotations

import pytest

FIGURES = "codec sandbox"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how long bad codecs were let live."""
    for report in terminalreporter.getreports("passed"):
        for name, value in getattr(report, "user_properties", ()):
            if name == FIGURES:
                terminalreporter.write_line(f"{name}: {value}")
