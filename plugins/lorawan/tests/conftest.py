"""Fixtures of this plugin's tests."""

import pytest

from regiohub.testing import World
from regiohub_lorawan.testing import Sensor, register


@pytest.fixture
async def sensor(world: World) -> Sensor:
    """A registered sensor in Potsdam, on each database."""
    return await register(world.scope("potsdam"))
