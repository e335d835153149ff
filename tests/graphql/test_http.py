"""GraphQL over HTTP: POST with JSON and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from regiohub.testing.world import World

TENANT = "{ tenant { slug } }"


async def test_get_executes_nothing(shop_sqlite: World) -> None:
    answer = await shop_sqlite.client.get("/potsdam/graphql", params={"query": TENANT})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert answer.json()["errors"][0]["extensions"]["code"] == "METHOD_NOT_ALLOWED"
    assert "data" not in answer.json()


async def test_browsers_get_graphiql_without_foreign_sources(shop_sqlite: World) -> None:
    for path, title in (("/potsdam/graphql", "Potsdam"), ("/region/graphql", "Region")):
        answer = await shop_sqlite.client.get(path, headers={"accept": "text/html,*/*;q=0.8"})
        assert answer.status_code == 200
        assert title in answer.text
        assert f'data-endpoint="{path}"' in answer.text
        assert "http://" not in answer.text
        assert "https://" not in answer.text
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[]", "BAD_REQUEST"),
        (b'[{"query": "{ tenant { slug } }"}]', "BAD_REQUEST"),
        (b"not json", "BAD_REQUEST"),
        (b'"text"', "BAD_REQUEST"),
        (b"{}", "BAD_REQUEST"),
        (b'{"query": 5}', "BAD_REQUEST"),
        (b'{"query": "{ tenant { slug } }", "variables": []}', "BAD_REQUEST"),
        (b'{"query": "{ tenant { slug } }", "operationName": 1}', "BAD_REQUEST"),
        (b"\xff\xfe", "BAD_REQUEST"),
    ],
)
async def test_malformed_bodies_are_refused(shop_sqlite: World, body: bytes, code: str) -> None:
    answer = await shop_sqlite.client.post(
        "/potsdam/graphql", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql", ""],
)
async def test_other_media_types_are_refused(shop_sqlite: World, kind: str) -> None:
    body = b'{"query": "{ tenant { slug } }"}'
    answer = await shop_sqlite.client.post("/potsdam/graphql", content=body, headers={"content-type": kind})
    assert answer.status_code == 415


async def test_a_large_body_is_refused(shop_sqlite: World) -> None:
    answer = await shop_sqlite.client.post("/potsdam/graphql", json={"query": "#" * 1_100_000})
    assert answer.status_code == 413


async def test_statuses_follow_the_media_type_that_the_client_accepts(shop_sqlite: World) -> None:
    async def post(document: str, accept: str) -> tuple[int, str]:
        answer = await shop_sqlite.client.post("/potsdam/graphql", json={"query": document}, headers={"accept": accept})
        return answer.status_code, answer.headers["content-type"]

    new, old = "application/graphql-response+json", "application/json"
    assert await post("{ nope }", new) == (400, new)
    assert await post("{ nope }", old) == (200, old)
    assert await post(TENANT, f"{new}, {old};q=0.9") == (200, new)


async def test_a_bad_token_is_refused_and_never_anonymous(shop_sqlite: World) -> None:
    for header in ("Bearer nonsense", "Basic YTpi"):
        answer = await shop_sqlite.client.post(
            "/potsdam/graphql", json={"query": TENANT}, headers={"authorization": header}
        )
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
        assert "data" not in answer.json()


async def test_each_town_has_its_own_endpoint_and_schema_text(shop_sqlite: World) -> None:
    for slug in ("potsdam", "berlin"):
        answer = await shop_sqlite.client.post(f"/{slug}/graphql", json={"query": TENANT})
        assert answer.json() == {"data": {"tenant": {"slug": slug}}}
    texts = {
        path: (await shop_sqlite.client.get(f"/{path}/schema.graphql")).text for path in ("potsdam", "berlin", "region")
    }
    assert "type Thing " in texts["potsdam"]
    assert "type Thing " not in texts["berlin"]
    assert "type RegionThing " in texts["region"]
    assert (await shop_sqlite.client.post("/nowhere/graphql", json={"query": TENANT})).status_code == 404


async def test_parallel_root_fields_share_one_snapshot(shop: World) -> None:
    document = "{ " + " ".join(f"a{n}: shop {{ things(first: 1) {{ nodes {{ name }} }} }}" for n in range(8)) + " }"
    answer = await shop.graphql("potsdam", document)
    assert answer.errors == []
    assert len(answer.data) == 8


async def test_export_prints_what_the_town_serves(shop_sqlite: World) -> None:
    from regiohub.graphql.transport.routes import schema_text

    served: Any = await shop_sqlite.client.get("/potsdam/schema.graphql")
    assert schema_text(shop_sqlite.platform) == served.text
    assert "type RegionThing " in schema_text(shop_sqlite.platform, region=True)
    assert "type Thing " not in schema_text(shop_sqlite.platform, frozenset())
