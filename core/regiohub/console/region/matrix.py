"""Towns and plugins in one table; each pair switched with one click and a question that names what will vanish."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.auth.permissions import REGION_ACTIVATION, REGION_READ
from regiohub.console.dependencies import RegionPage
from regiohub.console.listing import Column, Filter, Listing, Tone
from regiohub.console.page import Page
from regiohub.errors import NotFound
from regiohub.platform import Platform
from regiohub.region.matrix import WORDS, Row, State, matrix
from regiohub.tenancy.consequences import switched_off, switched_on
from regiohub.tenancy.info import TenantInfo
from regiohub.tenancy.switches import switch_plugin
from regiohub.texts import Text, t

router = APIRouter()
TONES: dict[State, Tone] = {
    State.ON: "good",
    State.OFF: "plain",
    State.FAULTY: "bad",
    State.BLOCKED: "plain",
    State.BROKEN: "bad",
}


def listing(platform: Platform) -> Listing:
    """The table as a list: one column per installed plugin."""
    names = {
        record.id: record.plugin.title if record.plugin else Text(record.id, record.id)
        for record in platform.plugins.records
    }

    def state_of(plugin: str) -> Callable[[Row], Text]:
        return lambda row: next(s.words for s in row.standings if s.plugin == plugin)

    return Listing(
        "matrix",
        t("Plugins je Kommune", "Plugins per town"),
        columns=(
            Column("town", t("Kommune", "Town"), lambda row: row.town.short_name, sort=lambda row: row.town.short_name),
            *(Column(id_, title, state_of(id_)) for id_, title in names.items()),
        ),
        filters=(
            Filter.text(
                "q", t("Kommune", "Town"), lambda value: lambda row: value.casefold() in row.town.name.casefold()
            ),
            Filter.choice(
                "state",
                t("Mit Zustand", "With state"),
                [(s.value, WORDS[s]) for s in State],
                lambda value: lambda row: any(s.state == value for s in row.standings),
            ),
        ),
        order="town",
    )


@router.get("/matrix")
async def show(page: RegionPage) -> Response:
    """The table."""
    page.require(REGION_READ)
    rows: list[Row] = list(matrix(page.platform, page.person))
    found = await page.list(None, listing(page.platform), rows)
    return page.show(
        "region/matrix.html",
        found=found,
        records=page.platform.plugins.records,
        tones=TONES,
        states=State,
        may_switch=page.can(REGION_ACTIVATION),
    )


@router.post("/matrix/{slug}/{plugin}")
async def switch(page: RegionPage, slug: str, plugin: str) -> Response:
    """Switch one plugin in one town, after the question."""
    page.require(REGION_ACTIVATION)
    town, title = _town(page, slug), _title(page, plugin)
    on = page.values().get("on") == ["1"]
    scope = page.platform.scope(town, principal=page.person, locale=page.language)
    if not await page.confirmed():
        async with scope.read() as ctx:
            consequences = switched_on(ctx, plugin) if on else await switched_off(ctx, plugin)
        question = (
            t(f"{title.de} in {town.short_name} einschalten?", f"Switch on {title.en} in {town.short_name}?")
            if on
            else t(f"{title.de} in {town.short_name} ausschalten?", f"Switch off {title.en} in {town.short_name}?")
        )
        submit = t("Einschalten", "Switch on") if on else t("Ausschalten", "Switch off")
        return page.ask(question, consequences, submit=submit, back="/console/region/matrix", danger=not on)
    await scope.run(lambda ctx: switch_plugin(ctx, plugin, on=on))
    words = (
        t(f"{title.de} ist in {town.short_name} an.", f"{title.en} is on in {town.short_name}.")
        if on
        else t(f"{title.de} ist in {town.short_name} aus.", f"{title.en} is off in {town.short_name}.")
    )
    return page.done(words, "/console/region/matrix")


def _town(page: Page, slug: str) -> TenantInfo:
    town = page.platform.tenants.get(slug)
    if town is None:
        raise NotFound
    return town


def _title(page: Page, plugin: str) -> Text:
    record = next((record for record in page.platform.plugins.records if record.id == plugin), None)
    if record is None:
        raise NotFound
    return record.plugin.title if record.plugin else Text(plugin, plugin)
