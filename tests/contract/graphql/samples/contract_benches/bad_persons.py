"""The sample with faults about rows of persons, and with hurdles behind which a fault hides."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select, update

from regiohub.api import (
    PUBLIC,
    SIGNED_IN,
    Connection,
    Ctx,
    GraphQLPart,
    InvalidInput,
    bound,
    column,
    field,
    many,
    mutation,
    query,
    t,
)

from . import graphql, service
from .models import Bench, Hint, Report
from .plugin import made

WORD = "JA, WIRKLICH"


@query
class PrintingQuery:
    """Prints reports."""

    @field("Words of all reports.")
    @staticmethod
    async def words(ctx: Ctx) -> list[str]:
        """With their authors."""
        reports = await ctx.session.scalars(select(Report).order_by(Report.id))
        return [f"{report.subject}: {report.words}" for report in reports]


printing = made(GraphQLPart(query=PrintingQuery))


@bound(Bench)
class ChattyBenchType:
    """A bench."""

    name: str = column("Name.")

    @field("The newest report.")
    @staticmethod
    async def newest(row: Bench, ctx: Ctx) -> str | None:
        """Without its author, and still his."""
        own = select(Report.words).where(Report.bench_id == row.id).order_by(Report.id.desc())
        return await ctx.session.scalar(own.limit(1))


@query
class ChattyQuery:
    """Benches that talk."""

    benches: Connection[ChattyBenchType] = many("Benches.", order_by=Bench.name)


@query
class HintingQuery:
    """Lists suggestions of people without an account."""

    @field("Words of all suggestions.")
    @staticmethod
    async def hints(ctx: Ctx) -> list[str]:
        """Whoever has sent them."""
        return list(await ctx.session.scalars(select(Hint.advice).order_by(Hint.id)))


hinting = made(GraphQLPart(query=HintingQuery))


@bound(Hint)
class HintType:
    """A suggestion that the plugin publishes by its declaration."""

    email: str = column("Who answers for it.")


@query
class ListingQuery:
    """A directory of suggestions."""

    hints: Connection[HintType] = many("Suggestions.", order_by=Hint.id)


listing = made(GraphQLPart(query=ListingQuery))


chatty = made(GraphQLPart(query=ChattyQuery))


@query
class NeighbourlyQuery:
    """Asks for a token, and not whose."""

    @field("Words of a report.", permission=SIGNED_IN, args={"id": "Which."})
    @staticmethod
    async def report(ctx: Ctx, id: UUID) -> str | None:
        """Whoever has made it."""
        return await ctx.session.scalar(select(Report.words).where(Report.id == id))


neighbourly = made(GraphQLPart(query=NeighbourlyQuery))


@mutation("Erases a report.", permission=SIGNED_IN, args={"id": "Which."})
async def erase_report(ctx: Ctx, id: UUID) -> None:
    """Any resident that of anybody."""
    ctx.require_person()
    await ctx.session.execute(delete(Report).where(Report.id == id))


@mutation("Rewords reports.", permission=PUBLIC, args={"words": "What they say from now on."})
async def reword_reports(ctx: Ctx, words: str) -> None:
    """Everybody those of all."""
    await ctx.session.execute(update(Report).values(words=f"{words}!"))


meddling = made(GraphQLPart(query=graphql.BenchesQuery, mutations=(*graphql.MUTATIONS, erase_report, reword_reports)))


@mutation("Clears the town.", permission=service.MANAGE, args={"word": "Word of confirmation."})
async def clear_benches(ctx: Ctx, word: str) -> None:
    """Forgets to ask for the permission, behind a hurdle that no machine guesses."""
    if word != WORD:
        raise InvalidInput(t("Bitte bestätigen.", "Please confirm."), field="word")
    await ctx.session.execute(update(Bench).values(name="weg"))


hidden = made(GraphQLPart(query=graphql.BenchesQuery, mutations=(*graphql.MUTATIONS, clear_benches)))


@mutation("Clears the town.", permission=service.MANAGE, args={"word": "Word of confirmation."})
async def clear_benches_late(ctx: Ctx, word: str) -> None:
    """Asks for the permission, behind the same hurdle: sound."""
    if word != WORD:
        raise InvalidInput(t("Bitte bestätigen.", "Please confirm."), field="word")
    ctx.require(service.MANAGE)
    await ctx.session.execute(update(Bench).values(name="weg"))


late = made(GraphQLPart(query=graphql.BenchesQuery, mutations=(*graphql.MUTATIONS, clear_benches_late)))
