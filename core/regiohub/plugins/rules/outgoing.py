"""The rule about calls to others: they pass the platform's guard."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .rule import Project, Rule
from .sources import Source, modules

_GUARD = "regiohub.api.outgoing"
_OTHERS = frozenset(
    {"aiohttp", "aiomqtt", "asyncssh", "ftplib", "http", "paho", "requests", "smtplib", "socket", "urllib", "urllib3",
     "websockets"}
)  # fmt: skip
"""Packages that open connections; `http_client` stands for httpx, and these have to ask for the address first."""
_CALLS = frozenset(
    {"AsyncClient", "Client", "delete", "get", "head", "options", "patch", "post", "put", "request", "stream"}
)
_HARMLESS = frozenset({"urllib.parse", "http"})
"""Parts of them that call nobody (`from http import HTTPStatus`)."""


def _guarded(project: Project) -> Iterator[str]:
    for source in modules(project):
        imported = dict(_imported(source))
        asks = any(module == _GUARD or module.startswith(f"{_GUARD}.") for module in imported.values())
        for node in source.nodes:
            if isinstance(node, ast.Call) and (name := _dotted(node.func)) and _of_httpx(name, imported):
                yield f"{source.at(node)}: {name}(…) calls wherever it is sent"
        others = sorted({m for m in imported.values() if m.partition(".")[0] in _OTHERS and m not in _HARMLESS})
        if others and not asks:
            yield f"{source.shown}: uses {', '.join(others)} and does not ask for a permitted address"


def _imported(source: Source) -> Iterator[tuple[str, str]]:
    """The names that a file gets by importing, each with the module it is from."""
    for node in source.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                # "from urllib import request" brings the module itself.
                part = node.module in {"urllib", "http", "paho"} and alias.name.islower()
                yield alias.asname or alias.name, f"{node.module}.{alias.name}" if part else node.module


def _dotted(node: ast.expr) -> str | None:
    """`httpx.get` of a name or an attribute of one; None for anything else."""
    if isinstance(node, ast.Attribute):
        return f"{node.value.id}.{node.attr}" if isinstance(node.value, ast.Name) else None
    return node.id if isinstance(node, ast.Name) else None


def _of_httpx(name: str, imported: dict[str, str]) -> bool:
    owner, _, last = name.rpartition(".")
    if owner:
        return imported.get(owner) == "httpx" and last in _CALLS
    return imported.get(name) == "httpx" and name in _CALLS


RULES = (
    Rule(
        "outgoing-guarded",
        "It calls others through the platform's guard only",
        "Staff enter hosts in settings, and a host can lead into the platform's own network. Use "
        "regiohub.api.outgoing: http_client(scope) in place of a client of your own, and "
        "permitted_address(scope, host, port) before connecting by another protocol.",
        _guarded,
    ),
)
