"""Judges projects in forked processes: each imports a package of the same name, and leaves no trace of it here."""

from __future__ import annotations

import json
import os
import traceback
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from regiohub.plugins.rules.report import answer

from .good import FILES

Change = Mapping[str, str | bytes | tuple[str, str] | None]
"""Path -> another content, (old, new) words within it, or None to take the file away."""


@dataclass(frozen=True)
class Outcome:
    """What the process of its own has written."""

    written: Mapping[str, Any]

    @property
    def problem(self) -> str | None:
        """Why there are no verdicts."""
        return self.written.get("problem")

    @property
    def to_do(self) -> Mapping[str, list[str]]:
        """Faults by rule, of the rules that are not fulfilled."""
        return {one["rule"]: one["faults"] for one in self.written["findings"] if one["state"] == "to do"}

    def of(self, rule: str) -> Mapping[str, Any]:
        """One rule's finding."""
        return next(one for one in self.written["findings"] if one["rule"] == rule)


Judge = Callable[[Change], Outcome]


def build(root: Path, change: Change) -> Path:
    """Write the good project with one change."""
    for name, content in {**FILES, **{name: new for name, new in change.items() if isinstance(new, str)}}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.lstrip("\n"), encoding="utf-8")
    for name, new in change.items():
        if new is None:
            (root / name).unlink()
        elif isinstance(new, bytes):
            (root / name).write_bytes(new)
        elif isinstance(new, tuple):
            before = (root / name).read_text(encoding="utf-8")
            assert new[0] in before, f"the good project has no {new[0]!r} in {name}"
            (root / name).write_text(before.replace(*new), encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def imported() -> None:
    """What all projects import, loaded once before the forks."""
    for name in ("api", "api.console", "api.graphql", "api.http", "api.migrations", "testing.contract"):
        import_module(f"regiohub.{name}")


@pytest.fixture
def judge(tmp_path: Path, imported: None) -> Judge:
    """Builds a project and has it judged."""

    def judged(change: Change) -> Outcome:
        root, target = build(tmp_path / "sample", change), tmp_path / "answer.json"
        with warnings.catch_warnings():
            # The child ends without returning to the code of other threads.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            try:
                target.write_text(json.dumps(answer(root)), encoding="utf-8")
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        return Outcome(json.loads(target.read_text(encoding="utf-8")))

    return judged
