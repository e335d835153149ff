"""The way of operations stands in front of the web framework and keeps everything that its layers do."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

from regiohub.auth.keys import CachedKeys
from regiohub.auth.registry import TrustedIssuer
from regiohub.logs import configure_logging
from regiohub.settings import Settings
from regiohub.testing.databases import SqliteTemplate
from regiohub.testing.world import World

from ..conftest import opened  # noqa: TID252 - the conftest of the folder above

TENANT = "{ tenant { slug } }"
APP = "https://app.potsdam.example"
GREET = 'mutation { greet(words: "hello") { words errors { __typename } } }'


@asynccontextmanager
async def world_with(template: SqliteTemplate, folder: Path, **changes: Any) -> AsyncGenerator[World]:
    with template.copy(folder) as address:
        async with opened(address, folder / "data", **changes) as world:
            yield world


async def post(world: World, path: str = "/potsdam/graphql", document: str = TENANT, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await world.client.post(path, json={"query": document}, headers=named)


async def raw(world: World, messages: list[dict[str, Any]], **changes: Any) -> list[dict[str, Any]]:
    """Call the application as a server does, and return what it sends."""
    sent: list[dict[str, Any]] = []
    waiting = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(waiting)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/potsdam/graphql", "raw_path": b"/potsdam/graphql", "query_string": b"", "root_path": "",
        "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")], "client": None, "server": None,
    }  # fmt: skip
    await world.app(scope | changes, receive, send)
    return sent


async def test_operations_do_not_reach_the_layers_of_the_framework(shop_sqlite: World) -> None:
    class Reached(Exception):
        pass

    async def outermost(*_: Any) -> None:
        raise Reached

    shop_sqlite.app.middleware_stack = outermost
    assert (await post(shop_sqlite)).json() == {"data": {"tenant": {"slug": "potsdam"}}}
    with pytest.raises(Reached):
        await shop_sqlite.client.get("/potsdam/graphql")


async def test_every_answer_has_a_number_and_the_protective_headers(shop_sqlite: World) -> None:
    answers = [await post(shop_sqlite), await post(shop_sqlite, authorization="Bearer no")]
    for answer in answers:
        assert len(answer.headers["x-request-id"]) == 32
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "geolocation" in answer.headers["permissions-policy"]
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in answer.headers
        assert int(answer.headers["content-length"]) == len(answer.content)
    assert answers[0].headers["x-request-id"] != answers[1].headers["x-request-id"]


async def test_the_number_that_a_proxy_gave_is_kept_if_it_looks_like_one(shop_sqlite: World) -> None:
    assert (await post(shop_sqlite, x_request_id="proxy-0123456789")).headers["x-request-id"] == "proxy-0123456789"
    assert "<" not in (await post(shop_sqlite, x_request_id="<script>1234")).headers["x-request-id"]


async def test_https_installations_ask_browsers_to_stay_on_https(shop_file: SqliteTemplate, tmp_path: Path) -> None:
    # World makes tokens with the built-in issuer, which https refuses: so the application alone.
    from regiohub.web.app import create_app

    async with world_with(shop_file, tmp_path) as world:
        changes = {"public_url": "https://regio.example", "dev_issuer": False}
        world.platform.settings = world.platform.settings.model_copy(update=changes)
        transport = httpx.ASGITransport(app=create_app(world.platform))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answer = await client.post("/potsdam/graphql", json={"query": TENANT})
        assert "max-age" in answer.headers["strict-transport-security"]


async def test_metrics_carry_the_same_names_and_labels_as_elsewhere(shop_sqlite: World) -> None:
    await post(shop_sqlite)
    await post(shop_sqlite, authorization="Bearer no")
    await post(shop_sqlite, "/region/graphql", "{ __typename }")
    text = (await shop_sqlite.client.get("/metrics")).text
    for labels in (
        'method="POST",route="/{tenant}/graphql",status="200",tenant="potsdam"',
        'method="POST",route="/{tenant}/graphql",status="401",tenant="potsdam"',
        'method="POST",route="/region/graphql",status="200",tenant=""',
    ):
        assert f"regiohub_http_requests_total{{{labels}}} 1.0" in text
    assert 'regiohub_http_request_seconds_count{method="POST",route="/{tenant}/graphql"} 2.0' in text


@pytest.fixture
def log_lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Logs as in production for one test; calling it gives the lines so far."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    before = structlog.get_config()
    configure_logging(Settings(_env_file=None, log_format="json"))  # pyright: ignore[reportCallIssue]
    structlog.configure(cache_logger_on_first_use=False)
    lines = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(lines)
    yield lambda: [json.loads(line) for line in lines.getvalue().splitlines()]
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


async def test_one_line_of_log_for_each_request(
    shop_sqlite: World, log_lines: Callable[[], list[dict[str, Any]]]
) -> None:
    answer = await post(shop_sqlite, document="{ tenant { slug } } # private words", x_request_id="number-of-proxy")
    assert answer.status_code == 200
    (line,) = [line for line in log_lines() if line["event"] == "request"]
    assert line["logger"] == "regiohub.access"
    assert (line["method"], line["route"], line["status"]) == ("POST", "/{tenant}/graphql", 200)
    assert (line["tenant"], line["request_id"]) == ("potsdam", "number-of-proxy")
    assert isinstance(line["ms"], float)
    assert "private words" not in str(log_lines())


async def test_unknown_towns_are_404_with_near_names(shop_sqlite: World) -> None:
    answer = await post(shop_sqlite, "/potsdamm/graphql", accept_language="en")
    assert (answer.status_code, answer.json()["code"], answer.json()["near"]) == (404, "UNKNOWN_TENANT", ["potsdam"])
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/console/graphql", "/auth/graphql", "/potsdam/x/graphql", "/graphql", "/x%00/graphql"]
)
async def test_other_addresses_are_no_endpoints(shop_sqlite: World, path: str) -> None:
    assert (await post(shop_sqlite, path)).status_code in (400, 404)


@pytest.mark.parametrize(
    ("host", "path", "slug"),
    [
        ("potsdam.test", "/graphql", "potsdam"),
        ("POTSDAM.test:8443", "/potsdam/graphql", "potsdam"),
        ("berlin.regio.example", "/graphql", "berlin"),
        ("api.belzig.example", "/graphql", "bad-belzig"),
        ("unknown.example", "/berlin/graphql", "berlin"),
    ],
)
async def test_host_names_name_the_town(
    shop_file: SqliteTemplate, tmp_path: Path, host: str, path: str, slug: str
) -> None:
    changes = {"base_domain": "regio.example", "host_names": {"api.belzig.example": "bad-belzig"}}
    async with world_with(shop_file, tmp_path, **changes) as world:
        answer = await post(world, path, host=host)
        assert answer.json() == {"data": {"tenant": {"slug": slug}}}
        assert (await post(world, "/bad-belzig/graphql", host="potsdam.test")).status_code == 404


async def test_the_region_is_the_region_on_a_towns_host_too(shop_sqlite: World) -> None:
    answer = await post(shop_sqlite, "/region/graphql", "{ tenants { slug } }", host="potsdam.test")
    assert len(answer.json()["data"]["tenants"]) == 3
    page = await shop_sqlite.client.get("/region/graphql", headers={"accept": "text/html", "host": "potsdam.test"})
    assert "Region" in page.text


async def test_a_switch_of_plugins_counts_with_the_next_request(shop_sqlite: World) -> None:
    shop = "{ shop { things(first: 1) { totalCount } } }"
    assert "data" in (await post(shop_sqlite, document=shop)).json()
    await shop_sqlite.disable("potsdam", "shop")
    assert "errors" in (await post(shop_sqlite, document=shop)).json()


async def test_origins_of_the_town_and_of_the_settings_may_call(shop_file: SqliteTemplate, tmp_path: Path) -> None:
    async with world_with(shop_file, tmp_path, cors_origins=(APP,)) as world:
        allowed = await post(world, origin=APP)
        assert allowed.headers["access-control-allow-origin"] == APP
        assert "x-request-id" in allowed.headers["access-control-expose-headers"].lower()
        assert "Origin" in allowed.headers["vary"]
        assert "access-control-allow-credentials" not in allowed.headers
        assert "access-control-allow-origin" not in (await post(world, origin="https://evil.example")).headers
        refused = await post(world, origin=APP, authorization="Bearer no")
        assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, APP)
        asked = {"Origin": APP, "Access-Control-Request-Method": "POST"}
        asked |= {"Access-Control-Request-Headers": "authorization,content-type"}
        for path in ("/potsdam/graphql", "/region/graphql"):
            preflight = await world.client.options(path, headers=asked)
            assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (200, APP)
            assert "POST" in preflight.headers["access-control-allow-methods"]
        evil = await world.client.options("/potsdam/graphql", headers=asked | {"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in evil.headers


async def test_without_origins_nobody_elses_page_may_call(shop_sqlite: World) -> None:
    assert "access-control-allow-origin" not in (await post(shop_sqlite, origin=APP)).headers


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_beyond_the_limit_is_413(shop_file: SqliteTemplate, tmp_path: Path, announced: bool) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"x" * 100

    async with world_with(shop_file, tmp_path, body_max_bytes=2048) as world:
        content: Any = b"x" * 3000 if announced else pieces()
        answer = await world.client.post(
            "/potsdam/graphql", content=content, headers={"content-type": "application/json"}
        )
        assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.json()["request_id"] == answer.headers["x-request-id"]
        body = json.dumps({"query": TENANT}).encode().ljust(2048)
        fits = await world.client.post("/potsdam/graphql", content=body, headers={"content-type": "application/json"})
        assert fits.json() == {"data": {"tenant": {"slug": "potsdam"}}}


async def test_a_body_in_pieces_below_the_limit_is_put_together(shop_sqlite: World) -> None:
    body = json.dumps({"query": TENANT}).encode()
    parts = [{"type": "http.request", "body": body[at : at + 7], "more_body": True} for at in range(0, len(body), 7)]
    sent = await raw(shop_sqlite, [*parts, {"type": "http.request", "body": b"", "more_body": False}])
    assert json.loads(sent[1]["body"]) == {"data": {"tenant": {"slug": "potsdam"}}}


async def test_clients_that_leave_before_they_have_said_what_are_recorded_and_not_answered(shop_sqlite: World) -> None:
    begun = {"type": "http.request", "body": b'{"query":', "more_body": True}
    assert await raw(shop_sqlite, [begun, {"type": "http.disconnect"}]) == []
    text = (await shop_sqlite.client.get("/metrics")).text
    assert 'method="POST",route="/{tenant}/graphql",status="499",tenant="potsdam"' in text


async def test_forms_of_other_sites_are_refused_before_anything_runs(shop_sqlite: World) -> None:
    # What a page of another site can send without asking first: these three types, and none.
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None):
        headers = {} if kind is None else {"content-type": kind}
        body = json.dumps({"query": GREET}).encode()
        answer = await shop_sqlite.client.post("/potsdam/graphql", content=body, headers=headers)
        assert answer.status_code == 415
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNSUPPORTED_MEDIA_TYPE"
        assert "data" not in answer.json()


async def test_a_machine_of_another_town_is_403(shop_sqlite: World) -> None:
    token = shop_sqlite.token("bad-belzig", roles=("graphql.write",), machine=True)
    answer = await post(shop_sqlite, authorization=f"Bearer {token}")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (403, "FOREIGN_TENANT")


async def test_an_issuer_without_keys_is_503(shop_sqlite: World) -> None:
    async def fails() -> dict[str, Any]:
        raise OSError

    name = "https://login.example.org"
    shop_sqlite.app.state.web.identity.issuers.add(TrustedIssuer(name, CachedKeys(fails)))
    header, payload, signature = shop_sqlite.token("potsdam").split(".")
    import base64

    content = json.loads(base64.urlsafe_b64decode(payload + "=="))
    changed = base64.urlsafe_b64encode(json.dumps(content | {"iss": name}).encode()).decode().rstrip("=")
    answer = await post(shop_sqlite, authorization=f"Bearer {header}.{changed}.{signature}")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (503, "ISSUER_UNAVAILABLE")


async def test_an_ended_token_is_401_and_says_so(shop_sqlite: World) -> None:
    token = shop_sqlite.token("potsdam")
    assert (await post(shop_sqlite, authorization=f"Bearer {token}")).status_code == 200
    shop_sqlite.clock.advance(timedelta(hours=24))
    answer = await post(shop_sqlite, authorization=f"Bearer {token}")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (401, "TOKEN_EXPIRED")
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def test_public_mutations_are_limited_by_client_and_town(shop_file: SqliteTemplate, tmp_path: Path) -> None:
    async with world_with(shop_file, tmp_path, rate_public_per_minute=0.01, rate_public_burst=2) as world:
        codes = [
            [error["extensions"]["code"] for error in (await post(world, document=GREET)).json().get("errors", ())]
            for _ in range(3)
        ]
        assert codes == [[], [], ["TOO_MANY"]]
        assert "errors" not in (await post(world, "/bad-belzig/graphql", GREET)).json()
        assert "errors" not in (await post(world)).json(), "queries are not limited"


async def test_limits_hold_on_this_way(shop_file: SqliteTemplate, tmp_path: Path) -> None:
    async with world_with(shop_file, tmp_path, graphql_max_aliases=2, graphql_max_roots=3) as world:
        for document, limit in (
            ("{ a: __typename b: __typename c: __typename }", "aliases"),
            ("{ tenant { slug } plugins { id } measures { totalCount } __typename }", "roots"),
        ):
            (error,) = (await post(world, document=document)).json()["errors"]
            assert (error["extensions"]["code"], error["extensions"]["limit"]) == ("OPERATION_TOO_LARGE", limit)


async def test_a_fault_is_500_with_a_number_and_without_a_word_of_the_inside(
    shop_sqlite: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import TimeoutError as PoolTimeoutError

    for fault, status in ((RuntimeError("secret detail"), 500), (PoolTimeoutError("QueuePool"), 503)):

        def fails(_tenant: Any, fault: Exception = fault) -> None:
            raise fault

        monkeypatch.setattr(shop_sqlite.platform.tenants, "by_id", fails)
        answer = await post(shop_sqlite)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["request_id"] == answer.headers["x-request-id"]
        assert "secret" not in answer.text
        assert answer.headers.get("retry-after") == ("5" if status == 503 else None)
        page = await post(shop_sqlite, accept="text/html")
        assert page.headers["content-type"].startswith("text/html")
        assert "default-src 'none'" in page.headers["content-security-policy"]
        monkeypatch.undo()


async def test_answers_come_in_the_language_of_the_caller(shop_sqlite: World) -> None:
    german = (await post(shop_sqlite, authorization="Bearer no")).json()["errors"][0]["message"]
    english = (await post(shop_sqlite, authorization="Bearer no", accept_language="en")).json()["errors"][0]["message"]
    by_query = await post(shop_sqlite, "/potsdam/graphql?lang=en", authorization="Bearer no")
    assert (german, english) == ("Die Anmeldung ist ungültig.", "The sign-in is not valid.")
    assert by_query.json()["errors"][0]["message"] == english


async def test_many_at_once_keep_their_own_town_and_caller(shop: World) -> None:
    tokens = {slug: shop.token(slug, roles=("editor",)) for slug in ("potsdam", "bad-belzig")}
    document = "{ tenant { slug } shop { staff(first: 1) { nodes { name } } } }"

    async def ask(slug: str, token: str | None) -> tuple[str, bool]:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        body = (await post(shop, f"/{slug}/graphql", document, **headers)).json()
        return body["data"]["tenant"]["slug"], "errors" in body

    asked = [(slug, token) for _ in range(5) for slug in tokens for token in (tokens[slug], None, tokens["potsdam"])]
    answers = await asyncio.gather(*(ask(*pair) for pair in asked))
    assert answers == [(slug, token != tokens[slug]) for slug, token in asked]
