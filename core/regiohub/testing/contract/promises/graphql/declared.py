"""What the declarations tell: names of one's own, words for everything, permissions for what is not public."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from graphql import GraphQLEnumType, GraphQLObjectType, GraphQLScalarType, GraphQLSchema, get_named_type

from regiohub.auth.permissions import PUBLIC, REGION_ROLES, SIGNED_IN, TENANT_PERMISSIONS
from regiohub.graphql.authoring.types import ORDER
from regiohub.graphql.compose.build import build
from regiohub.graphql.compose.checks import check, missing_words
from regiohub.graphql.core.parts import REGION_PART, TOWN_PART
from regiohub.graphql.engine.shape import BACKREF, shape_of
from regiohub.plugins.errors import PluginConflict
from regiohub.plugins.host import PluginHost
from regiohub.plugins.parts import GraphQLPart
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise

from .callers import TOWN
from .operations import HOOKS, Operation, offer
from .persons import open_rows

_CORE = {HOOKS[False]: TOWN_PART, HOOKS[True]: REGION_PART}


def _parts(case: Case, hook: str) -> dict[str, GraphQLPart]:
    return {found.plugin: found.value for found in PluginHost(case.entries).call(hook, None)}


async def _collisions(case: Case) -> Iterable[str]:
    faults: dict[str, None] = {}
    for hook, core in _CORE.items():
        parts = _parts(case, hook)
        for fault in check(core, parts).values():
            if isinstance(fault, PluginConflict) and case.id in (fault.plugin, fault.other):
                faults[str(fault)] = None
    return faults


async def _wordless(case: Case) -> Iterable[str]:
    faults: dict[str, None] = {}
    for hook, core in _CORE.items():
        part = _parts(case, hook).get(case.id)
        if part is None:
            continue
        schema = build(core, ((case.id, part),))
        without = build(core, ()).type_map.keys()
        faults.update(dict.fromkeys(missing_words(schema)))
        faults.update(dict.fromkeys(_values_without_words(schema, without)))
    return faults


def _values_without_words(schema: GraphQLSchema, core: Iterable[str]) -> Iterator[str]:
    for name, type_ in schema.type_map.items():
        if not isinstance(type_, GraphQLEnumType) or name.startswith("__") or name in set(core):
            continue
        if hasattr(type_.extensions[BACKREF].wrapped_cls, ORDER):
            continue  # named by the platform after the orders that the list declares
        for value, declared in type_.values.items():
            if not declared.description:
                yield f"{name}.{value} has no description (enum_type(…, values={{…}}))"


async def _unguarded(case: Case) -> Iterable[str]:
    async with case.filled() as world:
        plugin = case.plugin_of(world)
        known = {permission.id for permission in (PUBLIC, SIGNED_IN, *TENANT_PERMISSIONS, *plugin.permissions)}
        known |= {permission.id for permissions in REGION_ROLES.values() for permission in permissions}
        personal = {one.table for kind in plugin.data_categories for one in kind.people if one.subject is not None}
        faults: dict[str, None] = {}
        for where in (TOWN, "region"):
            for operation in offer(world, case.id, where).operations:
                if operation.kind != "query" and operation.permission is None:
                    faults[f"{operation.place} declares no permission"] = None
                elif operation.kind == "query":
                    faults.update(dict.fromkeys(_open_to_all(operation, personal)))
                for place, permission in _declared(operation):
                    if permission.id not in known:
                        faults[f"{place} needs {permission.id}, which the plugin does not declare: nobody has it"] = (
                            None
                        )
        named = tuple(f"{fault.split()[0]}." for fault in faults)
        return [*faults, *(fault for fault in await open_rows(case, world) if not fault.startswith(named))]


def _open_to_all(operation: Operation, personal: set[str]) -> Iterator[str]:
    """Ways to rows of personal data that no permission and no row predicate guards."""
    seen: set[str] = set()
    waiting: list[tuple[str, Any, Any]] = [(operation.place, operation.field, operation.spec)]
    while waiting:
        place, field, spec = waiting.pop()
        type_ = get_named_type(field.type)
        if spec.permission is not None or not isinstance(type_, GraphQLObjectType) or type_.name in seen:
            continue
        seen.add(type_.name)
        bound = shape_of(type_).bound
        if bound is not None and bound.rows is not None:
            continue
        if bound is not None and bound.model.__tablename__ in personal:
            yield f"{place} shows everybody rows of {bound.model.__tablename__}, which belong to persons"
            continue
        for name, inner in type_.fields.items():
            below = f"{type_.name}.{name}" if name not in ("nodes", "node", "edges") else place
            waiting.append((below, inner, shape_of(type_).fields[name].spec))


def _declared(operation: Operation) -> Iterator[tuple[str, Any]]:
    """All permissions of an operation and of what it answers with."""
    seen: set[str] = set()
    waiting: list[tuple[str, Any, Any]] = [(operation.place, operation.field, operation.spec)]
    while waiting:
        place, field, spec = waiting.pop()
        if spec.permission is not None:
            yield place, spec.permission
        type_ = get_named_type(field.type)
        if isinstance(type_, GraphQLScalarType) or not isinstance(type_, GraphQLObjectType) or type_.name in seen:
            continue
        seen.add(type_.name)
        fields = shape_of(type_).fields
        waiting += [(f"{type_.name}.{name}", inner, fields[name].spec) for name, inner in type_.fields.items()]


NO_COLLISIONS = Promise(
    "no-collisions",
    "no name in the GraphQL schema belongs to another plugin or to the platform",
    "Rename the type, mutation or subscription: begin its name with the plugin's.",
    _collisions,
    engines=False,
)
DESCRIBED = Promise(
    "described",
    "every type, field, argument and value of an enum says what it means",
    "Give the class a docstring, the field its description, arguments args={…}, and values of an enum "
    "enum_type(…, values={…}): apps show these words to those who write against the interface.",
    _wordless,
    engines=False,
)
PERMISSION_ON_EVERY_FIELD = Promise(
    "permission-on-every-field",
    "every mutation and every field that is not public declares its permission, and rows of persons are theirs alone",
    "Give it permission=: one that the manifest lists (Plugin(permissions=…)), SIGNED_IN or PUBLIC; rows that belong "
    "to persons need a permission on the way to them, or rows= on their type; a field or service written by hand asks "
    "for the permission, or reads and changes only rows of ctx.principal.subject.",
    _unguarded,
    engines=False,
)
