"""FastAPI with Strawberry's own router and its caches of parsed and valid documents."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
import strawberry
from fastapi import FastAPI, Header, HTTPException
from fastapi.responses import JSONResponse
from starlette.requests import Request
from starlette.types import ASGIApp
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.fastapi import GraphQLRouter

from regiohub.errors import DomainError

from ..gate import Gate
from .sessions import Access, engine_of


class LeanRouter(GraphQLRouter[Access, None]):
    """With the quicker JSON writer."""

    def encode_json(self, data: object) -> bytes:
        """The answer's bytes."""
        return orjson.dumps(data)


def _app(
    query: type, router: type[GraphQLRouter[Access, None]], loaders: Callable[[Access], dict[str, Any]]
) -> ASGIApp:
    gate = Gate()
    engine = engine_of(gate)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        await gate.open()
        yield
        await engine.dispose()

    async def context(town: str, authorization: str | None = Header(None)) -> Access:
        try:
            access = Access(await gate.admit(town, authorization), engine)
        except DomainError as error:
            raise HTTPException(error.status, error.code) from None
        access.loaders = loaders(access)
        return access

    schema = strawberry.Schema(query, extensions=[ParserCache, ValidationCache])
    app = FastAPI(lifespan=lifespan, openapi_url=None)
    app.include_router(router(schema, context_getter=context, graphql_ide=None), prefix="/{town}/graphql")

    @app.exception_handler(DomainError)
    def refused(_request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"errors": [{"message": str(error)}]}, 400)

    return app


def app() -> ASGIApp:
    """ORM instances and loaders."""
    from .orm import Query, loaders

    return _app(Query, GraphQLRouter[Access, None], loaders)


def lean_app() -> ASGIApp:
    """Rows and joins."""
    from .lean import Query

    return _app(Query, LeanRouter, lambda _access: {})
