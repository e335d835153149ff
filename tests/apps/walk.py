"""Pages that a reader follows in a terminal: files are written, commands run, answers compared, from top to bottom.

A block of `sh` is run; the block of `json` or `text` right after it is its answer, in which `…` stands for what differs
from run to run. A block whose first line names a file (`# town.graphql`, `// hub.mjs`) is written to that file. A
block behind the remark `<!-- not run: … -->` belongs to a place that a test cannot be.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..readme.conftest import Step, shell  # noqa: TID252 - the README's blocks are read in the same way

ROOT = Path(__file__).parents[2]
PATIENCE = 15.0
"""Seconds in which a running server sees what another process has changed."""

_BLOCK = re.compile(
    r"(?P<remark><!-- not run: [^\n]+ -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_FILE = re.compile(r"(?:#|//) (?P<name>[\w.-]+\.\w+)\n")


@dataclass(frozen=True)
class Block:
    """One block of a page: a file if `file` is set, commands or an answer otherwise."""

    language: str
    text: str
    file: str | None = None


def blocks(text: str) -> list[Block]:
    """All blocks of a page that a test runs."""
    found: list[Block] = []
    for match in _BLOCK.finditer(text):
        if match["remark"]:
            continue
        named = _FILE.match(match["text"])
        found.append(Block(match["language"], match["text"], named["name"] if named else None))
    return found


def sections(text: str) -> dict[str, str]:
    """The parts of a page by their headings, of whatever level; what stands before the first one is left out."""
    parts = re.split(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def steps(text: str) -> Iterator[Block | Step]:
    """Files and commands in their order.

    :raises ValueError: a block is none of them, so nothing would prove it.
    """
    found = blocks(text)
    for number, block in enumerate(found):
        if block.file:
            yield block
        elif block.language == "sh":
            following = found[number + 1] if number + 1 < len(found) else Block("", "")
            answers = following.language in ("json", "text") and not following.file
            yield Step(block.text, following.language if answers else "", following.text if answers else "")
        elif not (block.language in ("json", "text") and number and found[number - 1].language == "sh"):
            raise ValueError(f"this block is never run: {block.text}")


def follow(text: str, folder: Path, environment: Mapping[str, str]) -> None:
    """Do what a page says, in a folder.

    :raises AssertionError: something answers differently.
    """
    with shell(folder, dict(environment)) as terminal:
        for step in steps(text):
            if isinstance(step, Block):
                (folder / str(step.file)).write_text(step.text, encoding="utf-8")
                continue
            output = terminal.run(step.commands)
            deadline = time.monotonic() + PATIENCE
            while not step.is_answered_by(output) and step.only_asks and time.monotonic() < deadline:
                output = terminal.run(step.commands)
            assert step.is_answered_by(output), f"{step.commands}\nanswered\n{output}\ninstead of\n{step.answer}"
