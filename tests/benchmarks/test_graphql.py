"""The GraphQL benchmark still runs: every contender answers the same, on both databases, with little data."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTENDERS = "raw,ours,ordinary,resolvers,strawberry,strawberry-lean"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as people give it, with none of our settings from outside."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("REGIOHUB_")}
    command = [sys.executable, "benchmarks/graphql", "--small", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_the_race_measures_servers_that_give_equal_answers(database: str, tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    load = ["--rounds", "1", "--seconds", "0.1", "--connections", "2"]
    done = run("--database", database, "--contenders", CONTENDERS, "--json", str(file), *load)
    assert done.returncode == 0, done.stderr
    assert "### Goals" in done.stdout
    samples: list[dict[str, Any]] = json.loads(file.read_text())["samples"]
    assert {(sample["contender"], sample["query"]) for sample in samples} == {
        (name, query) for name in CONTENDERS.split(",") for query in ("Q1", "Q2", "Q3", "Q4", "Q5")
    }
    assert [sample for sample in samples if sample["errors"] or sample["rate"] <= 0 or sample["server_ms"] <= 0] == []
    # An answer by the ordinary way would say nothing about functions that plans call.
    assert {sample["way"] for sample in samples if sample["contender"] == "resolvers"} == {"mixed"}
    assert "| resolvers : strawberry-lean | Q5 |" in done.stdout
    measured = sum(sample["database_ms"] for sample in samples)
    assert measured > 0 if database == "postgresql" else measured == 0


def test_the_report_of_what_compiles_finds_the_operations_of_the_repository() -> None:
    command = [sys.executable, "benchmarks/graphql/coverage.py", "--all"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "| docs |" in done.stdout
    assert "| tests |" in done.stdout
    # The list of rooms in the race is all columns and one relation: if that needs a resolver, nothing compiles.
    assert any("race/queries.py" in line and line.endswith("Rooms compiles") for line in done.stdout.splitlines())
