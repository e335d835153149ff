"""The platform's own operations in the place of a plugin's, so that the same promises can be asked of them."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

from regiohub.api import Ctx, TenantScope, t
from regiohub.auth.permissions import TENANT_PERMISSIONS
from regiohub.db.base import Base, TenantTable
from regiohub.events.models import EntryKind, EntryState, OutboxEntry
from regiohub.plugins.manifest import Plugin
from regiohub.sharing import NewConsent, grant
from regiohub.tenancy import measures
from regiohub.tenancy.indicators import service as indicators
from regiohub.testing.contract import Given
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promises.graphql.operations import CORE
from regiohub.testing.installations import Engine, Installations, Recipe
from regiohub.testing.world import World
from regiohub.work import begin_work

# A plugin has to be there, so that settings, switches and consents mean something.
_BESIDE = Recipe.of("atlas")
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path d="M0 0h2v2z"/></svg>'
WORDS = t("Die Plattform", "The platform")


def core_models() -> tuple[type[Any], ...]:
    """Models of the platform's tables of towns."""
    found = {mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, TenantTable)}
    return tuple(sorted((one for one in found if one.__tablename__.startswith("core_")), key=lambda m: m.__tablename__))


class CoreCase(Case):
    """The platform as a case of the contract."""

    @property
    def plugin(self) -> Plugin:
        """The platform as if it were a plugin: what its fields and tables are, and its permissions."""
        return Plugin(id=CORE, title=WORDS, description=WORDS, permissions=TENANT_PERMISSIONS, models=core_models())

    def plugin_of(self, world: World) -> Plugin:
        """The same in every installation."""
        return self.plugin

    @property
    def recipe(self) -> Recipe:
        """An installation with one plugin."""
        return _BESIDE


def core_case(engine: Engine, installations: Installations, folder: Path) -> CoreCase:
    """The platform's operations on a database, with rows in each town that have its name in them."""
    return CoreCase(CORE, engine, installations, folder, fill, arguments=given, counted=False)


async def fill(scope: TenantScope, rows: int) -> None:
    """Measures with objectives, indicators and figures; consents, works, entries of outbox and log."""
    async with scope.write() as ctx:
        for number in range(rows):
            await _measure(ctx, f"{ctx.tenant.slug}-{number}")


async def _measure(ctx: Ctx, name: str) -> None:
    today = ctx.now().date()
    await measures.add_measure(ctx, name, {"title": f"Maßnahme {name}", "lead": f"Amt {name}"})
    objective = await indicators.add_objective(ctx, name, {"title": f"Ziel {name}"})
    shown = {"title": f"Wert {name}", "published": True, "objective_id": objective.id}
    indicator = await indicators.add_indicator(ctx, name, shown)
    await indicators.record_figure(ctx, indicator.id, today - timedelta(days=1), 4.0, f"Quelle {name}")
    await grant(ctx, NewConsent("atlas.procedures", "berlin", f"Zweck {name}", f"Grundlage {name}", today))
    await begin_work(ctx, "isolation", t(f"Arbeit {name}", f"Work {name}"), total=3)
    waiting = OutboxEntry(
        kind=EntryKind.TASK, name="isolation.nothing", version=1, payload={"word": name}, state=EntryState.WAITING,
        attempts=0, created_at=ctx.now(), due_at=ctx.now() + timedelta(days=300),
    )  # fmt: skip
    ctx.session.add(waiting)
    await ctx.session.flush()


async def given(ctx: Ctx) -> Given:
    """What a machine cannot invent."""
    slug = ctx.tenant.slug
    today = ctx.now().date().isoformat()
    measure, member = f"{slug}-0", f"editor-{slug}"
    return {
        "addMeasure": {"key": "neu", "input": {"title": "Neu"}},
        "changeMeasure": {"key": measure, "input": {"lead": "Amt"}},
        "retireMeasure": {"key": measure},
        "addObjective": {"measure": measure, "input": {"title": "Neu"}},
        "addIndicator": {"measure": measure, "input": {"title": "Neu"}},
        "recordFigure": {"on": today, "value": 5.0},
        "switchPlugin": {"plugin": "atlas", "on": True, "measure": measure},
        "pluginSettings": {"plugin": "atlas"},
        "changePluginSettings": {"plugin": "atlas", "values": {}},
        "resetPluginSettings": {"plugin": "atlas", "names": []},
        "uploadLogo": {"base64": b64encode(LOGO).decode()},
        "changeBranding": {"input": {"primary": "#102030"}},
        "grantConsent": {
            "input": {"dataset": "atlas.procedures", "reader": "region", "purpose": "Neu", "legalBasis": "Neu",
                      "validFrom": today},
        },
        "explainAccess": {"member": member, "action": "tenant.audit"},
        "grantRole": {"member": member, "role": "caretaker"},
        "revokeRole": {"member": member, "role": "editor"},
        "createRole": {"key": "neu", "input": {"title": "Neu", "titleEn": "New", "permissions": ["tenant.audit"]}},
        "setGroupRoles": {"group": "/amt", "roles": ["editor"]},
        "exportSubject": {"input": {"emails": ["nobody@example.org"]}},
        "eraseSubject": {"input": {"emails": ["nobody@example.org"]}, "preview": True},
    }  # fmt: skip
