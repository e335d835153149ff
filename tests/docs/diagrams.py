"""Reads the flowcharts of a page: nodes, groups and arrows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_GROUP = re.compile(r'^subgraph (\w+)(?:\["(.+)"\])?$')
_ARROW = re.compile(r'^(\w+) (-->|-\. "(.+)" \.->) (\w+)$')
_NODE = re.compile(r"^(\w+)$")
_WORDS = ("flowchart ", "accTitle: ", "accDescr: ")


@dataclass
class Diagram:
    """A flowchart. `groups`: the nodes of each group; `labels`: the words at dotted arrows."""

    nodes: list[str] = field(default_factory=list[str])
    groups: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    arrows: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    labels: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])


def read(text: str) -> Diagram:
    """Read a flowchart.

    :raises ValueError: a line says something else than a node, a group or an arrow, and would go unchecked.
    """
    found = Diagram()
    group: str | None = None
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith(_WORDS):
            continue
        if line == "end":
            group = None
        elif match := _GROUP.match(line):
            group = str(match[1])
            found.groups[group] = []
        elif match := _ARROW.match(line):
            arrow = (match[1], match[4])
            if match[3]:
                found.labels[arrow] = match[3]
            else:
                found.arrows.append(arrow)
        elif _NODE.match(line):
            found.nodes.append(line)
            if group:
                found.groups[group].append(line)
        else:
            raise ValueError(f"cannot be checked: {line}")
    return found
