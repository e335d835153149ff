"""A migrated database with three towns for each test: made once per engine and run, then copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from regiohub.db import bootstrap
from regiohub.db.migrate import upgrade
from regiohub.db.postgresql import APP_ROLE, OWNER_ROLE
from regiohub.platform import Platform
from regiohub.settings import Settings
from regiohub.tenancy.config import Town
from regiohub.tenancy.sync import apply_town
from regiohub.testing.towns import small_towns

if TYPE_CHECKING:
    from regiohub.testing.services import PostgresServer


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is: for the serving role and for the owner of the tables."""

    url: str
    owner_url: str


def settings_for(address: Address, data_dir: Path) -> Settings:
    """Settings of a test's platform: nothing of the environment or of a file gets in."""
    return Settings(
        _env_file=None,  # pyright: ignore[reportCallIssue]
        environment="development", data_dir=data_dir, database_url=address.url, database_owner_url=address.owner_url,
        public_url="http://127.0.0.1:8000", worker_in_serve=False, tenants_dir=data_dir / "no-towns",
        rate_public_per_minute=100_000, rate_public_burst=100_000, rate_graphql_burst=100_000, strict_plugins=True,
    )  # fmt: skip


async def prepare(
    address: Address,
    data_dir: Path,
    *,
    entries: Sequence[EntryPoint] | None = None,
    towns: Callable[[Iterable[str], Iterable[str]], Sequence[Town]] = small_towns,
    **changes: Any,
) -> None:
    """Migrate an empty database and put towns in: by default the three small ones.

    `towns` is given the ids of the healthy plugins and of their datasets. `entries` and `changes` as in `open_world`.
    """
    platform = Platform(settings_for(address, data_dir).model_copy(update=changes), entries=entries)
    try:
        await upgrade(platform.database, platform.migrations)
        datasets: Sequence[str] = [c.value.id for c in platform.plugins.collect("register_datasets")]
        for town in towns(platform.plugins.healthy, datasets):
            await apply_town(platform, town)
    finally:
        await platform.stop()


class SqliteTemplate:
    """A migrated file that is copied for each test."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "template.sqlite3"
        self.address = _sqlite(self._file)

    def create(self) -> None:
        """Make the file, empty."""
        self._file.touch()

    def clone(self, folder: Path) -> SqliteTemplate:
        """A second template that begins as a copy of this one."""
        made = SqliteTemplate(folder)
        shutil.copyfile(self._file, made._file)
        return made

    @contextmanager
    def copy(self, folder: Path) -> Generator[Address]:
        """A copy of its own."""
        target = folder / "regiohub.sqlite3"
        shutil.copyfile(self._file, target)
        yield _sqlite(target)


def _sqlite(file: Path) -> Address:
    url = f"sqlite+aiosqlite:///{file.as_posix()}"
    return Address(url, url)


class PostgresTemplate:
    """A migrated database that is the template of each test's own."""

    NAME = "regiohub_template"

    def __init__(self, server: PostgresServer, name: str | None = None) -> None:
        self._server = server
        self._name = name or self.NAME
        self.address = self._address(self._name)

    @classmethod
    def fresh(cls, server: PostgresServer) -> PostgresTemplate:
        """A template whose name no other has."""
        return cls(server, f"regiohub_template_{uuid4().hex}")

    async def create(self) -> None:
        """Make roles, database and extensions, as `regiohub db bootstrap` does."""
        async for _ in bootstrap.bootstrap(self._server.url(), self.address.url, self.address.owner_url):
            pass

    def clone(self, folder: Path) -> PostgresTemplate:
        """A second template that begins as a copy of this one."""
        del folder
        made = PostgresTemplate.fresh(self._server)
        self._server.create_database(made._name, template=self._name)
        return made

    @contextmanager
    def copy(self, _folder: Path) -> Generator[Address]:
        """A copy of its own, dropped afterwards."""
        name = f"test_{uuid4().hex}"
        self._server.create_database(name, template=self._name)
        try:
            yield self._address(name)
        finally:
            self._server.drop_database(name)

    def _address(self, name: str) -> Address:
        return Address(self._server.url(name, user=APP_ROLE), self._server.url(name, user=OWNER_ROLE))
