"""Rows of one town never show in answers of another, and not even change them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from regiohub.auth.permissions import TENANT_SHARING
from regiohub.sharing.service import list_consents, revoke
from regiohub.tenancy.context import Ctx
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise
from regiohub.testing.depth import is_full
from regiohub.testing.world import World

from .callers import OTHER, TOWN
from .operations import Operation, offer
from .rows import Content, content
from .running import Runner, text_of
from .selections import whole, without_arguments
from .values import values_for

_WHO: tuple[tuple[str | None, tuple[str, ...]], ...] = ((None, ()), ("resident", ()), ("staff", ("tenant-admin",)))
"""Subjects and roles of those who ask."""
_SHORTEST = 6
"""Shorter texts may well be the same in two towns."""
Answers = Mapping[tuple[str, str], Any]
"""By operation and caller."""


async def _faults(case: Case) -> Iterable[str]:
    async with case.empty() as world:
        plugin = case.plugin_of(world)
        # What Bad Belzig does not share must not show at the region either.
        await world.scope(OTHER).run(_share_nothing)
        await case.put(world.scope(TOWN), 3)
        asked = [*(await _questions(world, case, TOWN)), *(await _questions(world, case, "region"))]
        first = await _answers(world, case.id, asked, TOWN)
        own, bare = await content(world, TOWN, plugin), await content(world, OTHER, plugin)
        alone = {key: value for key, value in (await _answers(world, case.id, asked, OTHER)).items() if _here(key)}
        await case.put(world.scope(OTHER), 4)
        again = await _answers(world, case.id, asked, TOWN)
        other = await content(world, OTHER, plugin)
        both = {key: value for key, value in (await _answers(world, case.id, asked, OTHER)).items() if _here(key)}
        return [
            *_changed(first, again),
            *_shown(alone, own, bare, TOWN, OTHER),
            *_shown(again, other, own, OTHER, TOWN),
            *_shown(both, own, other, TOWN, OTHER),
        ]


async def _share_nothing(ctx: Ctx) -> None:
    ctx.require(TENANT_SHARING)
    for consent in await list_consents(ctx):
        await revoke(ctx, consent.id)


@dataclass(frozen=True)
class _Question:
    """One query with its arguments, in a town or at the region."""

    operation: Operation
    arguments: Mapping[str, Any]
    region: bool


async def _questions(world: World, case: Case, where: str) -> list[_Question]:
    values = await values_for(world, case, TOWN)
    found: list[_Question] = []
    for operation in offer(world, case.id, where).of("query"):
        paged = {"first": 100} if "first" in operation.field.args else {}
        found.append(_Question(operation, values.of(operation) | paged, where == "region"))
    return found


async def _answers(world: World, plugin: str, asked: Iterable[_Question], slug: str) -> dict[tuple[str, str], Any]:
    """What everybody is told in a town (and at the region), by the executor and by plans."""
    runners = {False: Runner(world, offer(world, plugin, slug)), True: Runner(world, offer(world, plugin, "region"))}
    answers: dict[tuple[str, str], Any] = {}
    for subject, roles in _WHO:
        principal = world.principal(slug, roles=roles, subject=subject)
        for question in asked:
            tree = whole(question.operation.field.type, 2 if is_full() else 1, without_arguments())
            text = text_of(question.operation, question.arguments, tree)
            # What a plan reads is walled off by its own declarations; one caller's plans show whether that holds.
            plans = bool(roles) or is_full()
            found = await runners[question.region].answers(text, question.arguments, principal, plans=plans)
            place = f"region.{question.operation.place}" if question.region else question.operation.place
            answers[place, subject or "anybody"] = [answer.data for answer in found]
    return answers


def _here(key: tuple[str, str]) -> bool:
    return not key[0].startswith("region.")


def _changed(first: Answers, again: Answers) -> Iterator[str]:
    for (place, who), value in first.items():
        if value != again[place, who]:
            yield f"{place}: {who} in {TOWN} is told something else as soon as {OTHER} has rows"


def _shown(answers: Answers, rows: Content, own: Content, owner: str, reader: str) -> Iterator[str]:
    marks = rows.words(_SHORTEST) - own.words(_SHORTEST)
    for (place, who), value in answers.items():
        found = sorted(marks & set(_texts(value)))
        if found:
            yield f"{place}: {who} in {reader} sees {found[0]!r}, which belongs to {owner}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


TWO_TOWNS_GRAPHQL = Promise(
    "two-towns-graphql",
    "answers of a town show nothing of another town's rows, and do not change with them",
    "Read through ctx.session only, keep nothing in variables of a module or class (or by ctx.tenant.id), and show the "
    "region only what region_many(dataset=…) reads.",
    _faults,
)
