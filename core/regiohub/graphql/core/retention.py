"""What is kept how long in a town, for those who answer for its data protection."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from regiohub.graphql.authoring.fields import column
from regiohub.graphql.authoring.types import value
from regiohub.privacy.retention import RetentionReport, retention_report


@value
class RetentionLine:
    """One kind of data and how long it is kept."""

    plugin: str = column("Plugin that keeps it; core is the platform.")
    plugin_title: str = column("Its name in the caller's language.")
    switched_on: bool = column("Whether the plugin is on in the town; data that has passed its time goes all the same.")
    category: str = column("Kind of data, as a stable word: bookings.")
    title: str = column("Kind of data, in the caller's language.")
    personal: bool = column("Whether it is about people.")
    retention_days: int | None = column("After how many whole days of the town's calendar it goes; null without any.")
    kept: str | None = column("How long it is kept, in words of the caller's language, where no fixed time is set.")
    changeable: bool = column("Whether the town may choose the time in the plugin's settings.")
    due_deleted: int = column("Rows whose time has passed and that the next run deletes.")
    due_emptied: int = column("Rows whose time has passed and that lose the person with the next run.")
    next_on: date | None = column("Day on which the next rows will have passed their time, as it looks now.")


@value
class Retention:
    """What is kept how long in the town, and how the deletion of what has passed its time goes."""

    made_at: datetime = column("When it was looked at.")
    last_run: datetime | None = column("When a run last came to its end.")
    last_deleted: datetime | None = column("When a run last had something to delete.")
    failing: bool = column("Whether the last run failed; operators see the reason, and it is tried again by itself.")
    lines: list[RetentionLine] = column("The kinds of data: the platform's, then those of the plugins.")
    remarks: list[str] = column("What could not be looked at, in the caller's language.")


async def retention(ctx: Any) -> Any:
    """The town's retention as GraphQL shows it."""
    found: RetentionReport = await retention_report(ctx)
    lines = [
        RetentionLine(  # pyright: ignore[reportCallIssue]
            plugin=line.plugin, plugin_title=line.plugin_title.get(ctx.locale), switched_on=line.switched_on,
            category=line.category, title=line.title.get(ctx.locale), personal=line.personal,
            retention_days=line.days, kept=line.kept.get(ctx.locale) if line.kept else None,
            changeable=line.changeable, due_deleted=line.due_deleted, due_emptied=line.due_emptied,
            next_on=line.next_on,
        )
        for line in found.lines
    ]  # fmt: skip
    return Retention(  # pyright: ignore[reportCallIssue]
        made_at=found.made_at, last_run=found.last_run, last_deleted=found.last_deleted,
        failing=found.error is not None, lines=lines, remarks=[words.get(ctx.locale) for words in found.remarks],
    )  # fmt: skip
