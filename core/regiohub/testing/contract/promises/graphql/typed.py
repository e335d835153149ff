"""Whatever a mutation is given, it answers with a typed error, never with a fault of the program."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from regiohub.graphql.authoring.errors import TOP_LEVEL
from regiohub.testing.callers import Answer
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise
from regiohub.testing.depth import is_full
from regiohub.testing.world import World

from .callers import TOWN
from .operations import Operation, offer
from .running import text_of, value_of
from .selections import OUTCOME, whole, without_arguments
from .values import Values, values_for

_CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_FIELD = re.compile(r"[A-Za-z_]\w*(\.\w+)*")
"""A field of the input, or of what is in it: `places.0.openingHours`."""
_OF_THE_REQUEST = frozenset({error.code for error in TOP_LEVEL} | {"BAD_OPERATION", "INVALID_INPUT"})
_WRONG = 0.15
"""Share of values that their type refuses, or that are odd."""


async def _faults(case: Case) -> Iterable[str]:
    async with case.filled() as world:
        good = await values_for(world, case, TOWN)
        odd = await values_for(world, case, TOWN, wrong=_WRONG, seed="odd")
        faults: dict[str, None] = {}
        for operation in offer(world, case.id).of("query", "mutation"):
            for at in range(40 if is_full() else 4):
                values: Values = odd if at % 2 else good
                arguments = values.of(operation, generous=True)
                language = "de" if at % 4 < 2 else "en"
                answer = await _asked(world, operation, arguments, language)
                faults.update(dict.fromkeys(_wrong(operation, answer, arguments)))
        return faults


async def _asked(world: World, operation: Operation, arguments: Mapping[str, Any], language: str) -> Answer:
    tree = OUTCOME if operation.kind == "mutation" else whole(operation.field.type, 0, without_arguments())
    text = text_of(operation, arguments, tree)
    return await world.graphql(TOWN, text, arguments, roles=["tenant-admin"], subject="staff", language=language)


def _wrong(operation: Operation, answer: Answer, arguments: Mapping[str, Any]) -> Iterator[str]:
    given = f"with {', '.join(sorted(arguments))}" if arguments else "without arguments"
    for code in answer.codes:
        if code == "INTERNAL":
            yield f"{operation.place}: a fault of the program (INTERNAL) {given}"
        elif operation.kind == "mutation" and code not in _OF_THE_REQUEST:
            yield f"{operation.place}: {code} is an error of the response, not of the payload"
    if operation.kind != "mutation":
        return
    payload: Any = value_of(operation, answer.data)
    for error in payload["errors"] if isinstance(payload, dict) else ():
        if not _CODE.fullmatch(error["code"]):
            yield f"{operation.place}: the code {error['code']!r} is not in capitals"
        if error["field"] is not None and not _FIELD.fullmatch(error["field"]):
            yield f"{operation.place}: {error['code']} is about {error['field']!r}, which is no name of a field"


ERRORS_TYPED = Promise(
    "errors-typed",
    "whatever it is given, an operation answers with data or with a typed error",
    "Check what comes in and raise InvalidInput, NotFound or Conflict (or a DomainError of the plugin) with a text in "
    "both languages and field= naming the argument; nothing else may leave a service.",
    _faults,
)
