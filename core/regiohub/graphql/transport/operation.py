"""One operation on a websocket."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from regiohub.auth.permissions import Permission
from regiohub.db.outages import outage_of
from regiohub.errors import DomainError, Forbidden, NotFound, Unauthenticated
from regiohub.events.faults import describe
from regiohub.graphql.answer import Answer, shown_domain
from regiohub.graphql.execute import Request, followed, stream
from regiohub.texts import t
from regiohub.web.request import REQUEST_ID, TENANT, client_of, language_of
from regiohub.web.state import web_state

if TYPE_CHECKING:
    from .connection import Connection

log = structlog.get_logger()


class PluginOff(NotFound):
    """The plugin behind a running subscription was switched off."""

    code = "PLUGIN_OFF"

    def __init__(self) -> None:
        super().__init__(t("Dieser Dienst ist abgeschaltet worden.", "This service has been switched off."))


class Operation:
    """Runs in a task of its own and sends what comes."""

    def __init__(self, connection: Connection, id_: str, request: Request) -> None:
        self.id = id_
        self._connection = connection
        self._request = request
        self._fields: dict[str, Permission | None] = {}
        self.task = asyncio.create_task(self._run())

    def refusal(self) -> DomainError | None:
        """Why this may not go on, or None if it may."""
        connection = self._connection
        composed = connection.service.schema_of(connection.socket.scope.get(TENANT))
        root = composed.schema.subscription_type
        if connection.principal.is_expired(connection.service.platform.clock.now()):
            return Unauthenticated(t("Die Anmeldung ist abgelaufen.", "The token has ended."))
        for name, permission in self._fields.items():
            if root is None or name not in root.fields:
                return PluginOff()
            if permission is not None and not connection.principal.can(permission):
                return Forbidden()
        return None

    async def _run(self) -> None:
        connection = self._connection
        service, socket = connection.service, connection.socket
        composed = service.schema_of(socket.scope.get(TENANT))
        try:
            tenant, limiter = socket.scope.get(TENANT), web_state(socket).limiter
            limiter.check("graphql", tenant.slug if tenant else "", client_of(socket))
            source = service.source(tenant, connection.principal, language_of(socket))
            request_id = socket.scope.get(REQUEST_ID, "-")
            terms = service.terms(tenant, limiter, connection.principal, client_of(socket), request_id)
            found = await stream(composed, self._request, source, terms)
            if isinstance(found, Answer):
                if found.executed:
                    await connection.send("next", self.id, found.body())
                else:
                    await connection.send("error", self.id, found.errors)
                    return
            else:
                # Known to be valid by now: what is refused is looked at once, not twice.
                self._fields = followed(composed, self._request, terms.limits)
                async for answer in found:
                    refusal = self.refusal()
                    if refusal is not None:
                        await connection.send("error", self.id, [shown_domain(refusal, source.locale)])
                        return
                    await connection.send("next", self.id, answer.body())
            await connection.send("complete", self.id)
        except DomainError as error:
            await connection.send("error", self.id, [shown_domain(error, language_of(socket))])
        except Exception as error:
            outage = outage_of(error)
            if outage is not None:
                log.error("storage_outage", code=outage.code, error=describe(error))
                await connection.send("error", self.id, [shown_domain(outage, language_of(socket))])
                return
            log.exception("subscription failed")
            await connection.send("error", self.id, [{"message": "Internal error", "extensions": {"code": "INTERNAL"}}])
        finally:
            connection.forget(self.id)
