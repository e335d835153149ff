"""Example places around the middle of a town, marked as such by their external ids."""

from pathlib import Path
from typing import Any, NamedTuple

from regiohub.api import Ctx, TenantScope
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}
from regiohub_{{ cookiecutter.id }}.service.drafts import Draft, checked
from regiohub_{{ cookiecutter.id }}.service.editing import add
from sqlalchemy import select


class _Example(NamedTuple):
    key: str
    name: str
    kind: str
    hours: str | None
    east: float
    north: float


_EXAMPLES = (
    _Example("library", "Stadtbücherei am Markt", "library", "Tu-Fr 10:00-19:00; Sa 10:00-14:00", 0.0, 0.0),
    _Example("playground", "Spielplatz im Bürgerpark", "playground", "Mo-Su 08:00-20:00", 0.004, 0.002),
    _Example("toilet", "Toilette am Bahnhof", "toilet", "24/7", -0.006, 0.001),
    _Example("hotspot", "Freies WLAN im Rathaus", "hotspot", "Mo-Fr 08:00-18:00", 0.001, -0.003),
    _Example("water", "Trinkbrunnen an der Kirche", "drinking_water", None, -0.002, -0.002),
)
"""``east`` and ``north`` are degrees from the town's middle."""


async def load_demo(scope: TenantScope, _folder: Path) -> None:
    """Add the examples that are not there yet; what staff have changed in the others stays."""

    async def load(ctx: Ctx) -> None:
        wanted = {f"demo:{example.key}": example for example in _EXAMPLES}
        there = set(
            await ctx.session.scalars(select({{ cookiecutter.__Thing }}.external_id).where({{ cookiecutter.__Thing }}.external_id.in_(wanted)))
        )
        lon, lat = ctx.tenant.centre
        drafts: list[Draft] = []
        for external_id, example in wanted.items():
            if external_id in there:
                continue
            values: dict[str, Any] = {
                "name": example.name,
                "kind": example.kind,
                "hours": example.hours,
                "description": "Ein Beispiel zum Ausprobieren.",
                "location": {"type": "Point", "coordinates": [lon + example.east, lat + example.north]},
                "external_id": external_id,
            }
            drafts.append(checked(values))
        await add(ctx, drafts)

    await scope.run(load)
