"""The town's audit log, for its admins and auditors."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from regiohub.audit import AuditEntry
from regiohub.auth.permissions import TENANT_AUDIT
from regiohub.auth.principal import PrincipalKind
from regiohub.graphql.authoring.connection import Connection
from regiohub.graphql.authoring.fields import column, computed
from regiohub.graphql.authoring.filters import filters, where
from regiohub.graphql.authoring.lists import many
from regiohub.graphql.authoring.scalars import JSON
from regiohub.graphql.authoring.types import bound


def _words(row: Any, ctx: Any) -> Any:
    return row.text_en if ctx.locale == "en" else row.text_de


def _words_in_sql(ctx: Any) -> Any:
    return _words(AuditEntry, ctx)


@bound(AuditEntry)
class AuditEntryType:
    """Who did what, when. Entries are only ever added; persons appear as pseudonyms."""

    id: UUID = column("Identifier; ids grow with time.")
    at: datetime = column("When it happened.")
    actor_kind: PrincipalKind = column("What sort of caller it was.")
    actor: str | None = column("Pseudonym of the person or client: the same in each entry. Null for the platform.")
    action: str = column("What was done, as a stable word: tenant.plugin_enabled.")
    text: str = computed(
        "What was done, in words of the caller's language, written when it happened.",
        sql=_words_in_sql,
        python=_words,
        reads=(AuditEntry.text_de, AuditEntry.text_en),
    )
    object_kind: str | None = column("Kind of the thing it was done to.")
    object_id: str | None = column("Identifier of that thing.")
    before: JSON | None = column("Values before, where there were any.")
    after: JSON | None = column("Values after, where there are any.")
    note: str | None = column("Reason or remark.")
    plugin: str = column("Plugin that recorded it; core is the platform.")
    plugin_version: str = column("Version of that plugin at the time.")


def _since(moment: datetime) -> Any:
    return AuditEntry.at >= moment


def _before(moment: datetime) -> Any:
    return AuditEntry.at < moment


@filters(AuditEntry)
class AuditFilter:
    """Which entries are wanted."""

    since: datetime | None = where("From this moment on.", _since)
    before: datetime | None = where("Before this moment.", _before)
    action: str | None = where("Only this action.", AuditEntry.action)
    plugin: str | None = where("Only what this plugin recorded.", AuditEntry.plugin)
    object_kind: str | None = where("Only about things of this kind.", AuditEntry.object_kind)
    object_id: str | None = where("Only about this thing.", AuditEntry.object_id)
    actor: str | None = where("Only of this pseudonym.", AuditEntry.actor)


def audit_log() -> Connection[AuditEntryType] | None:
    """The field `audit`, the newest entries first."""
    return many(
        "The town's audit log, the newest entries first.",
        filter=AuditFilter,
        order_by=(AuditEntry.at.desc(), AuditEntry.id.desc()),
        permission=TENANT_AUDIT,
    )
