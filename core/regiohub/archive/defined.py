"""Whether the files that a town is set up from may come out of an archive: they are read at each start from then on."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, TypeVar
from zipfile import ZipFile

from pydantic import ValidationError

from regiohub.errors import InvalidInput
from regiohub.tenancy.config import ProgrammeFile, TenantFile
from regiohub.tenancy.config.measures import FileModel
from regiohub.tenancy.config.messages import wording_for
from regiohub.tenancy.config.parsing import MAX_BYTES

from .fitting import refuse_own_names
from .manifest import TOWN, Manifest
from .stated import facts_of_town

if TYPE_CHECKING:
    from regiohub.platform import Platform

M = TypeVar("M", bound=FileModel)

_FILE = "definition/tenant.toml"


def fault_of_definition(platform: Platform, archive: ZipFile, manifest: Manifest) -> str | None:
    """Why these files stay in the archive; None where they may come out.

    They say what the town's row says, and are judged like it. A town whose own file was faulty can still move: it works
    without. What only this installation can know, a town that something is shared with say, is told at the next start.
    """
    slug = manifest.town.slug
    programme = f"programmes/{facts_of_town(archive.read(TOWN), slug)['programme_id']}.toml"
    for name in manifest.below("programmes"):
        if name != programme:
            return f"{name}: no programme of the town"
    try:
        if programme in manifest.members and _read(archive, manifest, programme, ProgrammeFile).id != programme[11:-5]:
            return f"{programme}: it names another programme"
        if _FILE not in manifest.members:
            return None
        file = _read(archive, manifest, _FILE, TenantFile)
        refuse_own_names(platform.settings, file.hosts)
    except _Faulty as error:
        return str(error)
    except InvalidInput:
        return f"{_FILE}: hosts: one belongs to the platform"
    if file.slug != slug:
        return f"{_FILE}: slug: required is {slug}"
    others = {host.lower() for town in platform.tenants.all() if town.slug != slug for host in town.hosts}
    for host in file.hosts:
        if host in others:
            return f"{_FILE}: hosts: {host} belongs to another town"
    return None


class _Faulty(ValueError):
    """A file that cannot be used; the message names it."""


def _read(archive: ZipFile, manifest: Manifest, name: str, model: type[M]) -> M:
    if manifest.members[name].bytes > MAX_BYTES:
        raise _Faulty(f"{name}: it is too large")
    try:
        return model.model_validate(tomllib.loads(archive.read(name).decode("utf-8-sig")))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        _, words = wording_for(first["type"], first["msg"], first.get("ctx", {}), first["input"])
        raise _Faulty(f"{name}: {'.'.join(map(str, first['loc']))}: {words.en} {words.hint_en}") from None
    except (ValueError, RecursionError) as error:
        raise _Faulty(f"{name}: {error}") from None
