"""The size limit of request bodies, also for those sent in pieces without a length."""

from fastapi import HTTPException as FastAPIHTTPException
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from regiohub.web.errors.problem import problem_for_status, respond


class BodyTooLarge(FastAPIHTTPException):
    """More bytes came than allowed. FastAPI's own class, because FastAPI turns others into "400" while it reads."""

    def __init__(self) -> None:
        super().__init__(413)


class BodyLimitMiddleware:
    """Refuses bodies of more than ``most`` bytes; nothing of them is kept in memory beyond the limit.

    Forms with files in the console may have ``uploads`` bytes: they are read for signed-in staff only, and from a disk.
    """

    def __init__(self, app: ASGIApp, most: int, uploads: int | None = None) -> None:
        self.app = app
        self.most = most
        self.uploads = max(most, uploads or 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Checks the announced length at once, and counts what really comes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self.uploads if carries_files(scope) else self.most
        if announced(scope) > most:
            await respond(scope, problem_for_status(413))(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise BodyTooLarge
            return message

        try:
            await self.app(scope, counted, send)
        except HTTPException as error:
            # Only reached if nobody inside answered, for example a plain ASGI endpoint.
            await respond(scope, problem_for_status(error.status_code))(scope, receive, send)


def carries_files(scope: Scope) -> bool:
    """Whether this is a form of the console that may carry files (RFC 7578)."""
    if not scope["path"].startswith("/console/"):
        return False
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    return kind.startswith(b"multipart/form-data")


def announced(scope: Scope) -> int:
    """Bytes that the header Content-Length promises; 0 without one."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
