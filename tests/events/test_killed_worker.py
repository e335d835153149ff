"""A worker process that is killed in the middle of its work: nothing is lost, nothing happens twice."""

from __future__ import annotations

import asyncio
import os
import sys
import textwrap
from pathlib import Path
from typing import Any

from regiohub.clock import FrozenClock
from regiohub.events import Task
from regiohub.events.keeping import LEASE
from regiohub.events.worker import Worker
from regiohub.platform import Platform
from regiohub.tenancy.context import Ctx, TenantScope
from regiohub.testing.databases import Address

CHILD = textwrap.dedent("""
    import asyncio, sys
    from importlib.metadata import EntryPoint
    from pathlib import Path
    import sampler_plugin
    from regiohub.clock import FrozenClock
    from regiohub.events import Task
    from regiohub.events.worker import Worker
    from regiohub.platform import Platform
    from regiohub.plugins.manifest import Plugin
    from regiohub.testing import START
    from regiohub.testing.databases import Address, settings_for
    from regiohub.texts import t

    async def run(ctx, payload):
        await ctx.audit("sampler.done", kind="thing", id="1")
        print("in the middle", flush=True)
        await asyncio.sleep(3600)

    plugin = sampler_plugin.plugin = Plugin(id="sampler", title=t("P", "S"), description=t("P", "S"))
    plugin.hooks["register_tasks"] = lambda: [Task("sampler.do", run)]

    async def main():
        url, owner_url, data = sys.argv[1:]
        entry = EntryPoint(name="sampler", value="sampler_plugin:plugin", group="regiohub.plugins")
        settings = settings_for(Address(url, owner_url), Path(data))
        platform = Platform(settings, entries=[entry], clock=FrozenClock(START))
        await platform.start()
        await Worker(platform).drain()

    asyncio.run(main())
""")


async def test_a_task_whose_worker_is_killed_is_done_once_by_another(
    platform: Platform, scope: TenantScope, sampler: Any, effects: Any, clock: FrozenClock,
    core_database: Address, tmp_path: Path,
) -> None:  # fmt: skip
    async with scope.write() as ctx:
        await ctx.enqueue("sampler.do", {})
    script = tmp_path / "child.py"
    script.write_text(CHILD)
    path = os.pathsep.join([str(tmp_path / "packages"), *sys.path])
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(script), core_database.url, core_database.owner_url, str(tmp_path / "data"),
        stdout=asyncio.subprocess.PIPE, env=os.environ | {"PYTHONPATH": path},
    )  # fmt: skip
    assert child.stdout is not None
    while b"in the middle" not in (line := await child.stdout.readline()):
        assert line, "the child ended before it began"
    child.kill()
    await child.wait()
    assert await effects("sampler.done") == 0, "its transaction died with it"

    async def run(ctx: Ctx, _payload: dict[str, Any]) -> None:
        await ctx.audit("sampler.done", kind="thing", id="1")

    sampler.tasks.append(Task("sampler.do", run))
    worker = Worker(platform)
    await worker.drain()
    assert await effects("sampler.done") == 0, "its claim still holds"
    clock.advance(LEASE)
    await worker.drain()
    await worker.drain()
    assert await effects("sampler.done") == 1
