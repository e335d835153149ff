"""The commands of `regiohub`, with every argument and option."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import typer

from regiohub.cli import app
from regiohub_docs.reference.docstrings import inline, prose
from regiohub_docs.reference.markdown import blocks, code, fenced, page, table

_WORDS: Mapping[Any, str] = {str: "TEXT", int: "NUMBER", float: "NUMBER", Path: "PATH"}
_INTRO = """\
Every command reads the platform's [settings](settings.md) from the environment or a file `.env`. `--help` after any
command shows what stands here. Errors say in one or two lines what is wrong and what to do, and the exit code says of
which kind they are:

| code | means |
|---|---|
| 0 | all went well |
| 1 | a check found something, or the platform refused |
| 2 | the command itself is wrong: an unknown option, a missing argument |
| 3 | settings, files or the environment are not as they must be |
| 4 | the database cannot be reached, or is not migrated |"""


def commands() -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its full name, in the order of the help."""
    yield from _walk("regiohub", typer.main.get_command(app))


def pages() -> Mapping[str, str]:
    """The page of all commands."""
    found = list(commands())
    index = table(("command", "does"), ((f"[`{name}`](#{name.replace(' ', '-')})", _first(it)) for name, it in found))
    parts = [_command(name, command) for name, command in found]
    return {"cli.md": page("Commands", "the commands' own help in `core/regiohub/cli/`", _INTRO, index, *parts)}


def _walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    inner: Mapping[str, Any] | None = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for part, entry in inner.items():
        if not entry.hidden:
            yield from _walk(f"{name} {part}", entry)


def _first(command: Any) -> str:
    return inline(str(command.help or "").partition("\n\n")[0].replace("\n", " "))


def _command(name: str, command: Any) -> str:
    shown = [param for param in command.params if not param.hidden]
    arguments = [param for param in shown if param.param_type_name == "argument"]
    options = [param for param in shown if param.param_type_name == "option"]
    usage = " ".join([name, *map(_placeholder, arguments), *(["[OPTIONS]"] if options else [])])
    return blocks(
        f"## {name}",
        prose(str(command.help or "")),
        fenced(usage, "text"),
        table(("argument", "meaning"), ((code(_placeholder(it)), inline(it.help or "")) for it in arguments)),
        table(("option", "default", "meaning"), ((_names(it), _default(it), inline(it.help or "")) for it in options)),
    )


def _placeholder(param: Any) -> str:
    name = (param.metavar or param.name).upper()
    return (name if param.required else f"[{name}]") + ("…" if param.nargs == -1 else "")


def _names(param: Any) -> str:
    names = [*param.opts, *param.secondary_opts]
    value = "" if param.is_flag else f" {param.metavar or _value(param.type_descriptor.annotation)}"
    return ", ".join(code(f"{name}{value}") for name in names) + (" (repeatable)" if param.multiple else "")


def _value(annotation: Any) -> str:
    if get_origin(annotation) in (list, Union, UnionType):
        kept = [part for part in get_args(annotation) if part is not type(None)]
        return _value(kept[0])
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return "|".join(str(member.value) for member in annotation)
    return _WORDS.get(annotation, "VALUE")


def _default(param: Any) -> str:
    if param.required:
        return "needed"
    if param.is_flag:
        on = param.opts[0] if param.default else (param.secondary_opts or [""])[0]
        return code(on) if param.secondary_opts and param.default is not None else ""
    return "" if param.default in (None, "", [], ()) else code(getattr(param.default, "value", param.default))
