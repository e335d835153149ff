"""docs/operators/sizing.md: figures come from the benchmarks, sums are right, the measurement runs."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from .machines import ROOT, Machine

PAGE = (ROOT / "docs" / "operators" / "sizing.md").read_text(encoding="utf-8")
BENCHMARKS = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, without its head."""
    part = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_figures_of_requests_stand_in_the_benchmarks() -> None:
    figures = [cell.removesuffix(" ms") for row in table("Requests") for cell in row[1:] if cell]
    assert len(figures) > 10
    assert [figure for figure in figures if not re.search(rf"\b{figure}\b", BENCHMARKS)] == []


def test_the_memory_of_a_fresh_server_is_that_of_the_benchmark() -> None:
    assert table("Memory")[0][1] == "142 MiB"
    assert "142 MiB" in BENCHMARKS


def test_a_million_is_a_million_times_one() -> None:
    for name, _, one, million in table("Disk"):
        if not million:
            continue
        number, unit = million.split()
        exact = int(one.replace(",", "")) * 1_000_000 / {"MB": 1e6, "GB": 1e9}[unit]
        assert float(number) == pytest.approx(exact, rel=0.05), name


def test_the_example_is_calculated_right() -> None:
    value, share = (int(row[2]) for row in table("Disk")[:2])
    values = 2 * 6 * 24 * 365
    year = values * (value + share)
    assert f"{values:,} values a year" in PAGE
    assert f"{values:,} × ({value} + {share}) bytes = {round(year / 1e6)} MB" in " ".join(PAGE.split())
    assert f"500 of them need {round(500 * year / 1e9)} GB a year" in PAGE


def test_the_measurement_runs() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "sizes.py"), "--rows", "400"]
    done = subprocess.run(command, env=Machine(ROOT).environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(re.findall(r"bytes a row$", done.stdout, flags=re.MULTILINE)) == 4
