"""Everything that the plugins hold on a person in one town, whether they are on there or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from regiohub.errors import DomainError, Unavailable
from regiohub.plugins.data import DataCategory
from regiohub.plugins.manifest import Plugin
from regiohub.plugins.subjects import Subject, SubjectData
from regiohub.tenancy.context import Ctx
from regiohub.texts import Text, t

from .missing import unusable
from .reports import Part
from .retention.keepers import days_in
from .tables import DeclaredTables, names_in

log = structlog.get_logger(__name__)

HOOK = "register_subject_data"
BY_PLUGIN = "plugin"
"""Source of records that a plugin's own function found."""


@dataclass(frozen=True, slots=True)
class Holder:
    """One plugin as a place where data on people lies."""

    plugin: Plugin
    tables: DeclaredTables
    own: SubjectData

    def category(self, id: str) -> DataCategory:
        """The category with this id. Raises Unavailable for a name that the manifest does not know."""
        for category in self.plugin.data_categories:
            if category.id == id:
                return category
        raise failed(self.plugin, f"unknown data category {id}")


def holders_of(ctx: Ctx) -> list[Holder]:
    """All healthy plugins that keep data. Raises Unavailable where a plugin cannot say what it holds."""
    plugins = ctx.platform.plugins
    own = {found.plugin: found.value for found in plugins.call(HOOK, None)}
    holders: list[Holder] = []
    for id_, plugin in plugins.healthy.items():
        if HOOK in plugin.hooks and not isinstance(own.get(id_), SubjectData):
            raise failed(plugin, f"{HOOK} gave no SubjectData")
        if plugin.data_categories:
            holders.append(Holder(plugin, DeclaredTables(plugin), own.get(id_) or SubjectData()))
    return holders


async def parts_of(ctx: Ctx, holder: Holder, subject: Subject) -> tuple[list[Part], list[str]]:
    """What a plugin holds, and the other identifiers and addresses that stand in it."""
    parts: list[Part] = []
    named: list[str] = []
    for one in holder.tables:
        rows = await holder.tables.rows(ctx.session, one, subject)
        named += names_in(one, rows)
        if rows:
            parts.append(_part(ctx, holder, one.category, one.entry.table, rows))
    if holder.own.export is not None:
        for id_, records in (await called(holder.plugin, holder.own.export(ctx, subject))).items():
            if records:
                parts.append(_part(ctx, holder, holder.category(id_), BY_PLUGIN, records))
    order = {category.id: place for place, category in enumerate(holder.plugin.data_categories)}
    return sorted(parts, key=lambda part: order[part.category]), named


async def called(plugin: Plugin, work: Any) -> Any:
    """Await a plugin's own function: its domain errors pass, any other fault ends the whole with clear words."""
    try:
        return await work
    except DomainError:
        raise
    except Exception as error:
        log.exception("subject data failed", plugin=plugin.id)
        raise failed(plugin, type(error).__name__) from error


def failed(plugin: Plugin, reason: str) -> Unavailable:
    """A plugin cannot answer: then there is no answer at all, since half of one would be wrong."""
    return Unavailable(
        t(
            f"Das Plugin „{plugin.title.de}“ kann seine Daten zur Person nicht liefern ({reason}). Nichts wurde "
            "geändert; bitte den Betrieb verständigen.",
            f"The plugin “{plugin.title.en}” cannot deliver its data on the person ({reason}). Nothing was changed; "
            "please tell the operator.",
        )
    )


async def gaps(ctx: Ctx, holders: Sequence[Holder]) -> list[Text]:
    """What could not be searched: categories that do not say whose they are, and plugins that cannot be used now."""
    return [*_unsaid(holders), *await unusable(ctx)]


def _unsaid(holders: Sequence[Holder]) -> Iterator[Text]:
    for holder in holders:
        for category in holder.plugin.data_categories:
            if category.personal and not category.people and HOOK not in holder.plugin.hooks:
                yield t(
                    f"{holder.plugin.title.de}: „{category.title.de}“ sagt nicht, zu wem ein Eintrag gehört, und wurde "
                    "nicht durchsucht.",
                    f"{holder.plugin.title.en}: “{category.title.en}” does not say whose an entry is, and was not "
                    "searched.",
                )


def _part(ctx: Ctx, holder: Holder, category: DataCategory, source: str, records: Sequence[Mapping[str, Any]]) -> Part:
    return Part(
        plugin=holder.plugin.id,
        plugin_title=holder.plugin.title,
        category=category.id,
        title=category.title,
        source=source,
        records=records,
        switched_on=holder.plugin.id in ctx.tenant.enabled,
        retention_days=days_in(ctx, holder.plugin.id, category),
        kept=category.kept,
    )
