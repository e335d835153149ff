"""The client of plugins: over real sockets, against vendors that lead astray, flood or fall asleep."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Sequence
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from regiohub.outgoing import Guard, OutgoingRefused
from regiohub.outgoing.client import http_client
from regiohub.testing.services.web import served

HERE = "127.0.0.1"


async def _names(request: Request) -> Response:
    return Response(request.headers["host"])


async def _away(request: Request) -> Response:
    return RedirectResponse(request.query_params["to"])


async def _flood(_: Request) -> Response:
    async def water() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"0" * 10_000

    return StreamingResponse(water())


async def _drips(_: Request) -> Response:
    async def water() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"0"
            await asyncio.sleep(0.05)

    return StreamingResponse(water())


async def _bomb(_: Request) -> Response:
    return Response(gzip.compress(b"0" * 10_000_000), headers={"content-encoding": "gzip"})


VENDOR = Starlette(
    routes=[Route("/names", _names), Route("/away", _away), Route("/flood", _flood), Route("/drips", _drips),
            Route("/bomb", _bomb)]
)  # fmt: skip


@pytest.fixture
async def vendor() -> AsyncIterator[int]:
    async with served(VENDOR) as address:
        yield urlsplit(address).port or 80


class Names:
    """A name server that answers each question with the next of its answers."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers, self.asked = list(answers), 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


async def test_a_listed_host_is_called_by_its_name_and_looked_up_once(vendor: int) -> None:
    names = Names([HERE], ["169.254.169.254"])
    guard = Guard([f"locks.example:{vendor}"], resolve=names)
    async with http_client(guard, seconds=5, most_bytes=1000) as client:
        answer = await client.get(f"http://locks.example:{vendor}/names")
    assert answer.text == f"locks.example:{vendor}"
    assert names.asked == 1, "a second look could be answered differently (DNS rebinding)"


async def test_a_name_that_leads_into_the_house_is_refused(vendor: int) -> None:
    async with http_client(Guard(resolve=Names([HERE])), seconds=5, most_bytes=1000) as client:
        with pytest.raises(OutgoingRefused) as refused:
            await client.get(f"https://vendor.example:{vendor}/names")
    assert refused.value.host == "vendor.example"
    assert HERE not in str(refused.value), "where the name leads is nobody's business"


async def test_one_closed_address_among_open_ones_closes_the_name() -> None:
    async with http_client(Guard(resolve=Names(["8.8.8.8", "10.0.0.1"])), seconds=5, most_bytes=1000) as client:
        with pytest.raises(OutgoingRefused):
            await client.get("https://vendor.example/")


async def test_an_unknown_name_gets_the_same_words_as_a_closed_one() -> None:
    async def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError(f"{host} is unknown")

    for guard in (Guard(resolve=unknown), Guard(resolve=Names([HERE])), Guard(resolve=Names([]))):
        with pytest.raises(OutgoingRefused) as refused:
            await guard.addresses("inner.example", 443)
        assert (refused.value.code, refused.value.status) == ("OUTGOING_REFUSED", 422)
        assert str(refused.value).startswith('"inner.example" is not allowed from here, or not known.')


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/", "https://[::1]/", "https://0x7f000001/", "https://2130706433/", "https://127.1/",
     "https://0177.0.0.1/", "https://localhost/", "https://[::ffff:127.0.0.1]/", "https://169.254.169.254/latest"],
)  # fmt: skip
async def test_every_way_to_write_this_machine_is_refused(url: str) -> None:
    async with http_client(Guard(), seconds=5, most_bytes=1000) as client:
        with pytest.raises((OutgoingRefused, httpx.InvalidURL)):
            await client.get(url)


async def test_plain_http_is_for_listed_hosts_only() -> None:
    async with http_client(Guard(resolve=Names(["8.8.8.8"])), seconds=5, most_bytes=1000) as client:
        with pytest.raises(OutgoingRefused, match=r"http://vendor\.example/"):
            await client.get("http://user:secret@vendor.example/private?code=1")


async def test_a_redirect_is_not_followed_and_one_that_is_followed_is_looked_at(vendor: int) -> None:
    guard = Guard([f"locks.example:{vendor}"], resolve=Names([HERE]))
    away = f"http://locks.example:{vendor}/away?to=http://metadata.example:{vendor}/names"
    async with http_client(guard, seconds=5, most_bytes=1000) as client:
        assert (await client.get(away)).status_code == 307
        with pytest.raises(OutgoingRefused) as refused:
            await client.get(away, follow_redirects=True)
    assert "metadata.example" in refused.value.host


async def test_only_listed_hosts_where_the_operator_says_so(vendor: int) -> None:
    guard = Guard(["127.0.0.0/8"], listed_only=True)
    async with http_client(guard, seconds=5, most_bytes=1000) as client:
        assert (await client.get(f"http://127.0.0.1:{vendor}/names")).status_code == 200
        with pytest.raises(OutgoingRefused):
            await client.get("https://8.8.8.8/")


@pytest.mark.parametrize(
    ("path", "fault"), [("flood", "more than 50000 bytes"), ("drips", "does not end"), ("bomb", "compressed")]
)
async def test_an_answer_that_floods_drips_or_explodes_is_cut_off(vendor: int, path: str, fault: str) -> None:
    async with http_client(Guard(loopback=True), seconds=1, most_bytes=50_000) as client:
        with pytest.raises(httpx.HTTPError, match=fault):
            await client.get(f"http://127.0.0.1:{vendor}/{path}")


async def test_the_environment_sends_nothing_elsewhere(vendor: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with http_client(Guard(loopback=True), seconds=5, most_bytes=1000) as client:
        assert (await client.get(f"http://127.0.0.1:{vendor}/names")).status_code == 200


async def test_a_socket_in_the_file_system_is_never_opened() -> None:
    from regiohub.outgoing.client import _Backend  # pyright: ignore[reportPrivateUsage]

    with pytest.raises(OutgoingRefused):
        await _Backend(Guard(loopback=True)).connect_unix_socket("/run/postgresql/.s.PGSQL.5432")
