"""The core's own fields say the same by a plan and in the ordinary way."""

from __future__ import annotations

import sqlalchemy as sa

from regiohub.tenancy.context import Ctx
from regiohub.tenancy.models import Measure
from regiohub.testing import World
from regiohub.testing.oracle import Oracle

MEASURES = """{ measures { totalCount nodes { key title summary bundleKey bundle lead partners fields fromYear toYear
    phase status later programmeId plugins tenant { slug } } } }"""


async def _write(world: World, **values: str | None) -> None:
    async def work(ctx: Ctx) -> None:
        await ctx.session.execute(sa.update(Measure).values(**values))

    await world.scope("potsdam").run(work)


async def test_measure_speaks_the_callers_language_else_german(world: World) -> None:
    german, english = "Worum es geht", "What it is about"
    cases = ((german, english), (german, None), (german, ""), (None, english), (None, None))
    for de, en in cases:
        await _write(world, summary=de, summary_en=en, title_en=en, bundle_title=de)
        for language, shown in (("de", de), ("en", en or de)):
            found = await Oracle(world).assert_same("potsdam", MEASURES, language=language)
            assert [str(field.way) for field in found.plan.fields] == ["rows"]
            assert not found.fell_back
            assert found.plan.cacheable
            (measure,) = found.ordinary.body()["data"]["measures"]["nodes"]
            assert measure["summary"] == shown
            region = await Oracle(world).assert_same("region", MEASURES, language=language)
            assert not region.fell_back


async def test_plugins_of_a_measure_follow_its_switches_at_once(world: World) -> None:
    async def plugins() -> list[str]:
        found = await Oracle(world).assert_same("potsdam", "{ measures { nodes { plugins } } }")
        assert not found.fell_back
        return found.ordinary.body()["data"]["measures"]["nodes"][0]["plugins"]

    before = await plugins()
    await world.enable("potsdam", "lorawan", measure="modellvorhaben")
    assert await plugins() == sorted({*before, "lorawan"})


async def test_audit_log_speaks_the_callers_language_by_a_plan(world: World) -> None:
    await world.enable("potsdam", "lorawan", measure="modellvorhaben")
    texts: list[str] = []
    for language in ("de", "en"):
        found = await Oracle(world).assert_same(
            "potsdam",
            "{ audit(first: 1) { totalCount nodes { at actorKind actor action text objectKind objectId after } } }",
            roles=("tenant-admin",),
            language=language,
        )
        assert not found.fell_back
        assert not found.plan.cacheable
        texts.append(found.ordinary.body()["data"]["audit"]["nodes"][0]["text"])
    assert texts[0] != texts[1]
