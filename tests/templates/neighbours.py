"""Two plugins from the template beside those of this repository, in a process of its own; it fails if they clash."""

from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from tempfile import TemporaryDirectory

from regiohub.graphql.transport.service import GraphQLService
from regiohub.platform import Platform
from regiohub.testing.databases import Address, settings_for
from regiohub.web.app import create_app

NEW = ("places", "city_trees")
GENERATED = [EntryPoint(name, f"regiohub_{name}.plugin:plugin", "regiohub.plugins") for name in NEW]

with TemporaryDirectory() as folder:
    url = f"sqlite+aiosqlite:///{folder}/x.sqlite3"
    entries = [*entry_points(group="regiohub.plugins"), *GENERATED]
    # Strict: what clashes is an error here and not a plugin that is left out.
    platform = Platform(settings_for(Address(url, url), Path(folder)), entries=entries)
    create_app(platform)
    assert set(platform.plugins.healthy) == {"atlas", "booking", "health_directory", "lorawan", *NEW}
    schema = GraphQLService.of(platform).towns.of(frozenset(platform.plugins.healthy)).schema
    assert {"PublicPlace", "CityTree"} <= schema.type_map.keys()
