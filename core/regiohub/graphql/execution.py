"""One operation while it runs: the context value of the executor."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from types import SimpleNamespace
from typing import Any, cast

from regiohub.auth.permissions import PUBLIC, Permission
from regiohub.errors import DomainError, Forbidden, Unauthenticated

from .authoring.errors import TOP_LEVEL
from .authoring.spec import FieldSpec, MutationSpec, SubscriptionSpec
from .engine import values
from .engine.asked import Asked, Document, Info, details_of
from .engine.refusal import Refusal
from .engine.run import Run
from .engine.shape import shape_of
from .source import Source, TownSource

_PLAIN = "PlainError"


class Execution:
    """Root fields of a query share one snapshot and take turns; each mutation has a unit of work of its own.

    `gate` is asked before a public mutation and raises TooMany when the caller has had his share.
    """

    def __init__(self, source: Source, error_types: Mapping[type[Exception], str], gate: Callable[[], None]) -> None:
        self.source = source
        self._error_types = error_types
        self._gate = gate
        self._turn = asyncio.Lock()
        self._opened = AsyncExitStack()
        self._run: Run | None = None

    async def __aenter__(self) -> Execution:
        return self

    async def __aexit__(self, *exception: Any) -> None:
        self._run = None
        await self._opened.aclose()

    async def read(self, info: Info, given: dict[str, Any]) -> Any:
        """A root field of a query."""
        # A session is one connection: two statements at the same time would be refused by it.
        async with self._turn:
            run = await self._reading(info)
            asked = _asked(info, given)
            if not run.open([asked]):
                raise cast(Exception, asked.fault)
            return _or_raise((await values.attribute(run, asked, [None]))[0])

    async def change(self, info: Info, given: dict[str, Any]) -> Any:
        """A mutation: done completely and answered from what was written, or refused without a trace."""
        spec = cast(MutationSpec, _spec(info))
        self.require(spec.permission)
        if spec.permission == PUBLIC:
            self._gate()

        async def work(ctx: Any) -> Any:
            leading = [ctx] if spec.signature.ctx else []
            result = await spec.call(*leading, **spec.signature.arguments(given))
            await ctx.session.flush()
            run = Run(Document(info), ctx, {ctx.tenant.id: ctx.tenant})
            return await _payload(run, info, **{spec.returns or "_": result}, errors=[])

        try:
            return await self.source.run(work)
        except TOP_LEVEL:
            raise
        except DomainError as error:
            refusal = Refusal(error, self.source.locale, self._error_types, _PLAIN)
            async with self.source.reading() as (ctx, towns):
                nothing = {spec.returns or "_": None}
                return await _payload(Run(Document(info), ctx, towns), info, **nothing, errors=[refusal])

    async def follow(self, info: Info, given: dict[str, Any]) -> AsyncIterator[Any]:
        """The stream behind a subscription."""
        spec = cast(SubscriptionSpec, _spec(info))
        self.require(spec.permission)
        leading = [cast(TownSource, self.source).scope] if spec.signature.ctx else []
        return cast(AsyncIterator[Any], spec.call(*leading, **spec.signature.arguments(given)))

    async def show(self, info: Info, item: Any) -> Any:
        """One entry of a stream, read in a snapshot of its own."""
        async with self.source.reading() as (ctx, towns):
            run = Run(Document(info), ctx, towns)
            return _or_raise((await values.expand(run, info.return_type, details_of(info), [item]))[0])

    def require(self, permission: Permission | None) -> None:
        """Raise Unauthenticated or Forbidden unless the caller has the right."""
        principal = self.source.principal
        if permission is not None and not principal.can(permission):
            raise Unauthenticated() if principal.subject is None else Forbidden()

    async def _reading(self, info: Info) -> Run:
        if self._run is None:
            ctx, towns = await self._opened.enter_async_context(self.source.reading())
            self._run = Run(Document(info), ctx, towns, self.source.shared)
        return self._run


def _spec(info: Info) -> FieldSpec:
    return shape_of(info.parent_type).fields[info.field_name].spec


def _asked(info: Info, given: dict[str, Any]) -> Asked:
    shape = shape_of(info.parent_type).fields[info.field_name]
    field = info.parent_type.fields[info.field_name]
    return Asked(str(info.path.key), info.field_name, field, shape, details_of(info), given)


async def _payload(run: Run, info: Info, **content: Any) -> Any:
    found = await values.expand(run, info.return_type, details_of(info), [SimpleNamespace(**content)])
    return _or_raise(found[0])


def _or_raise(value: Any) -> Any:
    if isinstance(value, Exception):
        raise value
    return value
