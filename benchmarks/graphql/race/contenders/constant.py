"""The least that a route can do: the same bytes each time, with and without the token check, on bare ASGI."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from regiohub.errors import DomainError

from .gate import Gate, read_body, refuse, respond


class Constant:
    """Answers with the file `constant/<query>.json` of the data folder, which is as long as the real answer."""

    def __init__(self, *, checked: bool) -> None:
        self._gate = Gate()
        self._checked = checked
        self._folder = self._gate.settings.data_dir / "constant"
        self._bodies: dict[str, bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or start and stop."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        await read_body(receive)
        query = scope["path"].rpartition("/")[2]
        body = self._bodies.get(query)
        if body is None:
            body = self._bodies[query] = (self._folder / f"{query}.json").read_bytes()
        try:
            if self._checked:
                await self._gate.admit_scope(scope)
            await respond(send, body)
        except DomainError as error:
            await refuse(send, error)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            kind = (await receive())["type"]
            if kind == "lifespan.startup":
                await self._gate.open()
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                return


def app() -> ASGIApp:
    """With the token check that every contender makes."""
    return Constant(checked=True)


def bare_app() -> ASGIApp:
    """Without it: the floor of server and loop."""
    return Constant(checked=False)
