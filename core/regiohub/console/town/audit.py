"""The town's audit trail."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from fastapi import APIRouter
from orjson import OPT_INDENT_2, dumps
from starlette.responses import RedirectResponse, Response

from regiohub.audit import AuditEntry, AuditFilter, SealState, head, matching, seal_state
from regiohub.audit.seals.background import check_in_background, last_check
from regiohub.audit.wording import CORE_ACTIONS
from regiohub.auth.permissions import TENANT_AUDIT
from regiohub.auth.principal import PrincipalKind
from regiohub.console.dependencies import TownPage
from regiohub.console.listing import Cell, Choice, Column, Filter, Listing
from regiohub.console.page import Page
from regiohub.texts import Text, t

from .words import ACTORS

router = APIRouter()


@router.get("/audit")
async def show(page: TownPage) -> Response:
    """Entries of the town, the newest first."""
    page.require(TENANT_AUDIT)
    async with page.read() as ctx:
        found = await page.list(ctx, _listing(page), matching(AuditFilter()))
        seals, check = await seal_state(ctx), await last_check(ctx)
    return page.show("town/audit.html", found=found, seals=seals, facts=_facts(seals), check=check)


@router.post("/audit/check")
async def check(page: TownPage) -> Response:
    """Checks the log beside everything else; the page shows how far it is, and the result."""
    page.require(TENANT_AUDIT)
    await check_in_background(page.scope)
    return RedirectResponse(page.town_url("audit"), 303, headers={"Cache-Control": "no-store"})


@router.get("/audit/head")
async def keep(page: TownPage) -> Response:
    """The signed head as a file, for keeping it elsewhere."""
    page.require(TENANT_AUDIT)
    async with page.read() as ctx:
        found = await head(ctx)
    if found is None:
        return page.done(
            t("Noch ist nichts versiegelt.", "Nothing is sealed yet."), page.town_url("audit"), tone="warn"
        )
    word = "head" if page.language == "en" else "stand"
    return Response(
        dumps(found.document(), option=OPT_INDENT_2),
        media_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="{page.town.slug}-audit-{word}-{found.number}.json"',
            "Cache-Control": "no-store",
        },
    )


def _facts(seals: SealState) -> list[tuple[Text, Any]]:
    facts: list[tuple[Text, Any]] = [
        (t("Versiegelte Einträge", "Sealed entries"), seals.sealed),
        (t("Letztes Siegel", "Last seal"), seals.last_seal or t("noch keines", "none yet")),
        (t("Noch nicht versiegelt", "Not sealed yet"), seals.unsealed),
    ]
    if seals.unsealed and seals.oldest_unsealed:
        facts.append((t("Ältester davon", "The oldest of them"), seals.oldest_unsealed))
    return facts


def _listing(page: Page) -> Listing:
    def begin(day: date) -> datetime:
        return datetime.combine(day, time(), page.town.timezone)

    plugins = [(id_, plugin.title) for id_, plugin in page.platform.plugins.healthy.items()]
    return Listing(
        "audit",
        t("Protokoll", "Audit trail"),
        columns=(
            Column("at", t("Zeit", "Time"), lambda row: row.at, sort=AuditEntry.id),
            Column("who", t("Wer", "Who"), lambda row: Cell(ACTORS[row.actor_kind], note=row.actor)),
            Column("what", t("Was", "What"), lambda row: Cell(Text(row.text_de, row.text_en), note=row.note)),
            Column("action", t("Vorgang", "Action"), lambda row: row.action, export_only=True),
            Column("kind", t("Art des Objekts", "Kind of object"), lambda row: row.object_kind, export_only=True),
            Column("object", t("Objekt", "Object"), lambda row: row.object_id, export_only=True),
            Column("before", t("Vorher", "Before"), lambda row: _json(row.before), export_only=True),
            Column("after", t("Nachher", "After"), lambda row: _json(row.after), export_only=True),
            Column("plugin", t("Plugin", "Plugin"), lambda row: f"{row.plugin} {row.plugin_version}"),
        ),
        filters=(
            Filter.choice("action", t("Vorgang", "Action"), _actions(page), lambda value: AuditEntry.action == value),
            Filter.choice(
                "plugin",
                t("Plugin", "Plugin"),
                [("core", "Regio.hub"), *plugins],
                lambda value: AuditEntry.plugin == value,
            ),
            Filter.text(
                "object", t("Objekt (Kennung)", "Object (id)"), lambda value: AuditEntry.object_id == value.strip()
            ),
            Filter.choice(
                "who",
                t("Wer", "Who"),
                [(kind.value, words) for kind, words in ACTORS.items()],
                lambda value: AuditEntry.actor_kind == PrincipalKind(value),
            ),
            Filter.text("actor", t("Deckname", "Pseudonym"), lambda value: AuditEntry.actor == value.strip()),
            Filter.day("from", t("Von", "From"), lambda day: AuditEntry.at >= begin(day)),
            Filter.day("to", t("Bis", "Until"), lambda day: AuditEntry.at < begin(day + timedelta(days=1))),
        ),
        order="-at",
        last=AuditEntry.id,
        empty=t("Noch ist nichts verzeichnet.", "Nothing has been recorded yet."),
    )


def _actions(page: Page) -> list[Choice]:
    """Actions of the core, and those of plugins that are called like a permission."""
    found: dict[str, Text] = {id_: words for id_, words in CORE_ACTIONS.items() if id_.startswith("tenant.")}
    for plugin in page.platform.plugins.healthy.values():
        for one in plugin.permissions:
            found[one.id] = Text(f"{plugin.title.de}: {one.title.de}", f"{plugin.title.en}: {one.title.en}")
    ordered = sorted(found.items(), key=lambda one: one[1].get(page.language).casefold())
    return list(ordered)


def _json(values: object) -> str | None:
    return None if values is None else dumps(values).decode()
