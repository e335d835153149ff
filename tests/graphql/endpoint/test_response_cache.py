"""Kept answers: for whom, for how long, and never an old one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from gq_shop.models import Owner, Thing

from regiohub.api import Ctx
from regiohub.db.base import Base
from regiohub.db.version_looks import LookFailed, SqliteLooks
from regiohub.db.versions import WATCHED
from regiohub.graphql.cache.responses import ResponseCache
from regiohub.graphql.cache.shelf import Shelf, entity_tag
from regiohub.graphql.prepared import Prepared, Request
from regiohub.testing.databases import Address, SqliteTemplate
from regiohub.testing.world import World

from .conftest import opened_board

NAMES = "{ board { shopkeepers { nodes { name } } } }"
WITH_ARTICLES = "{ board { shopkeepers { nodes { name articles { nodes { name secret } } } } } }"


def uses(world: World) -> Callable[[], dict[str, float]]:
    """How often the cache answered, kept and passed since this call."""
    registry = world.app.state.web.metrics.registry

    def now() -> dict[str, float]:
        name = "regiohub_graphql_response_cache_total"
        return {use: registry.get_sample_value(name, {"use": use}) or 0 for use in ("hit", "kept", "passed")}

    before = now()
    return lambda: {use: count - before[use] for use, count in now().items()}


async def ask(world: World, document: str = NAMES, slug: str = "potsdam", **kwargs: Any) -> Any:
    answer = await world.graphql(slug, document, **kwargs)
    return answer.data


async def warm(world: World, document: str = NAMES, **kwargs: Any) -> Any:
    """Ask until the answer is kept: the first time only shows what the plan reads."""
    for _ in range(2):
        await ask(world, document, **kwargs)
    return await ask(world, document, **kwargs)


async def rename(world: World, name: str, slug: str = "potsdam") -> None:
    async with world.scope(slug).write() as ctx:
        owner = (await ctx.session.scalars(sa.select(Owner).order_by(Owner.id))).first()
        assert owner is not None
        owner.name = name


async def test_the_same_question_is_answered_without_a_statement(board: World) -> None:
    first = await warm(board)
    used = uses(board)
    with board.statements() as statements:
        assert await ask(board) == first
    assert used() == {"hit": 1, "kept": 0, "passed": 0}
    assert statements == []


async def test_a_change_counts_with_the_commit(board: World) -> None:
    await warm(board)
    await rename(board, "Zoe")
    assert "Zoe" in str(await ask(board))
    used = uses(board)
    assert "Zoe" in str(await ask(board))
    assert used()["hit"] == 1


async def test_a_mutation_over_the_same_endpoint_counts_too(board: World) -> None:
    await warm(board)
    document = 'mutation { renameAll(name: "Uwe") { errors { __typename } } }'
    assert (await board.graphql("potsdam", document, roles=("editor",))).errors == []
    assert "Uwe 2" in str(await ask(board))


async def test_what_is_rolled_back_leaves_the_answer_kept(board: World) -> None:
    first = await warm(board)

    async def fails(ctx: Ctx) -> None:
        await ctx.session.execute(sa.update(Owner).values(name="never"))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await board.scope("potsdam").run(fails)
    used = uses(board)
    assert await ask(board) == first
    assert used()["hit"] == 1


async def test_only_changes_of_the_tables_behind_it_end_an_answer(board: World) -> None:
    await warm(board)
    await warm(board, WITH_ARTICLES, roles=("editor",))
    async with board.scope("potsdam").write() as ctx:
        await ctx.session.sql("UPDATE shop_thing SET rank = 1 WHERE tenant_id = :tenant_id")
        await ctx.session.sql("UPDATE shop_loan SET counts = true WHERE tenant_id = :tenant_id")
    used = uses(board)
    await ask(board)
    assert used() == {"hit": 1, "kept": 0, "passed": 0}
    await ask(board, WITH_ARTICLES, roles=("editor",))
    assert used() == {"hit": 1, "kept": 1, "passed": 0}


async def test_each_town_has_its_own_answers(board: World) -> None:
    await warm(board)
    await warm(board, slug="bad-belzig")
    await rename(board, "Only in Belzig", "bad-belzig")
    used = uses(board)
    assert "bad-belzig owner" not in str(await ask(board))
    assert used()["hit"] == 1
    assert "Only in Belzig" in str(await ask(board, slug="bad-belzig"))


async def test_callers_share_an_answer_exactly_if_their_rights_are_the_same(board: World) -> None:
    staff = await warm(board, WITH_ARTICLES, roles=("editor",), subject="ida")
    assert "under the mat" in str(staff)
    used = uses(board)
    assert await ask(board, WITH_ARTICLES, roles=("editor",), subject="otto") == staff
    assert used() == {"hit": 1, "kept": 0, "passed": 0}
    callers: tuple[dict[str, Any], ...] = ({}, {"subject": "otto"}, {"roles": ("caretaker",), "subject": "otto"})
    for caller in callers:
        assert "under the mat" not in str(await board.graphql("potsdam", WITH_ARTICLES, **caller))
        assert "ladder" not in str(await board.graphql("potsdam", WITH_ARTICLES, **caller))
    assert used()["hit"] == 1


async def test_variables_language_and_operation_are_part_of_the_question(board: World) -> None:
    document = """
        query A($name: String) { board { shopkeepers(filter: {name: $name}) { nodes { name } } } }
        query B { board { shopkeepers { nodes { id } } } }"""

    async def asked(name: str, operation: str = "A", language: str = "de") -> httpx.Response:
        return await board.client.post(
            "/potsdam/graphql",
            json={"query": document, "variables": {"name": name}, "operationName": operation},
            headers={"accept-language": language},
        )

    for _ in range(3):
        await asked("potsdam owner 0")
        await asked("potsdam owner 1")
    one, two = await asked("potsdam owner 0"), await asked("potsdam owner 1")
    assert (one.json() != two.json(), "owner 1" in two.text) == (True, True)
    used = uses(board)
    await asked("potsdam owner 1", "B")
    await asked("potsdam owner 1", language="en")
    assert used()["hit"] == 0
    await asked("potsdam owner 1")
    assert used()["hit"] == 1


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ("{ board { shopkeepers(filter: {mine: true}) { nodes { name } } } }", "the filter asks who calls"),
        ("{ board { terms { nodes { id isOver } } } }", "a field asks what time it is"),
        ("{ board { undeclared { nodes { name } } } }", "the root field does not say so"),
        ("{ board { shopkeepers { nodes { loans } } } }", "an expression reads a table that nobody watches"),
        ("{ shop { owners { nodes { name } } } }", "the type does not say so"),
        ("{ board { shopkeepers { nodes { name } } } shop { owners { nodes { name } } } }", "a part does not say so"),
        ("{ shop { search(text: \"a\") { nodes { score } } } }", "a resolver answers"),
    ],
)  # fmt: skip
async def test_other_answers_are_never_kept(board: World, document: str, why: str) -> None:
    # The loan's table is watched by its cacheable type; for this test it is as if there were none.
    loans = Base.metadata.tables["shop_loan"]
    if "nobody watches" in why:
        loans.info.pop(WATCHED, None)
    try:
        used = uses(board)
        for _ in range(4):
            await ask(board, document, roles=("editor",), subject="ida")
        assert used() == {"hit": 0, "kept": 0, "passed": 4}
    finally:
        loans.info[WATCHED] = True


async def test_another_shape_of_the_same_operation_brings_its_own_tables(board: World) -> None:
    document = """query Q($lends: Boolean) { board { shopkeepers(filter: {lends: $lends}) { nodes { name } } } }"""
    for _ in range(3):
        await ask(board, document)
        await ask(board, document, variables={"lends": True})
    lending = await ask(board, document, variables={"lends": True})
    assert len(lending["board"]["shopkeepers"]["nodes"]) == 3
    async with board.scope("potsdam").write() as ctx:
        (first,) = await ctx.session.scalars(sa.select(Owner).order_by(Owner.name).limit(1))
        await ctx.session.execute(sa.delete(Thing).where(Thing.owner_id == first.id))
    lending = await ask(board, document, variables={"lends": True})
    assert len(lending["board"]["shopkeepers"]["nodes"]) == 2


async def test_answers_with_errors_are_not_kept(board: World) -> None:
    used = uses(board)
    for _ in range(4):
        assert (await board.graphql("potsdam", WITH_ARTICLES)).errors
    assert used()["hit"] == used()["kept"] == 0


async def test_a_switch_of_plugins_ends_all_answers(board: World) -> None:
    await warm(board)
    await board.disable("potsdam", "board")
    assert (await board.graphql("potsdam", NAMES)).errors
    await board.enable("potsdam", "board")
    assert (await board.graphql("potsdam", NAMES)).errors == []


async def test_a_switch_in_another_process_ends_all_answers_at_once(board: World) -> None:
    from regiohub.clock import Clock
    from regiohub.platform import Platform
    from regiohub.tenancy.switches import switch

    from ..conftest import SHOP  # noqa: TID252 - the conftest of the folder above
    from .conftest import BOARD

    await warm(board)
    other = Platform(board.platform.settings, entries=(SHOP, BOARD), clock=Clock())
    await other.start()
    await switch(other, board.tenant("potsdam"), "board", on=False)
    await other.stop()
    # This process's own snapshot of the towns has not been refreshed by anybody yet.
    assert "board" in board.tenant("potsdam").enabled
    assert (await board.graphql("potsdam", NAMES)).errors


async def test_one_setting_turns_it_off(shop_database: Address, tmp_path: Path) -> None:
    async with opened_board(shop_database, tmp_path / "data", graphql_response_cache=False) as world:
        used = uses(world)
        await warm(world)
        assert used() == {"hit": 0, "kept": 0, "passed": 3}


async def test_without_a_look_at_the_counters_nothing_kept_is_used(
    board_sqlite: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await warm(board_sqlite)

    async def fails(*_: Any) -> Any:
        raise LookFailed("gone")

    monkeypatch.setattr(SqliteLooks, "look", fails)
    used = uses(board_sqlite)
    assert "potsdam owner 0" in str(await ask(board_sqlite))
    assert used() == {"hit": 0, "kept": 0, "passed": 1}


async def test_a_registered_document_that_may_be_kept_has_a_tag_for_persons_too(board: World) -> None:
    from regiohub.graphql.persisted.service import Draft, persist
    from regiohub.graphql.transport.service import GraphQLService

    town = board.tenant("potsdam")
    schema = GraphQLService.of(board.platform).schema_of(town)
    (entry,) = await persist(board.platform, town, schema.documents, "portal", [Draft("x", NAMES)])
    headers = board.headers("potsdam", subject="anna")
    for _ in range(2):
        await board.client.get("/potsdam/graphql", params={"documentId": entry.id}, headers=headers)
    answer = await board.client.get("/potsdam/graphql", params={"documentId": entry.id}, headers=headers)
    assert answer.headers["cache-control"] == "private, no-cache"
    known = headers | {"if-none-match": answer.headers["etag"]}
    used = uses(board)
    again = await board.client.get("/potsdam/graphql", params={"documentId": entry.id}, headers=known)
    assert (again.status_code, again.content, used()["hit"]) == (304, b"", 1)
    await rename(board, "Zoe")
    changed = await board.client.get("/potsdam/graphql", params={"documentId": entry.id}, headers=known)
    assert (changed.status_code, "Zoe" in changed.text) == (200, True)


async def test_metrics_say_by_which_way_operations_were_answered(board: World) -> None:
    await warm(board)
    await ask(board, '{ shop { search(text: "a") { nodes { score } } } board { shopkeepers { nodes { name } } } }')
    await ask(board, "{ nope }")
    text = (await board.client.get("/metrics")).text
    for way, number in (("plan", 2), ("cache", 1), ("mixed", 1), ("refused", 1)):
        assert f'regiohub_graphql_operations_total{{way="{way}"}} {number}.0' in text
    assert "regiohub_graphql_response_cache_bytes" in text


class Herd:
    """Writers and readers of one row at the same time, over the endpoint."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.committed = 0
        self.writing = 0
        self.old = 0
        self.reads = 0

    async def write(self, rounds: int, name: Callable[[int], str]) -> None:
        for _ in range(rounds):
            self.writing += 1
            number = self.writing
            async with self.world.scope("potsdam").write() as ctx:
                rows = await ctx.session.scalars(sa.select(Owner).order_by(Owner.id).with_for_update())
                (row, *_) = rows.all()
                known = int(row.name.rpartition(" ")[2])
                row.name = name(max(number, known))
            self.committed = max(self.committed, number)
            await asyncio.sleep(0)

    async def read(self, until: asyncio.Event) -> None:
        while not until.is_set():
            least = self.committed
            data = await ask(self.world)
            shown = max(int(row["name"].rpartition(" ")[2]) for row in data["board"]["shopkeepers"]["nodes"])
            self.reads += 1
            self.old += shown < least
            await asyncio.sleep(0)

    async def run(self, writers: int = 3, readers: int = 6, rounds: int = 15) -> None:
        until = asyncio.Event()

        async def write_all() -> None:
            await asyncio.gather(*(self.write(rounds, "number {}".format) for _ in range(writers)))
            until.set()

        await asyncio.gather(write_all(), *(self.read(until) for _ in range(readers)))


