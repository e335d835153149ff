"""An HTTP client whose every connection is looked at by the guard first, those of redirects included."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING, Any, cast

import httpcore
import httpx

from .guard import OutgoingRefused

if TYPE_CHECKING:
    from .guard import Guard


def http_client(guard: Guard, *, seconds: float, most_bytes: int) -> httpx.AsyncClient:
    """A client for calls to a town's vendors; see `regiohub.api.outgoing.http_client`."""
    # No proxy, no .netrc from the environment: what the guard has looked at is what gets called.
    return httpx.AsyncClient(
        transport=_Transport(guard, seconds, most_bytes),
        timeout=seconds,
        trust_env=False,
        follow_redirects=False,
        headers={"accept-encoding": "identity", "user-agent": "regiohub"},
    )


class _Transport(httpx.AsyncHTTPTransport):
    def __init__(self, guard: Guard, seconds: float, most_bytes: int) -> None:
        context = ssl.create_default_context()
        super().__init__(verify=context, trust_env=False)
        self._guard, self._seconds, self._most = guard, seconds, most_bytes
        # httpx has no argument for it. The pool keeps connections by host name, so that no certificate is mixed up.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context, network_backend=_Backend(guard), max_connections=20, keepalive_expiry=30
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it, and have the answer's body within the limits."""
        url = request.url
        port = url.port or (443 if url.scheme == "https" else 80)
        if url.scheme != "https" and not self._guard.is_listed(url.host, port):
            # Credentials and codes do not cross the open internet in the clear.
            raise OutgoingRefused(str(url.copy_with(userinfo=b"", path="/", query=None))[:200])
        ends = asyncio.get_running_loop().time() + self._seconds
        try:
            async with asyncio.timeout_at(ends):
                answer = await super().handle_async_request(request)
        except TimeoutError as error:
            raise httpx.ReadTimeout(f"no answer within {self._seconds} s", request=request) from error
        stream = _Body(answer.stream, request, ends, self._most)
        if answer.headers.get("content-encoding", "identity") != "identity":
            # A few packed bytes can be a flood unpacked; we asked for plain ones.
            await stream.aclose()
            raise httpx.DecodingError("the answer is compressed, which was not asked for", request=request)
        return httpx.Response(
            answer.status_code, headers=answer.headers, stream=stream, extensions=answer.extensions, request=request
        )


class _Body(httpx.AsyncByteStream):
    """An answer's body: no longer than allowed, no later than allowed."""

    def __init__(self, inner: Any, request: httpx.Request, ends: float, most: int) -> None:
        self._inner, self._request, self._ends, self._most = inner, request, ends, most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        parts, passed = aiter(self._inner), 0
        while True:
            try:
                async with asyncio.timeout_at(self._ends):
                    part = await anext(parts)
            except StopAsyncIteration:
                return
            except TimeoutError as error:
                raise httpx.ReadTimeout("the answer does not end", request=self._request) from error
            passed += len(part)
            if passed > self._most:
                raise httpx.ReadError(f"the answer has more than {self._most} bytes", request=self._request)
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Backend(httpcore.AsyncNetworkBackend):
    """Connects to an address that the guard has permitted; the name is not looked up a second time."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._inner = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection, to the first of the permitted addresses that answers."""
        fault: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in await self._guard.addresses(host, port):
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
        assert fault is not None
        raise fault

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - as above
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Never: no address leads to one."""
        raise OutgoingRefused(path)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
