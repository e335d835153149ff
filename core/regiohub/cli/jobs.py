"""``regiohub job``: scheduled jobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .opening import run, tenant_named
from .output import AsJson, print_json, print_table

if TYPE_CHECKING:
    from regiohub.platform import Platform

Town = Annotated[str, typer.Option("--tenant", help="The town.")]


def list_jobs(tenant: Town, json: AsJson = False) -> None:
    """List a town's scheduled jobs: when they run next, and how the last run went."""

    async def work(platform: Platform) -> Sequence[dict[str, Any]]:
        from regiohub.events.job_control import jobs_of

        names = ("name", "next_at", "finished_at", "runs", "failures", "error")
        async with platform.scope(tenant_named(platform, tenant)).read() as ctx:
            return [{name: getattr(job, name) for name in names} for job in await jobs_of(ctx)]

    jobs = run(work)
    if json:
        print_json(jobs)
        return
    lines = [
        (job["name"], _moment(job["next_at"]), _moment(job["finished_at"]), job["failures"], job["error"] or "–")
        for job in jobs
    ]
    print_table(("JOB", "NEXT (UTC)", "LAST (UTC)", "FAILURES", "ERROR"), lines, empty="No job has run yet.")


def run_job(name: Annotated[str, typer.Argument(help="The job's name.")], tenant: Town) -> None:
    """Have a worker run a scheduled job at once."""

    async def work(platform: Platform) -> None:
        from regiohub.events.job_control import run_now

        await platform.scope(tenant_named(platform, tenant)).run(lambda ctx: run_now(ctx, name))

    run(work)
    typer.echo(f"{name} is due now.")


def _moment(value: datetime | None) -> str:
    return value.strftime("%Y-%m-%d %H:%M") if value else "–"
