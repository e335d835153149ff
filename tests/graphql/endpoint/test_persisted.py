"""Registered documents: by POST and GET, with entity tags, and nothing by anybody who merely asks."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from regiohub.audit.models import AuditEntry
from regiohub.errors import Forbidden, InvalidInput, NotFound
from regiohub.graphql.persisted.identifier import hash_in, hash_of, identifier
from regiohub.graphql.persisted.service import DocumentRefused, Draft, Registered, persist, registered, remove
from regiohub.graphql.transport.service import GraphQLService
from regiohub.testing.world import World

TENANT = "query Town { tenant { slug } }"
NAMED = "query ($name: String!) { shop { thingNamed(name: $name) { name } } }"
GREET = 'mutation { greet(words: "hello") { words } }'
BY_RIGHT = "{ shop { things(first: 12) { nodes { name } } } }"
NEW = "application/graphql-response+json"


async def register(world: World, *documents: str, slug: str = "potsdam", client: str = "town-app") -> list[Registered]:
    schema = GraphQLService.of(world.platform).schema_of(world.tenant(slug))
    drafts = [Draft(f"{number}.graphql", text) for number, text in enumerate(documents)]
    return await persist(world.platform, world.tenant(slug), schema.documents, client, drafts)


async def get(world: World, path: str = "/potsdam/graphql", **params: Any) -> httpx.Response:
    headers: dict[str, str] = params.pop("headers", {})
    return await world.client.get(path, params=params, headers=headers)


async def post(world: World, path: str = "/potsdam/graphql", **body: Any) -> httpx.Response:
    return await world.client.post(path, json=body, headers={"accept": NEW})


def test_identifiers_are_those_of_the_appendix_on_persisted_documents() -> None:
    assert identifier("query($id:ID!){user(id:$id){name}}") == (
        "sha256:71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b"
    )
    assert hash_in("sha256:" + "a" * 64) == hash_in("a" * 64) == "a" * 64
    for wrong in ("", "sha256:", "md5:" + "a" * 64, "sha256:" + "A" * 64, "a" * 63, "sha256:sha256:" + "a" * 64):
        assert hash_in(wrong) is None


@pytest.mark.parametrize("form", ["documentId", "extensions"])
async def test_a_registered_document_runs_by_its_identifier(shop: World, form: str) -> None:
    (entry,) = await register(shop, NAMED)
    assert entry.operations == ("query",)
    given: Any = {"documentId": entry.id}
    if form == "extensions":
        given = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_of(NAMED)}}}
    by_post = await post(shop, **given, variables={"name": "anvil"})
    assert by_post.json() == {"data": {"shop": {"thingNamed": {"name": "anvil"}}}}
    assert by_post.headers["cache-control"] == "no-store"
    params = {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}
    by_get = await get(shop, **params, variables='{"name":"ball"}')
    assert by_get.json() == {"data": {"shop": {"thingNamed": {"name": "ball"}}}}


async def test_nobody_registers_by_asking(shop: World) -> None:
    wanted = {"persistedQuery": {"version": 1, "sha256Hash": hash_of(TENANT)}}
    unknown = await post(shop, extensions=wanted)
    assert unknown.status_code == 400
    (error,) = unknown.json()["errors"]
    assert (error["message"], error["extensions"]["code"]) == ("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")
    # What clients of the older convention do next runs, and leaves no trace.
    assert (await post(shop, query=TENANT, extensions=wanted)).json() == {"data": {"tenant": {"slug": "potsdam"}}}
    assert (await post(shop, extensions=wanted)).status_code == 400
    assert (await get(shop, extensions=json.dumps(wanted))).json()["errors"][0]["message"] == "PersistedQueryNotFound"


async def test_unknown_documents_cost_no_statement(shop: World) -> None:
    await register(shop, TENANT)
    await post(shop, documentId=identifier(TENANT))
    with shop.statements() as statements:
        for name in (identifier("{ x }"), "nonsense", "sha256:zz", "x" * 100_000):
            assert (await post(shop, documentId=name)).status_code == 400
    assert statements == []


async def test_a_text_that_does_not_fit_its_identifier_is_refused(shop_sqlite: World) -> None:
    await register(shop_sqlite, TENANT)
    answer = await post(shop_sqlite, query=BY_RIGHT, documentId=identifier(TENANT))
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")


async def test_each_town_has_its_own_documents(shop: World) -> None:
    (entry,) = await register(shop, TENANT)
    for path in ("/bad-belzig/graphql", "/region/graphql"):
        assert "PersistedQueryNotFound" in (await post(shop, path, documentId=entry.id)).text
    await register(shop, TENANT, slug="bad-belzig")
    assert (await post(shop, "/bad-belzig/graphql", documentId=entry.id)).json()["data"]["tenant"]["slug"] == (
        "bad-belzig"
    )


async def test_get_runs_no_mutations(shop: World) -> None:
    (entry, both) = await register(shop, GREET, f"{TENANT} mutation Greet {GREET.removeprefix('mutation')}")
    assert entry.operations == ("mutation",)
    assert both.operations == ("query Town", "mutation Greet")
    refused = [await get(shop, documentId=entry.id), await get(shop, documentId=both.id, operationName="Greet")]
    for answer in refused:
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        assert "data" not in answer.json()
    assert (await get(shop, documentId=both.id, operationName="Town")).json()["data"]["tenant"]["slug"] == "potsdam"
    assert (await post(shop, documentId=entry.id)).json() == {"data": {"greet": {"words": "potsdam: hello"}}}


@pytest.mark.parametrize(
    "params",
    [
        {"query": TENANT},
        {"query": TENANT, "documentId": identifier(TENANT)},
        {"documentId": ""},
        {"extensions": "{}"},
    ],
)
async def test_get_runs_nothing_but_registered_documents(shop_sqlite: World, params: dict[str, str]) -> None:
    await register(shop_sqlite, TENANT)
    answer = await get(shop_sqlite, **params)
    assert answer.status_code in (400, 405)
    assert "data" not in answer.json()


@pytest.mark.parametrize(
    "address",
    [
        "variables=not+json", "variables=[]", "variables=5", "extensions=nonsense", "operationName=a&operationName=b",
        "variables=%00", "variables=%ff", "&".join(f"x{number}=1" for number in range(50)), "documentId=again",
    ],
)  # fmt: skip
async def test_malformed_addresses_are_refused(shop_sqlite: World, address: str) -> None:
    (entry,) = await register(shop_sqlite, TENANT)
    answer = await shop_sqlite.client.get(f"/potsdam/graphql?documentId={entry.id}&{address}")
    assert answer.status_code == 400
    assert "data" not in answer.json()


async def test_what_a_post_may_not_a_get_may_not_either(shop_sqlite: World) -> None:
    (entry, named) = await register(shop_sqlite, BY_RIGHT, NAMED)
    assert (await get(shop_sqlite, documentId=entry.id, headers={"authorization": "Bearer no"})).status_code == 401
    machine = shop_sqlite.token("bad-belzig", roles=("graphql.write",), machine=True)
    foreign = {"authorization": f"Bearer {machine}"}
    assert (await get(shop_sqlite, documentId=entry.id, headers=foreign)).status_code == 403
    assert (await get(shop_sqlite, "/potsdamm/graphql", documentId=entry.id)).status_code == 404
    nul = await get(shop_sqlite, documentId=named.id, variables='{"name":"a\\u0000"}', headers={"accept": NEW})
    assert "U+0000" in nul.json()["errors"][0]["message"]
    await shop_sqlite.disable("potsdam", "shop")
    off = await get(shop_sqlite, documentId=entry.id, headers={"accept": NEW})
    assert (off.status_code, off.headers["cache-control"]) == (400, "private, no-store")


async def test_limits_hold_for_registered_documents_with_their_variables(shop_sqlite: World) -> None:
    paged = "query ($n: Int!) { shop { things(first: $n) { nodes { loans(first: 100) { nodes { id } } } } } }"
    settings = shop_sqlite.platform.settings
    (entry,) = await register(shop_sqlite, paged)
    changed = settings.model_copy(update={"graphql_max_cost": 3000})
    object.__setattr__(shop_sqlite.platform, "settings", changed)
    small = await get(shop_sqlite, documentId=entry.id, variables='{"n":2}')
    assert "errors" not in small.json()
    large = await get(shop_sqlite, documentId=entry.id, variables='{"n":100}')
    assert large.json()["errors"][0]["extensions"]["limit"] == "cost"
    assert "etag" not in large.headers


async def test_browsers_get_the_answer_and_not_the_editor(shop_sqlite: World) -> None:
    (entry,) = await register(shop_sqlite, TENANT)
    answer = await get(shop_sqlite, documentId=entry.id, headers={"accept": "text/html"})
    assert answer.json() == {"data": {"tenant": {"slug": "potsdam"}}}
    assert "<html" in (await get(shop_sqlite, headers={"accept": "text/html"})).text


async def test_anonymous_answers_have_an_entity_tag_and_are_checked_each_time(shop: World) -> None:
    (entry,) = await register(shop, BY_RIGHT)
    first = await get(shop, documentId=entry.id)
    tag = first.headers["etag"]
    assert (tag[0], tag[-1]) == ('"', '"')
    assert first.headers["cache-control"] == "no-cache"
    assert {"Accept", "Accept-Language", "Authorization"} <= set(first.headers["vary"].split(", "))
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await get(shop, documentId=entry.id, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == "no-cache"
        assert again.headers["x-content-type-options"] == "nosniff"
        assert "content-type" not in again.headers
    assert (await get(shop, documentId=entry.id, headers={"if-none-match": '"other"'})).status_code == 200
    newer = await get(shop, documentId=entry.id, headers={"accept": NEW})
    assert newer.headers["etag"] != tag, "another type is another representation"


async def test_the_entity_tag_changes_with_the_answer(shop: World) -> None:
    (entry,) = await register(shop, BY_RIGHT)
    tag = (await get(shop, documentId=entry.id)).headers["etag"]
    async with shop.scope("potsdam").write() as ctx:
        await ctx.session.sql("UPDATE shop_thing SET name = 'aaa' WHERE tenant_id = :tenant_id AND name = 'anvil'")
    changed = await get(shop, documentId=entry.id, headers={"if-none-match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


async def test_answers_to_persons_are_kept_by_nobody(shop: World) -> None:
    (entry,) = await register(shop, BY_RIGHT)
    answer = await get(shop, documentId=entry.id, headers=shop.headers("potsdam", subject="anna"))
    assert answer.headers["cache-control"] == "private, no-store"
    assert "etag" not in answer.headers


async def test_answers_with_errors_are_kept_by_nobody(shop: World) -> None:
    (entry,) = await register(shop, "{ shop { staff { nodes { name } } } }")
    answer = await get(shop, documentId=entry.id)
    assert answer.json()["errors"]
    assert answer.headers["cache-control"] == "private, no-store"
    assert "etag" not in answer.headers


async def test_other_origins_may_get_within_the_rules_of_the_town(shop_sqlite: World) -> None:
    from regiohub.web.app import create_app

    (entry,) = await register(shop_sqlite, TENANT)
    app = "https://app.potsdam.example"
    shop_sqlite.platform.settings = shop_sqlite.platform.settings.model_copy(update={"cors_origins": (app,)})
    transport = httpx.ASGITransport(app=create_app(shop_sqlite.platform))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        answer = await client.get("/potsdam/graphql", params={"documentId": entry.id}, headers={"origin": app})
    assert answer.headers["access-control-allow-origin"] == app
    assert "Origin" in answer.headers["vary"]
    assert "etag" in answer.headers["access-control-expose-headers"].lower()


async def test_metrics_count_what_was_known(shop_sqlite: World) -> None:
    (entry,) = await register(shop_sqlite, TENANT)
    for name in (entry.id, entry.id, identifier("{ x }")):
        await post(shop_sqlite, documentId=name)
    text = (await shop_sqlite.client.get("/metrics")).text
    assert 'regiohub_graphql_persisted_total{known="yes"} 2.0' in text
    assert 'regiohub_graphql_persisted_total{known="no"} 1.0' in text


async def test_documents_that_could_not_run_are_not_registered(shop: World) -> None:
    for text, reason in (
        ("{ nope }", "nope"),
        ("{", "Syntax Error"),
        ("fragment F on Query { tenant { slug } }", "F"),
        ("{ " + "__typename " * 60 + "}", "repeats"),
        ("{ shop { things(first: 100) { nodes { loans(first: 100) { nodes { thing { loans(first: 100) { nodes { id } } } } } } } } }", "too many objects"),  # noqa: E501
    ):  # fmt: skip
        with pytest.raises(DocumentRefused) as caught:
            await register(shop, TENANT, text)
        assert "1.graphql" in caught.value.message.en
        assert reason in caught.value.message.en
    assert await registered(shop.platform, shop.tenant("potsdam")) == []


@pytest.mark.parametrize("client", ["", "Town App", "-x", "x" * 64, "a/b"])
async def test_clients_have_plain_names(shop_sqlite: World, client: str) -> None:
    with pytest.raises(InvalidInput):
        await register(shop_sqlite, TENANT, client=client)


async def test_registering_is_repeatable_and_audited(shop: World) -> None:
    for _ in range(2):
        await register(shop, TENANT, BY_RIGHT, TENANT)
    await register(shop, TENANT, client="portal")
    found = await registered(shop.platform, shop.tenant("potsdam"))
    assert [(entry.client, entry.id) for entry in found] == [
        ("portal", identifier(TENANT)), ("town-app", identifier(TENANT)), ("town-app", identifier(BY_RIGHT)),
    ]  # fmt: skip
    assert await registered(shop.platform, shop.tenant("potsdam"), "portal") == found[:1]
    async with shop.scope("potsdam").read() as ctx:
        wanted = sa.select(AuditEntry.object_id).where(AuditEntry.action == "tenant.documents_registered")
        assert sorted(map(str, await ctx.session.scalars(wanted))) == ["portal", "town-app"]


async def test_a_document_lives_as_long_as_one_client_has_it(shop: World) -> None:
    for client in ("town-app", "portal"):
        await register(shop, TENANT, client=client)
    town, name = shop.tenant("potsdam"), identifier(TENANT)
    await remove(shop.platform, town, "portal", [name])
    assert (await post(shop, documentId=name)).status_code == 200
    await remove(shop.platform, town, "town-app", [name])
    assert (await post(shop, documentId=name)).status_code == 400
    with pytest.raises(NotFound):
        await remove(shop.platform, town, "town-app", [name])


async def test_other_processes_learn_of_documents(shop: World) -> None:
    from regiohub.platform import Platform

    other = Platform(shop.platform.settings, entries=(), clock=shop.clock)
    await other.start()
    assert await other.persisted.find(shop.tenant("potsdam"), hash_of(TENANT)) is None
    await register(shop, TENANT)
    await other.tenants.refresh()
    assert await other.persisted.find(shop.tenant("potsdam"), hash_of(TENANT)) == TENANT
    await other.stop()


async def test_registering_is_for_those_who_may_change_the_towns_settings(shop_sqlite: World) -> None:
    town = shop_sqlite.tenant("potsdam")
    documents = GraphQLService.of(shop_sqlite.platform).schema_of(town).documents
    drafts = [Draft("x", TENANT)]
    anna = shop_sqlite.principal("potsdam", roles=("editor",))
    with pytest.raises(Forbidden):
        await persist(shop_sqlite.platform, town, documents, "x", drafts, principal=anna)
    with pytest.raises(Forbidden):
        await remove(shop_sqlite.platform, town, "x", [identifier(TENANT)], principal=anna)
    admin = shop_sqlite.principal("potsdam", roles=("tenant-admin",))
    assert await persist(shop_sqlite.platform, town, documents, "x", drafts, principal=admin)


async def test_subscriptions_may_be_registered_too(shop_sqlite: World) -> None:
    from ..sockets import connect  # noqa: TID252 - a helper of the folder above

    text = "subscription { counted(upto: 1) }"
    (entry,) = await register(shop_sqlite, text)
    assert (await get(shop_sqlite, documentId=entry.id)).json()["errors"]
    async with connect(shop_sqlite, "/potsdam/graphql") as socket:
        await socket.init(shop_sqlite.token("potsdam", roles=("editor",)))
        await socket.send({"type": "subscribe", "id": "1", "payload": {"documentId": entry.id}})
        assert (await socket.receive())["payload"] == {"data": {"counted": 1}}
