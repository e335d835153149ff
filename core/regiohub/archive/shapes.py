"""What the value of a column may look like in a line of an archive, before it is decoded."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

import sqlalchemy as sa
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from regiohub.db.base import Base

from .canonical import kind_of

_WHOLE = Annotated[int, Field(ge=-(2**63), lt=2**63)]
_PLAIN: Final[dict[str, Any]] = {
    "boolean": bool,
    "integer": _WHOLE,
    # Infinity and the like are words.
    "number": float | str,
    "geometry": dict[str, Any],
    "json": dict[str, Any] | list[Any] | str | float | bool,
}
"""Values of all other kinds are text."""


def checker_of(model: type[Any], column: sa.Column[Any]) -> Callable[[Any], str | None]:
    """A function that says what is wrong with a value that stands in a line for this column; None where nothing is.

    Documents are judged by what the model declares: where it says a list of texts, readers rely on that.
    """
    kind = kind_of(column.type)
    wanted = _document(model, column) if kind == "json" else _PLAIN.get(kind, str)
    adapter: TypeAdapter[Any] = TypeAdapter(wanted, config=ConfigDict(strict=True))

    def check(value: Any) -> str | None:
        if value is None:
            return None if column.nullable else "must not be empty"
        try:
            adapter.validate_python(value)
        except ValidationError as error:
            fault = error.errors(include_url=False, include_input=False)[0]
            # Union types name their members in the place; list items their number.
            where = "".join(f"[{part}]" for part in fault["loc"] if isinstance(part, int))
            return f"{where} {fault['msg']}".strip()
        return None

    return check


def _document(model: type[Any], column: sa.Column[Any]) -> Any:
    """The Python type that a model declares for a document: in full if it is an ordinary one, or its outer kind."""
    declared = _declared(model, sa.inspect(model).get_property_by_column(column).key)
    if get_origin(declared) in (Union, UnionType):
        (declared, *more) = [part for part in get_args(declared) if part is not type(None)]
        if more:
            return _PLAIN["json"]
    if declared in Base.type_annotation_map:
        return declared
    return {list: list[Any], dict: dict[str, Any]}.get(get_origin(declared) or declared, _PLAIN["json"])


def _declared(model: type[Any], name: str) -> Any:
    """What stands in ``Mapped[…]``; None where nothing does, or where it names what only a type checker knows."""
    for part in model.__mro__:
        if name in vars(part).get("__annotations__", {}):
            one = SimpleNamespace(__annotations__={name: vars(part)["__annotations__"][name]})
            try:
                (inner,) = get_args(get_type_hints(one, globalns=vars(sys.modules[part.__module__]))[name])
            except (NameError, ValueError):
                return None
            return inner
    return None
