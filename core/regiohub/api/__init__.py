"""The platform's public API: the only part of the core that plugins import.

What is not exported here, in `regiohub.api.http` and in `regiohub.api.migrations` is private and may change.
"""

from typing import TYPE_CHECKING

from regiohub.api.graphql import (
    JSON,
    PUBLIC,
    SIGNED_IN,
    UNSET,
    BboxInput,
    BigInt,
    Connection,
    GeoJSON,
    GraphQLPart,
    NearInput,
    batched,
    bound,
    column,
    computed,
    connection,
    count_of,
    enum_type,
    error_type,
    field,
    filters,
    first_of,
    input_type,
    many,
    mutation,
    nested,
    one,
    query,
    region_many,
    rows_of,
    subscription,
    to_many,
    to_one,
    value,
    where,
)
from regiohub.audit.reading import history
from regiohub.auth.permissions import Permission
from regiohub.auth.principal import ANONYMOUS, SYSTEM, Principal, PrincipalKind
from regiohub.clock import Clock
from regiohub.db.base import TenantModel, TenantTable, Timestamps, uuid7
from regiohub.db.geometry import GeoJson, distance_to, geometry, near, within_bbox
from regiohub.db.keys import index, reference, relation, unique
from regiohub.db.session import TenantSession
from regiohub.db.types import Guid, Json, UtcDateTime
from regiohub.deprecation import ApiDeprecationWarning, Deprecation, deprecated_name
from regiohub.errors import (
    Conflict,
    DomainError,
    Forbidden,
    InvalidInput,
    NotFound,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from regiohub.events.event import Event
from regiohub.events.faults import GiveUp
from regiohub.events.parts import Background, EventHandler, Job, Task
from regiohub.geojson import check_geometry
from regiohub.mail import Mail
from regiohub.plugins.data import DataCategory, PersonalTable
from regiohub.plugins.expiry import Expiry
from regiohub.plugins.host import Contribution
from regiohub.plugins.manifest import Plugin, PluginSettings, hookspec
from regiohub.plugins.parts import Dataset, Demo, DemoHint, Health, HealthCheck, Link, LinkProvider, NavEntry, RoutePart
from regiohub.plugins.setting import setting
from regiohub.plugins.subjects import Erased, Subject, SubjectData
from regiohub.tenancy.context import Ctx, TenantScope
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import Language, Text, t
from regiohub.work import Work, WorkState, advance_work, begin_work, finish_work, latest_work, work_of

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = (0, 1)
"""Major and minor version of this API: those of the release that it comes with."""

DEPRECATED: "Mapping[str, Deprecation]" = {}
"""Names that still work, and until when."""

if not TYPE_CHECKING:  # a type checker would take every misspelt name for one of these

    def __getattr__(name: str) -> object:
        return deprecated_name(__name__, name, DEPRECATED)


__all__ = [
    "ANONYMOUS",
    "JSON",
    "PUBLIC",
    "SIGNED_IN",
    "SYSTEM",
    "UNSET",
    "VERSION",
    "ApiDeprecationWarning",
    "Background",
    "BboxInput",
    "BigInt",
    "Clock",
    "Conflict",
    "Connection",
    "Contribution",
    "Ctx",
    "DataCategory",
    "Dataset",
    "Demo",
    "DemoHint",
    "DomainError",
    "Erased",
    "Event",
    "EventHandler",
    "Expiry",
    "Forbidden",
    "GeoJSON",
    "GeoJson",
    "GiveUp",
    "GraphQLPart",
    "Guid",
    "Health",
    "HealthCheck",
    "InvalidInput",
    "Job",
    "Json",
    "Language",
    "Link",
    "LinkProvider",
    "Mail",
    "NavEntry",
    "NearInput",
    "NotFound",
    "Permission",
    "PersonalTable",
    "Plugin",
    "PluginSettings",
    "Principal",
    "PrincipalKind",
    "RoutePart",
    "Subject",
    "SubjectData",
    "Task",
    "TenantInfo",
    "TenantModel",
    "TenantScope",
    "TenantSession",
    "TenantTable",
    "Text",
    "Timestamps",
    "TooMany",
    "Unauthenticated",
    "Unavailable",
    "UtcDateTime",
    "Work",
    "WorkState",
    "advance_work",
    "batched",
    "begin_work",
    "bound",
    "check_geometry",
    "column",
    "computed",
    "connection",
    "count_of",
    "distance_to",
    "enum_type",
    "error_type",
    "field",
    "filters",
    "finish_work",
    "first_of",
    "geometry",
    "history",
    "hookspec",
    "index",
    "input_type",
    "latest_work",
    "many",
    "mutation",
    "near",
    "nested",
    "one",
    "query",
    "reference",
    "region_many",
    "relation",
    "rows_of",
    "setting",
    "subscription",
    "t",
    "to_many",
    "to_one",
    "unique",
    "uuid7",
    "value",
    "where",
    "within_bbox",
    "work_of",
]  # fmt: skip
