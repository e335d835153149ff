"""The rules for a project in a folder, judged in a process of its own: whatever its import does stays there."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .catalogue import judge
from .reading import Unreadable, open_project, read_pyproject
from .sources import Source
from .verdict import State

SECONDS = 120
"""How long importing and judging may take."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table. `rule` is its id; `reason` belongs to an exemption."""

    rule: str
    title: str
    remedy: str
    state: State
    faults: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """What came out for a project."""

    plugin: str
    version: str
    findings: tuple[Finding, ...]

    def count(self, state: State) -> int:
        """How many rules are in a state."""
        return sum(finding.state is state for finding in self.findings)


def check_project(root: Path) -> Report:
    """Judge the project in a folder, installed or not.

    :raises Unreadable: there is no project, or its plugin cannot be imported.
    """
    root = root.resolve()
    # What can be said without starting another Python is said at once.
    read_pyproject(root)
    with tempfile.TemporaryDirectory() as scratch:
        answer = Path(scratch, "answer.json")
        # -P: a module in the current folder must not stand in for a library.
        command = [sys.executable, "-P", "-m", "regiohub.plugins.rules", str(root), str(answer)]
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and module
                command, capture_output=True, text=True, check=False, timeout=SECONDS
            )
        except subprocess.TimeoutExpired:
            raise Unreadable(
                f"The plugin in {root} was not imported within {SECONDS} seconds.",
                "Importing a plugin must only declare things: connections and loops belong into hooks and jobs.",
            ) from None
        if not answer.is_file():
            last = (done.stderr.strip().splitlines() or [f"Python ended with {done.returncode}"])[-1]
            raise Unreadable(f"The plugin in {root} ends Python when it is imported: {last}", "Correct its modules.")
        return _report(json.loads(answer.read_text(encoding="utf-8")))


def answer(root: Path) -> dict[str, Any]:
    """What the process of its own says: findings, or why there are none."""
    try:
        project = open_project(root)
    except Unreadable as error:
        return {"problem": error.message, "remedy": error.remedy}
    # Whatever an import raises, SystemExit included, is the plugin's fault and told as such.
    except (Exception, SystemExit) as error:
        return {
            "problem": f"The plugin cannot be imported: {_place(error, root)}{type(error).__name__}: {error}",
            "remedy": _import_remedy(error),
        }
    findings = [
        {"rule": verdict.rule.id, "title": verdict.rule.title, "remedy": verdict.rule.remedy,
         "state": verdict.state, "faults": verdict.faults, "reason": verdict.reason}
        for verdict in judge(project)
    ]  # fmt: skip
    return {"plugin": project.plugin.id, "version": project.plugin.version, "findings": findings}


def _place(error: BaseException, root: Path) -> str:
    """The last line of the plugin's own code that was running."""
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(root):
        return f"{Path(error.filename).relative_to(root)}:{error.lineno}: "
    step, found = error.__traceback__, ""
    while step is not None:
        file = Path(step.tb_frame.f_code.co_filename)
        if file.is_relative_to(root):
            found = f"{file.relative_to(root)}:{step.tb_lineno}: "
        step = step.tb_next
    if not found and isinstance(error, RecursionError | MemoryError):
        # Python gives up before it runs a line, and says not of which file.
        files = (Source(path, path.relative_to(root).as_posix()) for path in sorted((root / "src").rglob("*.py")))
        found = next((f"{file.shown}: " for file in files if file.fault), "")
    return found


def _import_remedy(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name:
        if error.name.partition(".")[0] == "regiohub":
            return "Plugins import regiohub.api and what stands below it: docs/reference/api.md lists every name."
        return (
            f"Install what it needs, for example with pip install -e . in its folder, or correct the name {error.name}."
        )
    return "Correct that place; python -X dev -c 'import …' shows the whole way there."


def _report(found: dict[str, Any]) -> Report:
    if "problem" in found:
        raise Unreadable(found["problem"], found["remedy"])
    findings = (
        Finding(**(finding | {"state": State(finding["state"]), "faults": tuple(finding["faults"])}))
        for finding in found["findings"]
    )
    return Report(found["plugin"], found["version"], tuple(findings))
