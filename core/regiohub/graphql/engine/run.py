"""One operation in one unit of work: who asks, what may be seen, which session reads."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from regiohub.auth.permissions import Permission
from regiohub.errors import DomainError
from regiohub.graphql.authoring.spec import Bound

from . import apart
from .asked import Asked, Document

Shared = Callable[[str], AbstractAsyncContextManager[tuple[Any, Mapping[int, Any]]]]
"""Opens a context over the towns that share a dataset: the context, and the towns by id."""


class Run:
    """What the engine needs while it answers: the document, the context, and the towns that rows may belong to.

    `towns` maps tenant ids to their snapshots; `ctx` has `session`, `locale` and `require(permission)`.
    """

    def __init__(self, document: Document, ctx: Any, towns: Mapping[int, Any], shared: Shared | None = None) -> None:
        self.document = document
        self.ctx = ctx
        self.session = ctx.session
        self.towns = towns
        self._shared = shared
        self._verdicts: dict[str, DomainError | None] = {}

    def refusal(self, permission: Permission | None) -> DomainError | None:
        """Why the caller may not, or None if he may."""
        if permission is None:
            return None
        if permission.id not in self._verdicts:
            self._verdicts[permission.id] = self._judge(permission)
        return self._verdicts[permission.id]

    def conditions(self, bound: Bound) -> list[Any]:
        """The predicate that every read of a bound type carries."""
        if bound.rows is None:
            return []
        found = bound.rows(self.ctx)
        if found is None:
            return []
        return list(found) if isinstance(found, Sequence) else [found]

    @asynccontextmanager
    async def sharing(self, dataset: str) -> AsyncGenerator[Run]:
        """A run over the towns that share a dataset with the region."""
        if self._shared is None:
            raise TypeError(f"{dataset}: only the region's schema reads across towns")
        async with self._shared(dataset) as (ctx, towns):
            yield Run(self.document, ctx, towns)

    async def survive(self, error: SQLAlchemyError) -> None:
        """Go on after a statement that was wrong, in a new transaction; anything else, and in writing, is raised.

        What should have been written must not look done, and a database that is gone or out of time stays so.
        """
        if self.session.scope.write or not apart.lies_in_statement(error):
            raise error
        if isinstance(error, DBAPIError):
            # PostgreSQL refuses everything that follows in this transaction. Rows read so far keep their values.
            self.session.expunge_all()
            await self.session.rollback()

    def open(self, asked: Sequence[Asked]) -> list[Asked]:
        """Mark the fields that the caller may not read; the others are returned."""
        for field in asked:
            field.fault = field.fault or self.refusal(field.spec.permission)
        return [field for field in asked if field.fault is None]

    def _judge(self, permission: Permission) -> DomainError | None:
        try:
            self.ctx.require(permission)
        except DomainError as refused:
            return refused
        return None
