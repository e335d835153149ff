"""The README's blocks, a shell that runs them, and the comparison with the answers they promise."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ANYTHING = "…"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_END = "--- end of the block ---"


@dataclass(frozen=True)
class Step:
    """Commands and, if the README shows one, their answer."""

    commands: str
    language: str
    answer: str

    @property
    def only_asks(self) -> bool:
        """Whether it may be repeated until the running server has seen a change."""
        return not any(word in self.commands for word in ("mutation", "book ", "ingest", "regiohub"))

    def is_answered_by(self, output: str) -> bool:
        """Whether an output is what the README promises."""
        if not self.answer:
            return True
        if self.language == "json":
            try:
                return alike(json.loads(self.answer), json.loads(output))
            except json.JSONDecodeError:
                return False
        pattern = re.escape(self.answer.strip()).replace(ANYTHING, ".*?")
        return re.fullmatch(pattern, output.strip(), re.DOTALL) is not None


def steps(text: str) -> list[Step]:
    """All `sh` blocks of a Markdown text, each with the block of output that follows it."""
    blocks = _BLOCK.findall(text)
    followers = [*blocks[1:], ("", "")]
    return [
        Step(content, *(following if following[0] in ("json", "text") else ("", "")))
        for (language, content), following in zip(blocks, followers, strict=True)
        if language == "sh"
    ]


def alike(expected: Any, actual: Any) -> bool:
    """Equality in which `…` stands for any value, and at the end of a list for any number of further ones."""
    if expected == ANYTHING:
        return True
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(alike(expected[name], actual[name]) for name in expected)
    if isinstance(expected, list) and isinstance(actual, list):
        open_end = bool(expected) and expected[-1] == ANYTHING
        wanted = expected[:-1] if open_end else expected
        enough = len(actual) >= len(wanted) if open_end else len(actual) == len(wanted)
        return enough and all(alike(one, other) for one, other in zip(wanted, actual, strict=False))
    return expected == actual


class Shell:
    """One bash in which variables and functions live on from block to block, as in a reader's terminal."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, commands: str) -> str:
        """The output of some commands, errors included."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{commands}\necho; echo '{_END}'\n")
        self._process.stdin.flush()
        lines: list[str] = []
        for line in self._process.stdout:
            if line.rstrip("\n") == _END:
                return "".join(lines)
            lines.append(line)
        raise AssertionError(f"the shell ended: {''.join(lines)}")


@contextmanager
def shell(folder: Path, environment: dict[str, str]) -> Generator[Shell]:
    """A shell in a folder."""
    with subprocess.Popen(
        ["/bin/bash", "--noprofile", "--norc"], cwd=folder, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        yield Shell(process)
        assert process.stdin is not None
        process.stdin.close()


def clean_environment(port: int) -> dict[str, str]:
    """The environment of somebody who has set nothing but the port."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REGIOHUB_")}
    return kept | {"REGIOHUB_PORT": str(port)}
