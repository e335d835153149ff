"""How our own server has answered: it counts operations by way for its metrics, and the race reads them."""

from __future__ import annotations

import re
import urllib.request

from .running import Server

_LINE = re.compile(r'^regiohub_graphql_operations_total\{way="(\w+)"\} (\S+)$', re.MULTILINE)


def counted(server: Server) -> dict[str, float]:
    """Operations so far by way; nothing for a server that is not ours."""
    if not server.contender.is_ours:
        return {}
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/metrics", timeout=60) as answer:
        return {way: float(count) for way, count in _LINE.findall(answer.read().decode())}


def most(before: dict[str, float], after: dict[str, float]) -> str:
    """The way that most of the operations between two readings went; empty for a server that is not ours."""
    gone = {way: count - before.get(way, 0) for way, count in after.items()}
    return max(gone, key=lambda way: gone[way]) if gone else ""
