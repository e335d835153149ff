"""What can be said of a block without running it: it compiles, its names exist, its commands are there."""

from __future__ import annotations

import ast
import importlib
import json
import re
import shlex
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from typing import Any

import yaml
from graphql import GraphQLError, parse, validate
from jinja2 import Environment, TemplateSyntaxError

from regiohub.graphql.transport.routes import schema_text
from regiohub_docs.reference import cli, sdl
from regiohub_docs.reference.installation import platform

from .pages import ROOT, Block
from .pages import words as text_of

_PROGRAMS = (
    "adduser apt cat cd chmod chown cookiecutter cp crontab curl cut date diff docker echo export git grep gunzip gzip "
    "head helm install journalctl jq kill local ls mkdir mv node npm openssl pg_dump pg_restore pip psql pytest python "
    "python3 rm rsync sed seq set sha256sum sleep source sudo systemctl tail tar tee touch tr true umask uv vacuumdb "
    "wait { } for done fi"
)
PROGRAMS = frozenset(_PROGRAMS.split())
"""Programs that an operator or author has; `regiohub` and `make` are looked into."""
_ASSIGNMENT = re.compile(r"^[A-Za-z_]\w*=")
_SEPARATORS = re.compile(r"^(?:\|\||&&|;|\||&|\(|\)|then|do)$")


def faults(block: Block) -> list[str]:
    """What is wrong with a block, as far as it can be seen."""
    check = CHECKS.get(block.language)
    found = list(check(block.text)) if check else []
    # Functions of the shell that the page has made, here or in an earlier block.
    page = text_of(block.page) if block.page.is_file() else ""
    own = {f"unknown program {name}" for name in re.findall(r"^(\w+)\(\) \{", page, re.MULTILINE)}
    # Modules, too: a block that begins with the name of its file.
    own |= {f"no module {name}" for name in re.findall(r"^```python\n# (\w+)\.py$", page, re.MULTILINE)}
    return [fault for fault in found if fault not in own]


def _python(text: str) -> Iterator[str]:
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        yield f"line {error.lineno}: {error.msg}"
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (f"no module {name.name}" for name in node.names if not _exists(name.name))
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if not _exists(node.module):
                yield f"no module {node.module}"
            elif node.module.split(".")[0] == "regiohub":
                module = importlib.import_module(node.module)
                yield from (f"{node.module} has no {it.name}" for it in node.names if not hasattr(module, it.name))


def _exists(module: str) -> bool:
    root = module.partition(".")[0]
    if root.startswith("regiohub_") and find_spec(root) is None:
        return True  # the plugin that the page writes
    try:
        return root in sys.stdlib_module_names or find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _toml(text: str) -> Iterator[str]:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        yield str(error)


def _json(text: str) -> Iterator[str]:
    if "…" in text:
        return  # an answer with parts left out
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        yield str(error)


def _yaml(text: str) -> Iterator[str]:
    try:
        list(yaml.safe_load_all(text))
    except yaml.YAMLError as error:
        yield str(error)


def _jinja(text: str) -> Iterator[str]:
    try:
        Environment(autoescape=True).parse(text)
    except TemplateSyntaxError as error:
        yield f"line {error.lineno}: {error.message}"


def _graphql(text: str) -> Iterator[str]:
    try:
        document = parse(text)
    except GraphQLError as error:
        yield error.message
        return
    if any(not hasattr(node, "operation") and node.kind != "fragment_definition" for node in document.definitions):
        return  # a piece of a schema
    first: list[str] = []
    for schema in (_town(), sdl.region_schema()):
        found = [error.message for error in validate(schema, document) if "operation" not in error.message.lower()]
        if not found:
            return
        first = first or found
    yield from first


def _town() -> Any:
    from graphql import build_schema

    return build_schema(schema_text(platform()))


def _shell(text: str) -> Iterator[str]:
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"\d?>&\d|\$\(\(.*?\)\)", "", text))
    joined = re.sub(r"<<-?\s*'?(\w+)'?.*?\n\1\n", "\n", joined, flags=re.DOTALL)
    try:
        parts = [_split(line) for line in _lines(joined)]
    except ValueError as error:
        yield str(error)
        return
    for words in parts:
        yield from _commands(words)


def _lines(text: str) -> Iterator[str]:
    """Command lines; a quoted text may go over several."""
    held = ""
    for line in text.splitlines():
        held = f"{held}\n{line}" if held else line
        try:
            shlex.split(held, comments=True)
        except ValueError:
            continue
        yield held
        held = ""
    if held:
        yield held


def _split(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="();&|")
    lexer.whitespace_split = True
    lexer.commenters = "#"
    return [word for word in lexer if word != "()"]


def _commands(words: list[str]) -> Iterator[str]:
    command: list[str] = []
    for word in [*words, ";"]:
        if not _SEPARATORS.match(word):
            command.append(word)
            continue
        while command and _ASSIGNMENT.match(command[0]):
            command = command[1:]
        if command:
            yield from _command(command)
        command = []


def _command(words: list[str]) -> Iterator[str]:
    program = words[0].rsplit("/", maxsplit=1)[-1]
    if program in ("exec", "sudo", "env", "time", "until", "while", "if", "!"):
        yield from _command(words[1:])
    elif "regiohub" in words and program in ("docker", "regiohub", "uv"):
        yield from _regiohub(words[words.index("regiohub") + 1 :])
    elif program == "regiohub":
        yield from _regiohub(words[1:])
    elif program == "make":
        targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
        wanted = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
        yield from (f"no target {word}" for word in wanted if word not in targets)
    elif program not in PROGRAMS and not words[0].startswith(("./", ".")):
        yield f"unknown program {words[0]}"


def _regiohub(words: list[str]) -> Iterator[str]:
    known = dict(cli.commands())
    plain = [word for word in words if not word.startswith("-")]
    name = next((" ".join(["regiohub", *plain[:count]]) for count in (3, 2, 1) if _is(known, plain[:count])), None)
    if name is None:
        if plain or "--help" not in words:
            yield f"no command regiohub {' '.join(plain)}"
        return
    options = {option for param in known[name].params for option in (*param.opts, *param.secondary_opts)} | {"--help"}
    given = [word.partition("=")[0] for word in words if re.match(r"^--?[a-z]", word)]
    yield from (f"{name} has no option {word}" for word in given if word not in options)


def _is(known: Mapping[str, Any], words: list[str]) -> bool:
    return " ".join(["regiohub", *words]) in known


CHECKS: Mapping[str, Callable[[str], Iterator[str]]] = {
    "bash": _shell, "graphql": _graphql, "jinja": _jinja, "json": _json, "python": _python, "sh": _shell, "toml": _toml,
    "yaml": _yaml,
}  # fmt: skip
