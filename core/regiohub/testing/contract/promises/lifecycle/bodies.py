"""Bodies to send to an address: what it declares, or fields with the names of the plugin's columns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from regiohub.db.base import uuid7
from regiohub.plugins.manifest import Plugin
from regiohub.testing.contract.promises.graphql.rows import tables
from regiohub.testing.world import World

from .addresses import Address

Fields = Mapping[str, Any]
_FORMATS: Fields = {
    "date-time": "2026-06-02T10:00:00Z", "date": "2026-06-02", "time": "10:00:00", "email": "anna@example.org",
    "uri": "https://example.org/", "duration": "PT1H",
}  # fmt: skip
_SIMPLE: Fields = {"integer": 1, "number": 1.0, "boolean": True, "null": None}
_DEEPEST = 6


async def fields_of(world: World, plugin: Plugin, slug: str) -> Fields:
    """A value for each name of a column: that of a row that is there, texts a little different, as keys have to be."""
    found: dict[str, Any] = {}
    async with world.scope(slug).read() as ctx:
        for model in tables(plugin):
            names = [c.key for c in sa.inspect(model).column_attrs if isinstance(c.columns[0], sa.Column)]
            rows = await ctx.session.execute(sa.select(*(getattr(model, name) for name in names)).limit(1))
            for name, value in zip(names, rows.first() or (), strict=False):
                if value is not None and name not in ("tenant_id", "id"):
                    text = type(value) is str and "://" not in value
                    found.setdefault(name, f"x{value}" if text else to_jsonable_python(value, fallback=str))
    return found


def body_for(address: Address, known: Fields) -> Any:
    """What the address declares as its body, or all the fields where it declares none."""
    declared = getattr(address.declared, "body_field", None)
    if declared is None:
        return known
    schema = TypeAdapter(declared.field_info.annotation).json_schema()
    made = _made(schema, schema.get("$defs", {}), known, "", 0)
    return {**known, **made} if isinstance(made, dict) and schema.get("additionalProperties", True) else made


def query_for(address: Address, known: Fields) -> dict[str, str]:
    """The parameters that the address requires in its query."""
    dependant = getattr(address.declared, "dependant", None)
    wanted = [field for field in getattr(dependant, "query_params", ()) if field.field_info.is_required()]
    schemas = {field.alias: TypeAdapter(field.field_info.annotation).json_schema() for field in wanted}
    return {name: _text(_made(schema, schema.get("$defs", {}), known, name, 0)) for name, schema in schemas.items()}


def as_form(body: Any) -> dict[str, str]:
    """The same as fields of a form, confirmed where the page asks again."""
    fields: Mapping[str, Any] = body if isinstance(body, Mapping) else {}
    return {name: _text(value) for name, value in fields.items()} | {"confirmed": "yes"}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _made(schema: Fields, names: Fields, known: Fields, name: str, depth: int) -> Any:
    """A value that a JSON schema allows; the known one of that name where it is of that type."""
    if "$ref" in schema:
        schema = names[schema["$ref"].rpartition("/")[2]]
    if "const" in schema or "enum" in schema or depth > _DEEPEST:
        return schema.get("const", next(iter(schema.get("enum", ())), None))
    variants: Sequence[Fields] = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf") or ()
    if variants:
        return _made(variants[0], names, known, name, depth)
    match schema.get("type"):
        case "object":
            inner: Mapping[str, Fields] = schema.get("properties", {})
            return {key: _made(entry, names, known, key, depth + 1) for key, entry in inner.items()}
        case "array":
            return [_made(schema.get("items", {}), names, known, name, depth + 1)]
        case "string" | None:
            return _string(schema, known.get(name))
        case kind:
            return schema.get("minimum", known[name] if name in known else _SIMPLE.get(kind))


def _string(schema: Fields, known: Any) -> str:
    if isinstance(known, str) and schema.get("minLength", 0) <= len(known) <= schema.get("maxLength", len(known)):
        return known
    kind = schema.get("format")
    return (
        str(uuid7()) if kind == "uuid" else _FORMATS.get(str(kind), "erfunden".ljust(schema.get("minLength", 0), "x"))
    )
