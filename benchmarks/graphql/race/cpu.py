"""CPU time of processes, to the nanosecond: it holds even where the machine is shared."""

from __future__ import annotations

from pathlib import Path

Times = dict[str, int]


def family(pid: int) -> list[int]:
    """A process and everything below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            found += family(int(child))
    return found


def times(pid: int) -> Times:
    """Nanoseconds on a core, by thread, of a process and everything below it; nothing for process 0."""
    found: Times = {}
    for member in family(pid) if pid else ():
        for file in Path(f"/proc/{member}/task").glob("*/schedstat"):
            try:
                found[str(file)] = int(file.read_text().split()[0])
            except OSError:
                continue
    return found


def spent(before: Times, after: Times) -> float:
    """Milliseconds between two readings."""
    return sum(value - before.get(name, 0) for name, value in after.items()) / 1e6
