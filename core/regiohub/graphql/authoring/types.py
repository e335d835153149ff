"""Decorators that turn a declared class into a GraphQL type."""

from __future__ import annotations

import enum
import inspect
import uuid
from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any, TypeVar, cast, dataclass_transform

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.types.unset import UNSET

from regiohub.db.types import Guid
from regiohub.db.versions import watch

from . import spec as specs
from .fields import GIVEN, camel, column, make_field

T = TypeVar("T", bound=type[Any])
E = TypeVar("E", bound=type[enum.Enum])

BOUND = "__regiohub_bound__"
ORDER = "__regiohub_order__"


def bound(
    model: type[Any],
    *,
    rows: Callable[[Any], Any] | None = None,
    name: str | None = None,
    cacheable: bool = False,
) -> Callable[[T], T]:
    """Bind a GraphQL type to a model: each field says which column, relation or expression stands behind it.

    The class's docstring is the type's description; a final "Type" of the class name is dropped in GraphQL.
    `rows(ctx)` returns an SQL predicate (or None) that is added wherever the platform reads this type: in lists, by
    id and along relations. A field `tenant` comes with every bound type.

    `cacheable`: everything that the type shows, its row predicate included, depends only on the data and on the
    caller's rights, never on who he is or what time it is. A whole answer may be kept for callers with the same rights
    when its root field and all types in it say so.
    """

    def declare(cls: T) -> T:
        if "tenant" not in cls.__dict__:
            town = make_field("Town that this belongs to.", specs.TownSpec(), annotation=StrawberryAnnotation(_town()))
            town.python_name = "tenant"
            cls.tenant = town
        made = _object(cls, name or cls.__name__.removesuffix("Type"))
        setattr(made, BOUND, specs.Bound(model, rows, made, cacheable))
        if cacheable:
            watch(model)
        return made

    return declare


@dataclass_transform(kw_only_default=True, field_specifiers=(column,))
def value(cls: T) -> T:
    """A plain result without a table: a dataclass with keyword arguments (`FreeSlot(starts_at=…, ends_at=…)`).

    Its fields may be bound types: then they hold rows of the model.
    """
    return _object(cls, cls.__name__.removesuffix("Type"))


@dataclass_transform(kw_only_default=True, field_specifiers=(column,))
def input_type(cls: T) -> T:
    """An input: a dataclass with keyword arguments. Declare its fields with `column`."""
    drop_underscores(cls)
    return strawberry.input(cls, name=cls.__name__, description=described(cls))


def drop_underscores(cls: type[Any]) -> None:
    """Fields like `from_`, named so only because Python keeps the word for itself, are `from` in GraphQL."""
    for key, declared in cls.__dict__.items():
        if isinstance(declared, StrawberryField) and key.endswith("_") and declared.graphql_name is None:
            declared.graphql_name = camel(key)


def query(cls: T) -> T:
    """The namespace of a plugin's queries: one root field, named after the plugin."""
    return _object(cls, cls.__name__)


def bound_type(type_: Any) -> specs.Bound:
    """The binding of a bound type, or of the one that a function returns (where a type is declared further down)."""
    found = type_ if isinstance(type_, type) else type_()
    return found.__dict__[BOUND]


def enum_type(description: str, values: Mapping[Any, str] | None = None) -> Callable[[E], E]:
    """Describe an enum and its members; undecorated enums are described by their docstring."""

    def declare(cls: E) -> E:
        made = strawberry.enum(cls, description=description)
        for entry in cast(Any, made).__strawberry_definition__.values:
            entry.description = next(
                (text for member, text in (values or {}).items() if member.value == entry.value), None
            )
        return made

    return declare


def described(cls: type[Any]) -> str | None:
    """The docstring of a class itself, not one inherited or made by `dataclass`."""
    text = cls.__dict__.get("__doc__")
    return inspect.cleandoc(text) if text else None


