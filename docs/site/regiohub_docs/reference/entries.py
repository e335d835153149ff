"""One public name: a function, a class with its fields and methods, or a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import griffe

from regiohub_docs.reference.docstrings import parse
from regiohub_docs.reference.markdown import blocks, code, fenced, table
from regiohub_docs.reference.sources import fields_of, plain

_WIDTH = 96


def described(name: str, target: griffe.Object | griffe.Alias) -> str:
    """What stands below the name's heading."""
    if isinstance(target, griffe.Alias):
        return f"`{target.target_path}`, exported as it is."
    if isinstance(target, griffe.Function):
        return _function(name, target)
    if isinstance(target, griffe.Class):
        return blocks(*_class(name, target))
    attribute = cast("griffe.Attribute", target)
    said = parse(attribute.docstring.value if attribute.docstring else "")
    kind = f": {plain(str(attribute.annotation))}" if attribute.annotation else ""
    return blocks(fenced(f"{name}{kind} = {attribute.value}", "python"), said.summary, said.text)


def _function(name: str, function: griffe.Function) -> str:
    said = parse(function.docstring.value if function.docstring else "")
    variants = function.overloads or [function]
    return blocks(
        fenced("\n".join(_signature(name, variant) for variant in variants), "python"),
        said.summary,
        said.text,
        table(("argument", "meaning"), ((code(entry), words) for entry, words in said.params.items())),
        f"**Returns** {said.returns}" if said.returns else "",
        table(("raises", "when"), ((code(error), words) for error, words in said.raises.items())),
    )


def _signature(name: str, function: griffe.Function) -> str:
    start = f"{'async ' if 'async' in function.labels else ''}def {name}"
    parameters = list(_parameters(function))
    returns = f" -> {plain(str(function.returns))}" if function.returns else ""
    line = f"{start}({', '.join(parameters)}){returns}"
    if len(line) <= _WIDTH:
        return line
    return "\n".join([f"{start}(", *(f"    {parameter}," for parameter in parameters), f"){returns}"])


def _parameters(function: griffe.Function) -> Iterator[str]:
    kinds = griffe.ParameterKind
    parameters = [entry for entry in function.parameters if entry.name not in ("self", "cls")]
    starred = any(entry.kind is kinds.var_positional for entry in parameters)
    for index, entry in enumerate(parameters):
        if entry.kind is kinds.keyword_only and not starred:
            yield "*"
            starred = True
        mark = {kinds.var_positional: "*", kinds.var_keyword: "**"}.get(entry.kind or kinds.positional_or_keyword, "")
        kind = f": {plain(str(entry.annotation))}" if entry.annotation is not None else ""
        given = "" if mark or entry.default is None else f"{' = ' if kind else '='}{entry.default}"
        yield f"{mark}{entry.name}{kind}{given}"
        last = index + 1 == len(parameters) or parameters[index + 1].kind is not kinds.positional_only
        if entry.kind is kinds.positional_only and last:
            yield "/"


def _class(name: str, found: griffe.Class) -> Iterator[str]:
    said = parse(found.docstring.value if found.docstring else "")
    bases = ", ".join(plain(str(base)) for base in found.bases)
    yield fenced(f"class {name}({bases})" if bases else f"class {name}", "python")
    yield blocks(said.summary, said.text)
    if any("Enum" in str(base) for base in found.bases):
        yield table(("value", "meaning"), _values(found))
        return
    fields = list(fields_of(found))
    if any(field.meaning for field in fields):
        rows = [(code(it.name), code(it.type), code(it.default), it.meaning) for it in fields]
        yield table(("field", "type", "default", "meaning"), rows)
    else:
        yield table(("field", "type", "default"), ((code(it.name), code(it.type), code(it.default)) for it in fields))
    yield from _members(found)


def _values(found: griffe.Class) -> Iterator[tuple[str, str]]:
    for name, member in found.members.items():
        if isinstance(member, griffe.Attribute) and name.isupper():
            yield code(f"{name} = {member.value}"), member.docstring.value if member.docstring else ""


def _members(found: griffe.Class) -> Iterator[str]:
    """The constructor if it is the class's own, then properties and methods, those of bases in the core included."""
    everything = dict(found.inherited_members) | found.members
    for name, member in everything.items():
        target = member.final_target if isinstance(member, griffe.Alias) else member
        if name == "__init__" and isinstance(target, griffe.Function) and "dataclass" not in found.labels:
            yield blocks(
                f"### Making a {found.name}", fenced(_signature(found.name, target).removeprefix("def "), "python")
            )
        if name.startswith("_"):
            continue
        if isinstance(target, griffe.Function):
            yield blocks(f"### {found.name}.{name}", _function(name, target))
        elif isinstance(target, griffe.Attribute) and "property" in target.labels:
            said = parse(target.docstring.value if target.docstring else "")
            shown = fenced(f"{name}: {plain(str(target.annotation))}", "python")
            yield blocks(f"### {found.name}.{name}", shown, said.summary, said.text)
