"""Functions that declare the fields of a type."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING
from functools import lru_cache
from typing import Any, get_args, get_origin

from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.types.unset import UNSET

from regiohub.auth.permissions import Permission

from . import spec as specs

GIVEN = {
    "first": f"How many entries at most; {specs.MAX_PAGE} is the limit.",
    "after": "Cursor of the entry after which the page begins.",
    "filter": "Which entries are wanted; all conditions must hold.",
    "order_by": "Order of the entries.",
    "id": "Identifier.",
    "input": "What is to be created or changed.",
}
"""Descriptions of arguments that mean the same everywhere."""


def make_field(
    description: str, record: specs.FieldSpec, *, deprecated: str | None = None, name: str | None = None,
    annotation: StrawberryAnnotation | None = None, default: Any = MISSING, more: Mapping[str, Any] | None = None,
) -> StrawberryField:  # fmt: skip
    """A Strawberry field that carries its record."""
    made = StrawberryField(
        graphql_name=name,
        description=description.strip() or None,
        deprecation_reason=deprecated,
        type_annotation=annotation,
        default=default,
        metadata={specs.SPEC: record, **(more or {})},
    )
    # What is worked out is not given to the constructor.
    made.init = made.repr = made.compare = isinstance(record, specs.ColumnSpec)
    if default is None:
        # The dataclass fills it in; printing "= null" for each optional input would be noise.
        made.default_value = UNSET
    return made


def column(
    description: str,
    *,
    of: Any = None,
    permission: Permission | None = None,
    default: Any = MISSING,
    deprecated: str | None = None,
    name: str | None = None,
) -> Any:
    """A plain field of a bound type, a value type or an input.

    In a bound type it is the model's attribute of the same name, or `of` (a column attribute or the name of a
    property). `default` counts in inputs; `UNSET` there tells "not given" from null. `name`: another GraphQL name.
    """
    return make_field(
        description, specs.ColumnSpec(of, permission=permission), deprecated=deprecated, name=name, default=default
    )


def to_one(
    description: str,
    relation: Any,
    *,
    always: bool = False,
    permission: Permission | None = None,
    cacheable: bool | None = None,
    deprecated: str | None = None,
) -> Any:
    """The row that a to-one relation points to; all parents of a level are served by one statement.

    Rows that the caller may not see are null: annotate the field `X | None` where X has a row predicate. `always`
    promises that whoever sees this row may see that one too, because this type's own row predicate says so.
    """
    record = specs.ToOneSpec(relation, always, permission=permission, cacheable=cacheable)
    return make_field(description, record, deprecated=deprecated)


def computed(
    description: str,
    *,
    sql: Callable[..., Any] | None = None,
    python: Callable[[Any, Any], Any] | None = None,
    reads: Sequence[Any] | None = None,
    args: Mapping[str, str] | None = None,
    permission: Permission | None = None,
    cacheable: bool | None = None,
    deprecated: str | None = None,
) -> Any:
    """A value derived from one row: by `sql`, by `python`, or by both.

    `sql`: function of nothing, or of the context, that returns a scalar expression over the model's columns (a
    correlated sub-select included); it is read in the row's own statement. Annotate the field as nullable when the
    expression can be null. `python`: function of the row and the context, without SQL of its own.
    Both are twins and must always agree: either may be asked.

    `reads`: the columns that `python` needs, as attributes or names. It then gets an object with exactly these, and
    only these are read; asking it for anything else is an error at the field. Without `reads` it gets the whole row.

    `args`: describes arguments of the field, which `sql` takes by their names after the context (`ctx`), if it takes
    that. Such a field has no `python`.
    """
    if args is not None:
        if sql is None or python is not None:
            raise TypeError(f"computed({description!r}): args= are arguments of sql= alone")
        signature, arguments = read_signature(sql, args, subject=False)
        called = specs.ExpressionSpec(sql, signature, permission=permission, cacheable=cacheable)
        made = make_field(description, called, deprecated=deprecated)
        made.arguments = arguments
        return made
    if sql is None and python is None:
        raise TypeError(f"computed({description!r}): give sql= or python=, or both")
    if reads is not None and python is None:
        raise TypeError(f"computed({description!r}): reads= says what python= needs, and there is none")
    names = None if reads is None else tuple(one if isinstance(one, str) else one.key for one in reads)
    record = specs.ComputedSpec(sql=sql, python=python, reads=names, permission=permission, cacheable=cacheable)
    return make_field(description, record, deprecated=deprecated)


def field(
    description: str,
    *,
    permission: Permission | None = None,
    args: Mapping[str, str] | None = None,
    items: int = 10,
    deprecated: str | None = None,
    name: str | None = None,
) -> Callable[[Any], Any]:
    """Make a function a field: `async def f(row, ctx, **arguments)`, both first parameters optional.

    `args` describes the arguments by their Python names (a trailing underscore is dropped in GraphQL: `from_`).
    `items`: the usual length of a list result, for the cost estimate. In lists prefer `batched`: this one is called
    for each row. Write `@staticmethod` below the decorator where the type checker asks for `self`.
    """

    def declare(call: Any) -> Any:
        function = getattr(call, "__func__", call)
        signature, arguments = read_signature(function, args or {}, subject=True)
        record = specs.CallSpec(function, signature, items, permission=permission)
        return _called(description, record, function, arguments, deprecated, name)

    return declare


def batched(
    description: str,
    *,
    permission: Permission | None = None,
    args: Mapping[str, str] | None = None,
    items: int = 10,
    deprecated: str | None = None,
    name: str | None = None,
) -> Callable[[Any], Any]:
    """Make a function a field that is called once for all rows of a level.

    `async def f(rows, ctx, **arguments) -> list[X]` answers with one entry per row, in their order; the annotation
    `list[X]` makes a field of type X.
    """

    def declare(call: Any) -> Any:
        function = getattr(call, "__func__", call)
        signature, arguments = read_signature(function, args or {}, subject=True)
        record = specs.BatchedSpec(function, signature, items, permission=permission)
        return _called(description, record, function, arguments, deprecated, name, of_list=True)

    return declare


@lru_cache(maxsize=4096)
def takes(function: Callable[..., Any]) -> int:
    """How many positional parameters without a default a function has."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    found = inspect.signature(function).parameters.values()
    return sum(1 for p in found if p.kind in kinds and p.default is inspect.Parameter.empty)


