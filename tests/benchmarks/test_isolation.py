"""The benchmark of the walls still runs, on both databases, and measures both sides of them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str) -> str:
    """The command as people give it, with none of our settings from outside and little data."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("REGIOHUB_")}
    command = [sys.executable, "benchmarks/isolation.py", "--small", "--rounds", "1", "--seconds", "0.05", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.postgresql
def test_the_benchmark_measures_both_sides_of_the_walls() -> None:
    said = run("--database", "postgresql")
    for row in ("| compiled | 32 |", "| ORM | 32 |", "| box on the map |", "| full text |", "| overlapping ranges |"):
        assert row in said


def test_the_benchmark_measures_what_triggers_and_the_towns_key_cost() -> None:
    said = run("--database", "sqlite")
    for row in ("(triggers)", "compiled (town in key and condition)", "ORM (session of a town)"):
        assert row in said
