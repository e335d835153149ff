"""Mutations on measures and on the plugins that serve them."""

from __future__ import annotations

from typing import Any

from strawberry.types.unset import UNSET

from regiohub.auth.permissions import SIGNED_IN, TENANT_MEASURES
from regiohub.graphql.authoring.fields import column
from regiohub.graphql.authoring.operations import mutation
from regiohub.graphql.authoring.types import input_type
from regiohub.tenancy import measures, switches
from regiohub.tenancy.context import Ctx

from .inputs import given
from .queries import MeasureType

_KEY = "Key of the measure."


@input_type
class MeasureInput:
    """Facts about a measure. What is left out stays as it is; null takes a fact away."""

    title: str | None = column("Official title in German; a new measure needs one.", default=UNSET)
    title_en: str | None = column("Title in English.", default=UNSET)
    summary: str | None = column("A few German sentences for residents.", default=UNSET)
    summary_en: str | None = column("The same in English.", default=UNSET)
    lead: str | None = column("Office in charge.", default=UNSET)
    partners: list[str] | None = column("Who takes part beside it.", default=UNSET)
    fields: list[str] | None = column("Fields of action.", default=UNSET)
    from_year: int | None = column("First year.", default=UNSET)
    to_year: int | None = column("Last year.", default=UNSET)
    phase: str | None = column("Phase in the programme's own words.", default=UNSET)
    status: str | None = column("planned, running, paused, finished or cancelled.", default=UNSET)
    later: list[str] | None = column("Plugins planned for it that do not exist yet.", default=UNSET)
    bundle_key: str | None = column("Key of the bundle that it belongs to; null takes it out.", default=UNSET)
    bundle_title: str | None = column("Title of the bundle, if it is new.", default=UNSET)
    bundle_title_en: str | None = column("Its title in English.", default=UNSET)


@mutation(
    "Adds a measure at the end of the portfolio.",
    permission=TENANT_MEASURES,
    returns="measure",
    args={"key": "Short name, unique in the town, never changed later: small letters, digits and hyphens."},
)
async def add_measure(ctx: Ctx, key: str, input: MeasureInput) -> MeasureType:
    return _row(await measures.add_measure(ctx, key, given(input)))


@mutation(
    "Changes facts of a measure; the town's file does not overwrite it from then on.",
    permission=TENANT_MEASURES,
    returns="measure",
    args={"key": _KEY},
)
async def change_measure(ctx: Ctx, key: str, input: MeasureInput) -> MeasureType:
    return _row(await measures.change_measure(ctx, key, given(input)))


@mutation(
    "Takes a measure out of the portfolio: residents do not see it any more, and its plugins go off for it.",
    permission=TENANT_MEASURES,
    returns="measure",
    args={"key": _KEY},
)
async def retire_measure(ctx: Ctx, key: str) -> MeasureType:
    return _row(await measures.retire_measure(ctx, key))


@mutation("Brings a retired measure back.", permission=TENANT_MEASURES, returns="measure", args={"key": _KEY})
async def restore_measure(ctx: Ctx, key: str) -> MeasureType:
    return _row(await measures.restore_measure(ctx, key))


@mutation(
    "Switches a plugin on or off, for a measure or for the town directly. Data is kept when it goes off.",
    # Two rights allow it, the town's and the region's: the service asks for either.
    permission=SIGNED_IN,
    args={
        "plugin": "Short name of the plugin.",
        "on": "Whether it shall work.",
        "measure": "Key of the measure; without one, on means for the town directly, off means everywhere in it.",
    },
)
async def switch_plugin(ctx: Ctx, plugin: str, on: bool, measure: str | None = None) -> None:
    await switches.switch_plugin(ctx, plugin, on=on, measure=measure or None)


def _row(row: Any) -> Any:
    """Bound types hold rows of their model; the type checker cannot know that."""
    return row


MUTATIONS = (add_measure, change_measure, retire_measure, restore_measure, switch_plugin)
