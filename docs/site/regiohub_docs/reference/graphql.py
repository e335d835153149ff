"""GraphQL: the recorded schemas, and pages that list their operations and types."""

from __future__ import annotations

from collections.abc import Mapping

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLType,
    GraphQLUnionType,
    Undefined,
    ast_from_value,
    get_named_type,
    print_ast,
)

from regiohub_docs.reference import sdl
from regiohub_docs.reference.installation import host, readme_of
from regiohub_docs.reference.markdown import blocks, code, page, table, text

_SOURCE = "the schemas that the core composes (`regiohub schema export`)"
_INDEX = """\
Each town has its own schema at `/{tenant}/graphql`: the core's, and what its plugins add. The region's stands at
`/region/graphql`. [How requests look](../graphql-over-http.md), and what is answered when something is wrong. Every
schema can be read at `/{tenant}/schema.graphql`, and with an explanation of each field in GraphiQL at the same address
as the API.

The `.graphql` files are the recorded schemas: a change of the API is a change of these files, and can be seen before it
is released. A plugin's file holds what it adds; together with the core's file it is a complete schema."""
_KINDS: tuple[tuple[str, type[GraphQLNamedType] | tuple[type[GraphQLNamedType], ...]], ...] = (
    ("Types", (GraphQLObjectType, GraphQLInterfaceType)),
    ("Unions", GraphQLUnionType),
    ("Inputs", GraphQLInputObjectType),
    ("Enums", GraphQLEnumType),
)


def pages() -> Mapping[str, str]:
    """An index, and a schema and a page for the core, each plugin and the region."""
    found = {"graphql/README.md": _index()}
    for name in sdl.names():
        found[f"graphql/{name}.graphql"] = sdl.text_of(name)
        found[f"graphql/{name}.md"] = _Page(name).written()
    return found


def _title(name: str) -> str:
    return {sdl.CORE: "Every town", sdl.REGION: "The region"}.get(name) or host().healthy[name].title.en


def _index() -> str:
    rows: list[tuple[str, ...]] = []
    for name in sdl.names():
        counts = {kind: str(len(root.fields)) for kind, root in sdl.roots_of(name)}
        shown = [counts.get(kind, "") for kind in ("Queries", "Mutations", "Subscriptions")]
        rows.append((f"[{_title(name)}]({name}.md)", *shown, f"[{name}.graphql]({name}.graphql)"))
    return page("GraphQL", _SOURCE, _INDEX, table(("schema", "queries", "mutations", "subscriptions", "file"), rows))


class _Page:
    """One schema as a page; types of the core are linked to the core's page."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._own = sdl.own_types(name)
        self._core = sdl.own_types(sdl.CORE)

    def written(self) -> str:
        """The whole page."""
        about = {
            sdl.CORE: "What the schema of every town holds, whichever plugins are on.",
            sdl.REGION: "What the region's schema holds: published rows of the towns that consent.",
        }.get(self._name) or f"What {readme_of(self._name, up='../../..')} adds to the schema of a town that has it on."
        intro = f"{about} The same in the definition language: [{self._name}.graphql]({self._name}.graphql)."
        roots = [blocks(f"## {kind}", *self._root(root)) for kind, root in sdl.roots_of(self._name)]
        types = [blocks(f"## {title}", *self._types(kind)) for title, kind in _KINDS if self._types(kind)]
        return page(f"GraphQL: {_title(self._name)}", _SOURCE, intro, *roots, *types, self._scalars())

    def _root(self, root: GraphQLObjectType) -> list[str]:
        parts: list[str] = []
        for name, field in root.fields.items():
            rows = (
                (code(key), self._type(arg.type), _default(arg), arg.description or "")
                for key, arg in field.args.items()
            )
            parts.append(
                blocks(
                    f"### {root.name}.{name}",
                    text(field.description or ""),
                    f"Returns {self._type(field.type)}." + _outdated(field),
                    table(("argument", "type", "default", "meaning"), rows),
                )
            )
        return parts

    def _types(self, kind: type[GraphQLNamedType] | tuple[type[GraphQLNamedType], ...]) -> list[str]:
        return [
            blocks(f"### {name}", text(type_.description or ""), self._members(type_))
            for name, type_ in self._own.items()
            if isinstance(type_, kind)
        ]

    def _members(self, type_: GraphQLNamedType) -> str:
        if isinstance(type_, GraphQLEnumType):
            rows = ((code(key), value.description or "") for key, value in type_.values.items())
            return table(("value", "meaning"), rows)
        if isinstance(type_, GraphQLUnionType):
            return f"One of {', '.join(self._type(member) for member in type_.types)}."
        if isinstance(type_, GraphQLInputObjectType):
            fields = type_.fields.items()
            given = ((code(key), self._type(it.type), _default(it), it.description or "") for key, it in fields)
            return table(("field", "type", "default", "meaning"), given)
        assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        listed = ((code(key), self._type(it.type), self._meaning(it)) for key, it in type_.fields.items())
        return table(("field", "type", "meaning"), listed)

    def _meaning(self, field: GraphQLField) -> str:
        arguments = ", ".join(f"`{key}` ({self._type(arg.type)})" for key, arg in field.args.items())
        return (field.description or "") + (f" Arguments: {arguments}." if arguments else "") + _outdated(field)

    def _type(self, type_: GraphQLType) -> str:
        named = get_named_type(type_).name
        if named in self._own and not self._is_scalar(named):
            return f"[`{type_}`](#{named.lower()})"
        if named in self._core and self._name != sdl.CORE and not self._is_scalar(named):
            return f"[`{type_}`](core.md#{named.lower()})"
        return code(type_)

    def _is_scalar(self, name: str) -> bool:
        type_ = self._own.get(name) or self._core[name]
        return not any(isinstance(type_, kind) for _, kind in _KINDS)

    def _scalars(self) -> str:
        rows = [(code(name), it.description or "") for name, it in self._own.items() if self._is_scalar(name)]
        return blocks("## Scalars", table(("scalar", "meaning"), rows)) if rows else ""


def _default(argument: GraphQLArgument | object) -> str:
    value, type_ = getattr(argument, "default_value", Undefined), getattr(argument, "type", None)
    if value is Undefined or type_ is None:
        return ""
    node = ast_from_value(value, type_)
    return code(print_ast(node)) if node else ""


def _outdated(field: GraphQLField) -> str:
    return f" **Outdated:** {field.deprecation_reason}" if field.deprecation_reason else ""