def _object(cls: T, name: str) -> T:
    drop_underscores(cls)
    for key, declared in list(cls.__dict__.items()):
        if isinstance(declared, StrawberryField):
            _add_arguments(cls, key, declared)
    return strawberry.type(cls, name=name, description=described(cls))


def _add_arguments(owner: type[Any], key: str, declared: StrawberryField) -> None:
    record = declared.metadata.get(specs.SPEC)
    if isinstance(record, specs.ListSpec):
        declared.arguments = [*declared.arguments, *_list_arguments(owner, key, record)]
    elif isinstance(record, specs.CountSpec):
        declared.arguments = [*_own_arguments(record.arguments), *_filter(record.filter)]
    elif isinstance(record, specs.OneSpec):
        by = getattr(record.by, "key", None) or "id"
        annotation = _python_type(record.by)
        declared.arguments = [_argument(by, annotation, GIVEN.get(by, f"Value of `{by}` that is looked for."))]
    elif isinstance(record, specs.CallSpec) and _returns_connection(declared):
        have = {argument.python_name for argument in declared.arguments}
        declared.arguments = [
            *declared.arguments,
            *(a for a in _paging(specs.DEFAULT_PAGE) if a.python_name not in have),
        ]


def _returns_connection(declared: StrawberryField) -> bool:
    annotation = declared.type_annotation
    raw = annotation.raw_annotation if annotation else None
    text = raw if isinstance(raw, str) else str(raw)
    return "Connection[" in text


def _list_arguments(owner: type[Any], key: str, record: specs.ListSpec) -> list[StrawberryArgument]:
    arguments = [*_own_arguments(record.arguments), *_paging(record.page, record.most), *_filter(record.filter)]
    if record.orders:
        arguments.append(_argument("order_by", _order_enum(owner, key, record) | None, GIVEN["order_by"], default=None))
    return arguments


def _filter(filter: type[Any] | None) -> list[StrawberryArgument]:
    if filter is None:
        return []
    return [_argument("filter", filter | None, GIVEN["filter"], default=None)]


def _own_arguments(arguments: type[Any] | None) -> list[StrawberryArgument]:
    """The fields of an input class as arguments; a class that is no input at all is left to the checks."""
    declared = getattr(arguments, "__strawberry_definition__", None)
    return [
        StrawberryArgument(
            python_name=entry.python_name,
            graphql_name=entry.graphql_name,
            type_annotation=entry.type_annotation,
            description=entry.description,
            default=UNSET if entry.default_value is MISSING else entry.default_value,
        )
        for entry in (declared.fields if declared else ())
    ]


def _paging(page: int, most: int = specs.MAX_PAGE) -> list[StrawberryArgument]:
    limit = f"How many entries at most; {most} is the limit."
    return [
        _argument("first", int, limit, default=page),
        _argument("after", str | None, GIVEN["after"], default=None),
    ]


def _argument(name: str, annotation: Any, description: str, **kwargs: Any) -> StrawberryArgument:
    if kwargs.get("default", ...) is None:
        kwargs = {}
    return StrawberryArgument(
        python_name=name,
        graphql_name=None,
        type_annotation=StrawberryAnnotation(annotation),
        description=description,
        **kwargs,
    )


def _order_enum(owner: type[Any], key: str, record: specs.ListSpec) -> type[enum.Enum]:
    base = owner.__name__.removesuffix("Query").removesuffix("Type")
    name = base + "".join(word.capitalize() for word in key.split("_")) + "Order"
    made = enum.Enum(name, {order: order for order in record.orders}, module=owner.__module__)
    setattr(made, ORDER, record.orders)
    return strawberry.enum(cast(Any, made), name=name, description=f"Orders of the list `{key}`.")


def _python_type(by: Any) -> Any:
    if by is None:
        return uuid.UUID
    return uuid.UUID if isinstance(by.type, Guid) else by.type.python_type


def _town() -> Any:
    from regiohub.graphql.core.town import Tenant  # that type is declared with the decorators of this module

    return Tenant
