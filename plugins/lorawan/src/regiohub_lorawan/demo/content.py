"""The example sensors of a town: ``lorawan.toml`` in its folder, or one climate sensor at its centre."""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from regiohub_lorawan.models.kinds import Origin


class DemoSensor(BaseModel):
    """One example sensor."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dev_eui: str = Field(pattern=r"^[0-9a-f]{16}$")
    name: str = Field(min_length=1, max_length=200)
    kind: Literal["climate", "water", "soil", "air", "noise", "people"]
    at: tuple[float, float]
    """Longitude and latitude."""
    origin: Origin = Origin.OFFICIAL
    silent_days: int = Field(default=0, ge=0, le=300)
    """For so many days nothing has been heard of it: a sensor that shows what silence looks like."""


class DemoContent(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sensors: tuple[DemoSensor, ...] = Field(min_length=1, max_length=100)


def read(folder: Path, slug: str, centre: tuple[float, float]) -> DemoContent:
    """The town's example sensors. Raises ValidationError or TOMLDecodeError for a broken file."""
    file = folder / "lorawan.toml"
    if file.is_file():
        return DemoContent.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    eui = f"{int.from_bytes(slug.encode()[:8].ljust(8, b'0'), 'big'):016x}"
    return DemoContent(sensors=(DemoSensor(dev_eui=eui, name="Klimasensor (Beispiel)", kind="climate", at=centre),))
