"""Operation: health, readiness, metrics, logs that give nothing away."""

import errno
import io
import json
import logging
import shutil
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
import structlog

from regiohub.cli.examination import data_folder
from regiohub.logs import configure_logging, inform
from regiohub.settings import Settings

from .conftest import MakeSite, Site


@pytest.fixture
def json_logs() -> Iterator[Callable[[], str]]:
    """Logs as in production for one test; calling it gives the lines so far."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging(Settings(_env_file=None, log_format="json"))  # pyright: ignore[reportCallIssue]
    structlog.configure(cache_logger_on_first_use=False)
    lines = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(lines)
    yield lines.getvalue
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


async def test_liveness_asks_nothing(site: Site) -> None:
    await site.platform.database.close()
    assert (await site.get("/healthz")).text == "ok\n"


async def test_readiness_names_all_parts(site: Site) -> None:
    body = (await site.get("/readyz")).json()
    assert body["ok"] is True
    assert [check["name"] for check in body["checks"]] == ["database", "migrations", "plugins", "disk"]


async def test_readiness_says_why_not(make_site: MakeSite) -> None:
    site = await make_site("probe", "missing", strict_plugins=False)
    body = (await site.get("/readyz")).json()
    plugins = body["checks"][2]
    assert body["ok"] is True, "a plugin in quarantine must not take the others out of service"
    assert plugins["ok"] is False
    assert "missing" in plugins["reasons"][0]


async def test_a_disk_that_is_nearly_full_is_told_and_takes_nobody_out_of_service(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nearly_full(_folder: object) -> SimpleNamespace:
        return SimpleNamespace(free=12 * 1024**2)

    monkeypatch.setattr(shutil, "disk_usage", nearly_full)
    answer = await site.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["checks"][3] == {
        "name": "disk", "ok": False, "reasons": ["12 MiB left for the data folder"]
    }  # fmt: skip
    finding = data_folder(site.platform.settings)
    assert (finding.level, "only 12 MiB left" in finding.text) == ("warning", True)


def test_a_log_on_a_full_disk_fails_no_request(json_logs: Callable[[], str]) -> None:
    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(Full())
    inform("regiohub.access", "request", status=200)
    handler.setStream(there := io.StringIO())
    inform("regiohub.access", "request", status=201)
    assert json.loads(there.getvalue())["status"] == 201


async def test_unreachable_database_is_503_without_its_address(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:

    class Gone:
        def connect(self) -> None:
            raise OSError("could not reach db.internal as user secret")

    monkeypatch.setattr(site.platform.database, "reading", Gone())
    answer = await site.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"][0] == {"name": "database", "ok": False, "reasons": ["OSError"]}
    assert "secret" not in answer.text


async def test_metrics_count_by_template_and_never_by_address(site: Site) -> None:
    await site.get("/potsdam/probe/items/heron")
    await site.get("/potsdam/probe/crash")
    await site.get("/potsdam/measures/modellvorhaben")
    text = (await site.get("/metrics")).text
    labels = 'method="GET",route="/{tenant}/probe/items/{key}",status="200",tenant="potsdam"'
    assert f"regiohub_http_requests_total{{{labels}}} 1.0" in text
    assert 'route="/{tenant}/probe/crash",status="500"' in text
    assert 'route="/{tenant}/measures/{key}"' in text
    assert "heron" not in text
    assert 'regiohub_plugin_hook_calls_total{plugin="probe"}' in text
    assert 'regiohub_table_rows{table="core_measure"}' in text


async def test_metrics_can_be_off(make_site: MakeSite) -> None:
    site = await make_site(metrics=False)
    assert (await site.get("/metrics")).status_code == 404


async def test_security_contact_is_published_when_set(make_site: MakeSite) -> None:
    site = await make_site(security_contact="mailto:security@example.org")
    text = (await site.get("/.well-known/security.txt")).text
    assert "Contact: mailto:security@example.org" in text
    assert "Expires: 2026-11-28T00:00:00Z" in text


async def test_development_issuer_publishes_its_keys(site: Site) -> None:
    configuration = (await site.get("/auth/dev/.well-known/openid-configuration")).json()
    assert configuration["dev"] is True
    keys = (await site.get(configuration["jwks_uri"])).json()["keys"]
    assert keys[0]["kty"] == "EC"
    assert "d" not in keys[0]


async def test_no_development_issuer_no_routes(make_site: MakeSite) -> None:
    site = await make_site(dev_issuer=False)
    assert (await site.get("/auth/dev/jwks.json")).status_code == 404


async def test_request_id_of_a_proxy_is_kept_and_nonsense_replaced(site: Site) -> None:
    kept = await site.get("/healthz", headers={"X-Request-ID": "abc-12345"})
    assert kept.headers["x-request-id"] == "abc-12345"
    replaced = await site.get("/healthz", headers={"X-Request-ID": "a b\n<script>"})
    assert "script" not in replaced.headers["x-request-id"]


async def test_log_lines_carry_town_and_id_but_no_query_no_address_no_token(
    site: Site, json_logs: Callable[[], str]
) -> None:
    headers = site.auth("potsdam", ["editor"]) | {"X-Request-ID": "request-4711"}
    await site.get("/potsdam/probe/items/private-name?q=depression", headers=headers)
    await site.get("/potsdam/probe/crash?q=depression", headers={"Authorization": "Bearer abc.def.ghi"})
    logged = json_logs()
    line = next(json.loads(text) for text in logged.splitlines() if '"event": "request"' in text)
    assert (line["tenant"], line["request_id"], line["status"]) == ("potsdam", "request-4711", 200)
    assert line["route"] == "/{tenant}/probe/items/{key}"
    for secret in ("depression", "private-name", "abc.def", headers["Authorization"][7:40]):
        assert secret not in logged


async def test_tracebacks_in_the_log_show_no_local_variables(site: Site, json_logs: Callable[[], str]) -> None:
    await site.get("/potsdam/probe/crash")
    logged = json_logs()
    assert "RuntimeError" in logged
    assert '"locals"' not in logged
