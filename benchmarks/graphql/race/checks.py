"""Before anything is measured: all give the same answers, refuse what is to be refused, and keep towns apart."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from . import postgraphile_queries, resolver_queries
from .queries import QUERIES
from .running import Server
from .store import Store
from .towns import MARKS, OTHER, TOWN, Tokens

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.0*)?(?:Z|\+00:00)")
CONSTANT = frozenset({"constant", "bare"})


class Unfair(Exception):
    """A contender does not do what the others do."""


def normalised(value: Any) -> Any:
    """One form for what JSON may write in several: whole numbers, moments in UTC."""
    if isinstance(value, dict):
        return {key: normalised(entry) for key, entry in value.items() if key != "extensions"}
    if isinstance(value, list):
        return [normalised(entry) for entry in value]
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, str) and (found := _MOMENT.fullmatch(value)):
        return found[1] + "Z"
    return value


def check(servers: Mapping[str, Server], queries: list[str], tokens: Tokens, store: Store) -> dict[str, Any]:
    """All checks; the agreed answers by query. Raises `Unfair` with what is wrong."""
    asked = [server for name, server in servers.items() if name not in CONSTANT]
    answers: dict[str, Any] = {}
    for query in queries:
        for server in asked:
            for town, other in ((TOWN, OTHER), (OTHER, TOWN)):
                _check_town(server, query, town, MARKS[other], tokens, store)
            answer = _answer(server, query, TOWN, tokens.of[TOWN], store)
            if query not in answers:
                answers[query] = answer
            elif answer != answers[query]:
                raise Unfair(f"{server.contender.name} {query}: {difference(answers[query], answer)}")
            _check_refusals(server, query, tokens, store)
    folder = store.data_dir / "constant"
    folder.mkdir(exist_ok=True)
    for query, answer in answers.items():
        (folder / f"{query}.json").write_text(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))
    for name in CONSTANT & servers.keys():
        _check_constant(servers[name], queries, tokens)
    return answers


def _answer(server: Server, query: str, town: str, token: str | None, store: Store) -> Any:
    tenant = store.towns[town]
    status, answer = server.ask(server.path(query, town), server.operation(query, QUERIES[query], tenant), token)
    if not isinstance(answer, dict):
        raise Unfair(f"{server.contender.name} {query}: {status} {str(answer)[:500]}")
    if server.contender.name == "postgraphile":
        answer = postgraphile_queries.as_ours(query, answer)
    if server.contender.name == "resolvers":
        answer = resolver_queries.as_ours(query, answer)
    return normalised(answer)


def _check_town(server: Server, query: str, town: str, foreign: str, tokens: Tokens, store: Store) -> None:
    name = server.contender.name
    answer = _answer(server, query, town, tokens.of[town], store)
    words = json.dumps(answer, ensure_ascii=False)
    if answer.get("errors") or MARKS[town] not in words:
        raise Unfair(f"{name} does not answer {query} for {town}: {words[:600]}")
    if foreign in words:
        raise Unfair(f"{name} {query} shows rows of {foreign} in {town}")


def _check_refusals(server: Server, query: str, tokens: Tokens, store: Store) -> None:
    name = server.contender.name
    for token, what in ((tokens.forged, "a forged token"), ("x.y.z", "no real token")):
        answer = _answer(server, query, TOWN, token, store)
        if not answer.get("errors", answer.get("detail")) or answer.get("data"):
            raise Unfair(f"{name} takes {what} for {query}: {str(answer)[:300]}")
    if query == "Q4":
        for token in (tokens.plain, tokens.of[OTHER]):
            words = json.dumps(_answer(server, query, TOWN, token, store))
            if re.search(r'"devEui": "', words):
                raise Unfair(f"{name} shows radio identifiers to a caller without the right")


def _check_constant(server: Server, queries: list[str], tokens: Tokens) -> None:
    for query in queries:
        status, _ = server.ask(server.path(query), b"{}", tokens.of[TOWN])
        refused, _ = server.ask(server.path(query), b"{}", tokens.forged)
        if status != 200 or (server.contender.name == "constant") != (refused == 401):
            raise Unfair(f"{server.contender.name} answers {query} with {status} and a forged token with {refused}")


def difference(expected: Any, found: Any, path: str = "") -> str:
    """Where two answers part, in words."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in {**expected, **found}:
            if expected.get(key) != found.get(key):
                return difference(expected.get(key), found.get(key), f"{path}.{key}")
    if isinstance(expected, list) and isinstance(found, list):
        for number, (one, other) in enumerate(zip(expected, found, strict=False)):
            if one != other:
                return difference(one, other, f"{path}[{number}]")
        return f"{path}: {len(expected)} entries expected, {len(found)} found"
    return f"{path}: {str(expected)[:200]} expected, {str(found)[:200]} found"