def read_signature(
    function: Callable[..., Any], described: Mapping[str, str], *, subject: bool
) -> tuple[specs.Signature, list[StrawberryArgument]]:
    """Which parameters are the row and the context, and the GraphQL arguments that the others become.

    The context is the parameter called `ctx` or `scope`; the row is a first parameter before it, or one called
    `self`, `row`, `rows` or `parent`.
    """
    parameters = list(inspect.signature(function).parameters.values())
    has_row = False
    if subject and parameters:
        names = [parameter.name for parameter in parameters]
        has_row = names[0] in ("self", "row", "rows", "parent") or names[1:2] == ["ctx"]
    rest = parameters[1:] if has_row else parameters
    has_ctx = bool(rest) and rest[0].name in ("ctx", "scope")
    arguments = [
        StrawberryArgument(
            python_name=parameter.name,
            graphql_name=None if not parameter.name.endswith("_") else camel(parameter.name),
            type_annotation=StrawberryAnnotation(parameter.annotation, namespace=function.__globals__),
            description=described.get(parameter.name, GIVEN.get(parameter.name)),
            default=_argument_default(parameter.default),
        )
        for parameter in (rest[1:] if has_ctx else rest)
    ]
    unknown = sorted(set(described) - {argument.python_name for argument in arguments})
    if unknown:
        raise TypeError(f"{function.__qualname__}: describes arguments that it does not take: {', '.join(unknown)}")
    own = rest[1:] if has_ctx else rest
    required = frozenset(p.name for p in own if p.default is inspect.Parameter.empty)
    return specs.Signature(has_row, has_ctx, tuple(a.python_name for a in arguments), required), arguments


def returned(function: Callable[..., Any], *, of_list: bool = False) -> StrawberryAnnotation:
    """The annotated result of a function; with `of_list` the item of the annotated list."""
    annotation = inspect.signature(function).return_annotation
    if annotation is inspect.Signature.empty:
        raise TypeError(f"{function.__qualname__} needs a return annotation")
    if of_list:
        annotation = _item_of(annotation, function)
    return StrawberryAnnotation(annotation, namespace=function.__globals__)


def _item_of(annotation: Any, function: Callable[..., Any]) -> Any:
    if isinstance(annotation, str):
        head, _, tail = annotation.partition("[")
        if head.rsplit(".", 1)[-1] in ("list", "Sequence") and tail.endswith("]"):
            return tail[:-1]
    elif get_origin(annotation) in (list, Sequence):
        return get_args(annotation)[0]
    raise TypeError(f"{function.__qualname__}: a batched field returns list[...], one entry per row")


def _called(
    description: str, record: specs.FieldSpec, function: Callable[..., Any], arguments: list[StrawberryArgument],
    deprecated: str | None, name: str | None, *, of_list: bool = False,
) -> StrawberryField:  # fmt: skip
    made = make_field(
        description, record, deprecated=deprecated, name=name, annotation=returned(function, of_list=of_list)
    )
    made.python_name = function.__name__
    made.arguments = arguments
    return made


def _argument_default(value: Any) -> Any:
    # "= None" only makes the argument optional; printing "= null" for each of them would be noise.
    return UNSET if value is inspect.Parameter.empty or value is None else value


def camel(name: str) -> str:
    """The GraphQL form of a Python name; underscores at the ends vanish."""
    head, *tail = name.strip("_").split("_")
    return head + "".join(word.capitalize() for word in tail)
