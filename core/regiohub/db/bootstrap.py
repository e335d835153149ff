"""What only a PostgreSQL superuser can do, once: roles, the database, extensions. Repeatable."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
from sqlalchemy.engine import URL, make_url

from regiohub.db.postgresql import APP_ROLE, OWNER_ROLE

EXTENSIONS = ("postgis", "btree_gist", "pg_trgm", "unaccent")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


async def _connect(url: URL, database: str) -> asyncpg.Connection:
    query = {key: value for key, value in url.query.items() if isinstance(value, str)}
    return await asyncpg.connect(
        user=url.username,
        password=url.password,
        host=url.host or query.get("host"),
        port=url.port,
        database=database,
        ssl=query.get("ssl"),
    )


async def bootstrap(superuser_url: str, url: str, owner_url: str | None = None) -> AsyncIterator[str]:
    """Create roles, database and extensions; yields what was done, step by step.

    `superuser_url`: any superuser of the server. `url`, `owner_url`: the serving and the owning login; their names and
    passwords are set, and each is made a member of the role that the policies name.
    """
    admin, serving = make_url(superuser_url), make_url(url)
    owning = make_url(owner_url) if owner_url else None
    name = serving.database or "regiohub"
    connection = await _connect(admin, admin.database or "postgres")
    try:
        for role, login in ((OWNER_ROLE, owning), (APP_ROLE, serving)):
            yield await _role(connection, role, login)
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await connection.execute(f'CREATE DATABASE "{name}" OWNER {OWNER_ROLE}')
            yield f"database {name} created"
    finally:
        await connection.close()
    connection = await _connect(admin, name)
    try:
        for extension in EXTENSIONS:
            await connection.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
        await connection.execute(f'ALTER DATABASE "{name}" OWNER TO {OWNER_ROLE}')
        await connection.execute(f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER_ROLE}")
        await connection.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
        await connection.execute(f'REVOKE TEMPORARY ON DATABASE "{name}" FROM PUBLIC, {APP_ROLE}')
        yield f"extensions {', '.join(EXTENSIONS)} ready"
    finally:
        await connection.close()


async def _role(connection: asyncpg.Connection, role: str, login: URL | None) -> str:
    if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
        await connection.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
    if login is None or not login.username:
        return f"role {role} ready"
    if login.username != role:
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", login.username):
            await connection.execute(f'CREATE ROLE "{login.username}" LOGIN NOSUPERUSER NOBYPASSRLS')
        await connection.execute(f'GRANT {role} TO "{login.username}"')
    if login.password:
        await connection.execute(f'ALTER ROLE "{login.username}" PASSWORD {_quoted(str(login.password))}')
    return f"role {role} ready for login {login.username}"
