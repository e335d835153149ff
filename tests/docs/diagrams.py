"""Reads the flowcharts of a page: boxes with their rooms, and arrows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_ARROW = re.compile(r'^(\w+) (-->|-\. "(.+)" \.->) (\w+)$')
_FLOOR = re.compile(r'^(\w+)\["<b>[^<]+</b>((?:<br/>[\w ·]+)+)"\]$')
_WORDS = ("flowchart ", "accTitle: ", "accDescr: ")


@dataclass
class Diagram:
    """A flowchart. `groups`: the rooms that each box names; `labels`: the words at dotted arrows."""

    nodes: list[str] = field(default_factory=list[str])
    groups: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    arrows: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    labels: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])


def read(text: str) -> Diagram:
    """Read a flowchart.

    :raises ValueError: a line says something else than a box or an arrow, and would go unchecked.
    """
    found = Diagram()
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith(_WORDS):
            continue
        if match := _FLOOR.match(line):
            rooms = [room.strip() for part in match[2].split("<br/>")[1:] for room in part.split("·")]
            found.groups[match[1]] = rooms
            found.nodes += rooms
        elif match := _ARROW.match(line):
            arrow = (match[1], match[4])
            if match[3]:
                found.labels[arrow] = match[3]
            else:
                found.arrows.append(arrow)
        else:
            raise ValueError(f"cannot be checked: {line}")
    return found
