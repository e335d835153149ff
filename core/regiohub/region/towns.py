"""A new town, from what a form or a program says about it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from regiohub.auth.admin.region import make_organization
from regiohub.auth.permissions import REGION_TOWNS
from regiohub.auth.principal import Principal
from regiohub.errors import Conflict, InvalidInput
from regiohub.platform import Platform
from regiohub.tenancy.config.messages import wording_for
from regiohub.tenancy.config.models import TenantFile
from regiohub.tenancy.config.towns import Town
from regiohub.tenancy.info import TenantInfo
from regiohub.tenancy.sync import apply_town
from regiohub.texts import t

from .rights import require


async def add_town(platform: Platform, person: Principal, facts: Mapping[str, Any]) -> TenantInfo:
    """Take a town in; it is there at once, in every process. ``facts`` are those of a ``tenant.toml``.

    :raises Forbidden: without the right to manage towns. :raises Conflict: the slug or the municipality key is taken.
    :raises InvalidInput: a fact is wrong; ``field`` names it.
    """
    require(person, REGION_TOWNS)
    try:
        file = TenantFile.model_validate(dict(facts))
    except ValidationError as error:
        fault = error.errors()[0]
        field = str(fault["loc"][0]) if fault["loc"] else None
        _, words = wording_for(fault["type"], fault["msg"], fault.get("ctx", {}), fault.get("input"))
        raise InvalidInput(t(f"{words.de} {words.hint_de}", f"{words.en} {words.hint_en}"), field=field) from None
    for town in platform.tenants.all():
        if town.slug == file.slug:
            raise Conflict(t("Diesen Kurznamen gibt es schon.", "This slug is taken."), field="slug")
        if town.ags == file.ags:
            raise Conflict(
                t(f"Dieser Schlüssel gehört schon zu {town.name}.", f"This key already belongs to {town.name}."),
                field="ags",
            )
    await apply_town(platform, Town(Path(), file, None, (), file.hosts), principal=person)
    found = platform.tenants.get(file.slug)
    assert found is not None
    await make_organization(platform, found)
    return found
