"""Every operation with every caller: who lacks the permission changes nothing, who has it is not turned away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from graphql import GraphQLObjectType, get_named_type

from regiohub.auth.permissions import PUBLIC, SIGNED_IN, TENANT_ADMIN, Permission
from regiohub.auth.principal import Principal
from regiohub.graphql.answer import Answer
from regiohub.graphql.engine.shape import shape_of
from regiohub.plugins.manifest import Plugin
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise
from regiohub.testing.contract.promises.personal_data.people import ANNA, BEN, Tables, plant
from regiohub.testing.depth import is_full
from regiohub.testing.world import World

from .callers import TOWN, Caller, callers, distinct, person
from .operations import Offer, Operation, offer
from .rows import changed, fingerprints
from .running import Runner, codes_of, done, text_of, value_of
from .selections import OUTCOME, Tree, whole, without_arguments
from .values import Values, values_for

REFUSED = ("UNAUTHENTICATED", "FORBIDDEN")
_REFUSED = "refused: "
_TRIES = 4
"""Other arguments that are tried before a mutation counts as refused, or as not to be had."""


async def _faults(case: Case) -> Iterable[str]:
    async with case.filled() as world:
        plugin = case.plugin_of(world)
        await plant(world.scope(TOWN), Tables(plugin), ANNA, BEN)
        values = await values_for(world, case, TOWN)
        faults: list[str] = []
        operations: set[str] = set()
        for where in (TOWN, "region"):
            matrix = _Matrix(world, plugin, offer(world, case.id, where), values)
            faults += [*await matrix.refused(), *await matrix.let_in(), *await matrix.asked_by_the_service()]
            operations |= {operation.place for operation in matrix.operations}
        unknown = sorted(values.given.keys() - operations)
        return [*faults, *(f"arguments: the plugin has no operation {name}" for name in unknown)]


class _Matrix:
    """The operations of one schema with all callers."""

    def __init__(self, world: World, plugin: Plugin, found: Offer, values: Values) -> None:
        self._world, self._plugin, self._offer, self._values = world, plugin, found, values
        self._runner = Runner(world, found)
        self.operations = found.of("query", "mutation")
        self._callers = [caller.at(found.where) for caller in callers(world, plugin.id)]
        self._arguments = {operation.place: values.of(operation) for operation in self.operations}

    async def refused(self) -> list[str]:
        """Callers who lack the permission are told so, and leave every table of every town as it was."""
        faults: list[str] = []
        before = await fingerprints(self._world, self._plugin)
        for caller in self._callers:
            for operation in self.operations:
                fault = None if caller.may(operation.permission) else await self._knock(caller, operation)
                if fault is not None:
                    after = await fingerprints(self._world, self._plugin)
                    faults.append(", and changes ".join([fault, *filter(None, [", ".join(changed(before, after))])]))
                    before = after
            after = await fingerprints(self._world, self._plugin)
            if changed(before, after):
                tables = ", ".join(changed(before, after))
                faults.append(f"{caller.name} is refused what lacks the permission, and yet changes {tables}")
            before = after
        return faults

    async def _knock(self, caller: Caller, operation: Operation) -> str | None:
        tree: Tree | None = {} if isinstance(get_named_type(operation.field.type), GraphQLObjectType) else None
        arguments = self._arguments[operation.place]
        text = text_of(operation, arguments, tree)
        answer = await self._world.graphql(self._offer.where, text, arguments, token=caller.token)
        told = set(answer.codes)
        if told and told <= set(caller.refusals) and value_of(operation, answer.data) is None:
            return None
        needed = operation.permission.id if operation.permission else ""
        return f"{operation.place} needs {needed}, but {caller.name} gets {_shown(answer.codes)} without it"

    async def let_in(self) -> list[str]:
        """Callers who have the permission meet no refusal that is not declared, and no fault of the program."""
        faults: dict[str, None] = {}
        for caller in distinct(self._callers, self._permissions()):
            principal = await caller.principal(self._world, self._offer.where)
            for operation in self.operations:
                if not caller.may(operation.permission):
                    continue
                wrong = await self._tried(caller, operation, principal, self._arguments[operation.place])
                for _ in range(_TRIES):
                    # What a rule asks besides may depend on the row: "published ones only by those who publish".
                    if not any(place.startswith(_REFUSED) for place in wrong):
                        break
                    wrong = await self._tried(caller, operation, principal, self._values.of(operation))
                faults.update(dict.fromkeys(wrong))
        return [fault.removeprefix(_REFUSED) for fault in faults]

    async def _tried(
        self, caller: Caller, operation: Operation, principal: Principal, arguments: Mapping[str, Any]
    ) -> list[str]:
        tree = whole(operation.field.type, 1, without_arguments())
        text = text_of(operation, arguments, tree)
        plans = is_full() or caller.token is None or TENANT_ADMIN in caller.roles
        answers = await self._runner.answers(text, arguments, principal, plans=plans)
        return [fault for answer in answers for fault in self._wrong(caller, operation, answer)]

    def _wrong(self, caller: Caller, operation: Operation, answer: Answer) -> Iterator[str]:
        for error in answer.errors:
            code = error.get("extensions", {}).get("code")
            path = [part for part in error.get("path", ()) if isinstance(part, str)]
            place, permission = _behind(operation, path)
            if code in REFUSED and (permission is None or caller.may(permission)):
                needed = f"needs {permission.id}" if permission else "needs no permission"
                yield f"{_REFUSED}{place} {needed} by its declaration, but {caller.name} gets {code}"
            elif code == "INTERNAL":
                yield f"{place}: a fault of the program (INTERNAL) for {caller.name}"
        for place, permission in _shown_though_barred(operation, value_of(operation, answer.data), caller):
            yield f"{place} needs {permission.id}, but {caller.name} sees it"

    def _permissions(self) -> list[Permission]:
        found = {permission.id: permission for permission in (PUBLIC, SIGNED_IN, *self._plugin.permissions)}
        return list(found.values())

    async def asked_by_the_service(self) -> list[str]:
        """What the platform asks at the field, the service asks too: pages and routes reach it without the field."""
        faults: list[str] = []
        nobody, resident, *_ = self._callers
        for operation in self._offer.of("mutation"):
            anyone = nobody if resident.may(operation.permission) else resident
            if not anyone.may(operation.permission):
                faults += await self._asked(operation, await anyone.principal(self._world, self._offer.where))
        return faults

    async def _asked(self, operation: Operation, principal: Principal) -> list[str]:
        """Whether a mutation without its declaration refuses somebody who lacks the permission."""
        arguments: Mapping[str, Any] = self._arguments[operation.place]
        told: dict[str, None] = {}
        entitled = [self._world.principal(TOWN, roles=[TENANT_ADMIN]), person(ANNA)]
        for _ in range(3 * _TRIES):
            text = text_of(operation, arguments, OUTCOME)
            answer = await self._runner.unguarded(text, arguments, principal)
            if done(operation, answer):
                needed = operation.permission.id if operation.permission else ""
                return [f"{operation.place}: its service does not ask for {needed}, only its field does"]
            found = codes_of(operation, answer)
            if set(found) & set(REFUSED):
                return []
            for other in entitled:
                # The same arguments, and only this one has his way: the service tells them apart.
                answer = await self._runner.unguarded(text, arguments, other)
                if done(operation, answer):
                    return []
                told.update(dict.fromkeys(codes_of(operation, answer)))
            arguments = self._values.of(operation)
        return [
            f"{operation.place}: whether its service asks for the permission stays open, as invented arguments only "
            f'get {", ".join(told)}; give some that succeed: contract(…, arguments={{"{operation.name}": {{…}}}})'
        ]


def _behind(operation: Operation, path: Sequence[str]) -> tuple[str, Permission | None]:
    """The field that an error's path leads to, and what it needs."""
    names = list(path[1:] if operation.namespace else path)
    place, permission, type_ = operation.place, operation.permission, get_named_type(operation.field.type)
    for name in names[1:]:
        if not isinstance(type_, GraphQLObjectType) or name not in type_.fields:
            break
        place, permission = f"{type_.name}.{name}", shape_of(type_).fields[name].spec.permission
        type_ = get_named_type(type_.fields[name].type)
    return place, permission


def _shown_though_barred(operation: Operation, value: Any, caller: Caller) -> Iterator[tuple[str, Permission]]:
    waiting: list[tuple[Any, Any]] = [(get_named_type(operation.field.type), value)]
    while waiting:
        type_, found = waiting.pop()
        if isinstance(found, list):
            waiting += [(type_, entry) for entry in found]
        elif isinstance(found, Mapping) and isinstance(type_, GraphQLObjectType):
            for name, entry in found.items():
                if name == "__typename" or entry is None or name not in type_.fields:
                    continue
                permission = shape_of(type_).fields[name].spec.permission
                if permission is not None and not caller.may(permission):
                    yield f"{type_.name}.{name}", permission
                waiting.append((get_named_type(type_.fields[name].type), entry))


def _shown(found: Sequence[str]) -> str:
    return ", ".join(found) or "an answer"


PERMISSION_MATRIX = Promise(
    "permission-matrix",
    "every operation answers each caller as its permission says",
    "Declare on the field or mutation the permission that its service requires (permission=…), begin the service "
    "function with ctx.require(…) of the same permission, and write nothing before it. Arguments that a machine cannot "
    "invent are given: contract(…, arguments={…}).",
    _faults,
)
