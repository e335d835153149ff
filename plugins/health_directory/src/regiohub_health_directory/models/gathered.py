"""What belongs to a service as one JSON value beside its row, for fields that Python works out of all of it.

The values are deferred: they are read only where they are asked for, as a sub-select in the row's own statement.
"""

from typing import Any

from sqlalchemy import JSON, ColumnElement, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import column_property
from sqlalchemy.sql.functions import FunctionElement

from .offers import Service, ServiceAtLocation, ServiceLanguage, ServiceTerm


class _Gathered(FunctionElement[Any]):
    """The rows of a group as a JSON array of arrays, in no order; null without rows, or `[]`."""

    type = JSON()
    inherit_cache = True


@compiles(_Gathered, "postgresql")
def _gathered_postgresql(element: _Gathered, compiler: Any, **kw: Any) -> str:
    return f"json_agg(json_build_array({compiler.process(element.clauses, **kw)}))"


@compiles(_Gathered)
def _gathered_sqlite(element: _Gathered, compiler: Any, **kw: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **kw)}))"


def _below(model: type[ServiceTerm] | type[ServiceLanguage] | type[ServiceAtLocation], *columns: Any) -> Any:
    gathered: ColumnElement[Any] = _Gathered(*columns)
    rows = select(gathered).where(model.tenant_id == Service.tenant_id, model.service_id == Service.id)
    return column_property(rows.correlate(Service).scalar_subquery(), deferred=True)


TERM_CODES = "term_codes"
LANGUAGE_CODES = "language_codes"
PLACE_HOURS = "place_hours"
"""Pairs of the key of a service at a place and the hours there, which may be null."""

_service = Service.__mapper__
_service.add_property(TERM_CODES, _below(ServiceTerm, ServiceTerm.code))
_service.add_property(LANGUAGE_CODES, _below(ServiceLanguage, ServiceLanguage.code))
_service.add_property(PLACE_HOURS, _below(ServiceAtLocation, ServiceAtLocation.id, ServiceAtLocation.opening_hours))
