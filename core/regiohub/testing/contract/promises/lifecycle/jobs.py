"""Jobs work in the town that they are run for, and in no other."""

from __future__ import annotations

import sqlalchemy as sa

from regiohub.events.models import OutboxEntry
from regiohub.events.parts import Job
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise
from regiohub.testing.world import World

from .contents import changes, contents

HERE, THERE = "potsdam", "bad-belzig"


async def _faults(case: Case) -> list[str]:
    if "register_jobs" not in case.plugin.hooks:
        return []
    async with case.filled() as world:
        declared = world.platform.plugins.collect("register_jobs", frozenset({case.id}))
        jobs: list[Job] = [contribution.value for contribution in declared]
        faults: list[str] = []
        for job in jobs:
            before, waiting = await contents(world, case, THERE), await _waiting(world)
            # Long enough for a run to find something to do.
            world.clock.advance(job.every)
            try:
                await job.run(world.scope(HERE))
            except Exception as error:
                faults.append(f"{job.name} fails: {type(error).__name__}: {(str(error).splitlines() or [''])[0]}")
                continue
            changed = list(changes(before, await contents(world, case, THERE)))
            if changed:
                faults.append(f"{job.name}, run for {HERE}, changes rows of {THERE}: {', '.join(changed)}")
            if await _waiting(world) != waiting:
                faults.append(f"{job.name}, run for {HERE}, sets off work in {THERE}")
        return faults


async def _waiting(world: World) -> int:
    async with world.scope(THERE).read() as ctx:
        return await ctx.session.scalar(sa.select(sa.func.count()).select_from(OutboxEntry)) or 0


JOBS_IN_TOWNS = Promise(
    "jobs-in-towns",
    "each of its jobs runs for one town without fail, and changes nothing in another",
    "let the job open its units of work with the scope that it is given (scope.run, scope.write), and leave other towns"
    " to their own run; what may be missing is no error",
    _faults,
)