async def test_no_reader_sees_an_old_answer_after_a_writers_commit_has_returned(board: World) -> None:
    used = uses(board)
    await warm(board)
    herd = Herd(board)
    await herd.run()
    assert herd.reads > 50
    assert herd.old == 0
    assert used()["hit"] > 0, "the cache must have had its part in this"
    assert str(herd.writing) in str(await ask(board))


async def test_the_herd_notices_a_cache_that_does_not_look(board: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def trusting(*_: Any) -> bool:
        return True

    monkeypatch.setattr(ResponseCache, "is_true", trusting)
    await warm(board)
    herd = Herd(board)
    await herd.run(rounds=5)
    assert herd.old > 0


async def test_a_write_between_the_counters_and_the_rows_leaves_nothing_old(
    board: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = ResponseCache.look

    async def look_and_write(self: ResponseCache, *args: Any) -> Any:
        found = await look(self, *args)
        await rename(board, "changed meanwhile")
        return found

    await ask(board)
    monkeypatch.setattr(ResponseCache, "look", look_and_write)
    assert "changed meanwhile" in str(await ask(board))
    monkeypatch.undo()
    used = uses(board)
    assert "changed meanwhile" in str(await ask(board))
    assert used()["hit"] == 0, "the entry is newer than its counters say: not true any more, and never false"


def _never(*_: Any) -> Any:
    raise AssertionError("the looks are there already")


async def test_counters_that_are_read_after_the_rows_would_keep_old_answers(
    board: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order is the whole point, and the tests notice when it is turned round."""
    run = Prepared.run
    keep = ResponseCache.keep

    async def run_and_write(self: Prepared) -> Any:
        answer = await run(self)
        await rename(board, "changed meanwhile")
        return answer

    assert board.app, "the web application opens the looks"
    looks = board.platform.resources.get("core.looks", _never, _never)

    def keep_with_later_counters(self: ResponseCache, key: Any, _look: Any, plan: Any, body: bytes) -> None:
        with pytest.raises(StopIteration) as later:
            # On SQLite a look does not wait for anything.
            looks.look(board.tenant("potsdam").id).__await__().send(None)
        keep(self, key, later.value.value, plan, body)

    if board.dialect != "sqlite":
        pytest.skip("only on SQLite can a test look in between")
    await ask(board)
    monkeypatch.setattr(Prepared, "run", run_and_write)
    monkeypatch.setattr(ResponseCache, "keep", keep_with_later_counters)
    await ask(board)
    monkeypatch.undo()
    assert "changed meanwhile" not in str(await ask(board)), "the wrong order would give an old answer"


def plan(**facts: Any) -> Any:
    """What the cache looks at."""
    return SimpleNamespace(
        **(
            {"cacheable": True, "reads_person": False, "reads_clock": False, "tables": frozenset({"shop_owner"})}
            | facts
        )
    )


@asynccontextmanager
async def cache_of(template: SqliteTemplate, folder: Path, **changes: Any) -> AsyncGenerator[tuple[World, Any]]:
    with template.copy(folder) as address:
        async with opened_board(address, folder / "data", **changes) as world:
            yield world, ResponseCache(world.platform)


async def test_which_plans_may_be_kept(shop_file: SqliteTemplate, tmp_path: Path) -> None:
    async with cache_of(shop_file, tmp_path) as (world, cache):
        assert cache.may_keep(plan())
        for facts in (
            {"cacheable": False}, {"reads_person": True}, {"reads_clock": True},
            {"tables": frozenset({"shop_owner", "core_audit"})},
        ):  # fmt: skip
            assert not cache.may_keep(plan(**facts))
        assert not cache.may_keep(None)
        request = Request(NAMES, {}, None)
        assert cache.key(None, request, world.principal(), "de") is None, "nothing is kept at the region"
        town = world.tenant("potsdam")
        assert cache.key(town, Request("x" * 30_000), world.principal(), "de") is None
        assert cache.key(town, Request(NAMES, {"n": 2**70}), world.principal(), "de") is None
        one = cache.key(town, Request(NAMES, {"a": 1, "b": {"c": 2, "d": 3}}), world.principal(), "de")
        two = cache.key(town, Request(NAMES, {"b": {"d": 3, "c": 2}, "a": 1}), world.principal(), "de")
        assert one == two


def test_answers_are_bounded_by_their_bytes_and_the_least_used_go_first() -> None:
    shelf = Shelf(100_000)
    for number in range(200):
        shelf.put(number, 10, ("a",), (number,), b"x" * 1000)
        shelf.get(0)
        assert shelf.held <= 100_000
    assert shelf.get(0) is not None
    assert shelf.get(1) is None
    assert shelf.get(199) is not None
    shelf.put("large", 10, ("a",), (1,), b"x" * 50_000)
    assert shelf.get("large") is None
    before = shelf.held
    for number in range(50):
        shelf.put(199, 10, ("a",), (number,), b"y" * 1000)
    assert shelf.held == before
    entry = shelf.get(199)
    assert entry is not None
    assert entry.tag("application/json") == entity_tag(b"y" * 1000, "application/json")
