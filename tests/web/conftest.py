"""A platform with one small plugin, so that these tests depend on no other."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from regiohub.auth.dev import DevIssuer
from regiohub.clock import FrozenClock
from regiohub.platform import Platform
from regiohub.tenancy.sync import apply_town
from regiohub.testing.databases import SqliteTemplate, settings_for
from regiohub.testing.towns import town
from regiohub.testing.world import START
from regiohub.web.app import create_app

from . import probe

# Entry points are imported by name, and the name of this package depends on how the tests are run.
sys.modules["regiohub_web_probe"] = probe

PLUGINS = ("broken", "probe", "rival")


def entries(names: Sequence[str]) -> list[EntryPoint]:
    """Entry points of the plugins in `probe.py`; one that is not there fails to load."""
    return [EntryPoint(name, f"regiohub_web_probe:{'plugin' if name == 'probe' else name}", "x") for name in names]


@dataclass
class Site:
    """A running application with a client, and a way to make tokens."""

    platform: Platform
    app: FastAPI
    client: httpx.AsyncClient

    async def get(self, path: str, **kwargs: Any) -> httpx.Response:
        """GET."""
        return await self.client.get(path, **kwargs)

    def auth(self, *args: Any, **kwargs: Any) -> dict[str, str]:
        """Headers of a caller; arguments as for `issue_token`."""
        issuer: DevIssuer = self.app.state.web.identity.dev
        return {"Authorization": f"Bearer {issuer.issue_token(*args, **kwargs)}"}


MakeSite = Callable[..., Awaitable[Site]]


@pytest.fixture(scope="session")
def site_template(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which Potsdam and Bad Belzig have these plugins on and Berlin has none."""
    folder = tmp_path_factory.mktemp("site-template")

    async def prepare() -> None:
        with sqlite_template.copy(folder) as address:
            platform = Platform(settings_for(address, folder), entries=entries(PLUGINS), clock=FrozenClock(START))
            await platform.start()
            for slug, ags in (("potsdam", "12054000"), ("bad-belzig", "12069020")):
                sound = town(slug, ags=ags, state="BB", centre=(13.0, 52.0), enable=PLUGINS)
                origins = ("https://app.potsdam.example",) if slug == "potsdam" else ()
                await apply_town(platform, replace(sound, file=sound.file.model_copy(update={"cors_origins": origins})))
            await platform.stop()

    asyncio.run(prepare())
    return folder / "regiohub.sqlite3"


@pytest.fixture
async def make_site(site_template: Path, tmp_path: Path) -> AsyncIterator[MakeSite]:
    """Makes an application with these plugins (default: the probe alone) and these changes of the settings."""
    async with AsyncExitStack() as stack:

        async def make(*plugins: str, **changes: Any) -> Site:
            template = SqliteTemplate(tmp_path)
            shutil.copyfile(site_template, tmp_path / "template.sqlite3")
            settings = settings_for(template.address, tmp_path / "data").model_copy(update=changes)
            platform = Platform(settings, entries=entries(plugins or ("probe",)), clock=FrozenClock(START))
            stack.push_async_callback(platform.stop)
            await platform.start()
            app = create_app(platform)
            transport = httpx.ASGITransport(app=app)
            client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
            await stack.enter_async_context(client)
            return Site(platform, app, client)

        yield make


@pytest.fixture
async def site(make_site: MakeSite) -> Site:
    """The application with the settings of the tests."""
    return await make_site()
