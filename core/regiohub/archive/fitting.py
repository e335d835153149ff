"""Whether an archive fits an installation: tables of the same revision, plugins that are there, a name that is free."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from regiohub.errors import InvalidInput, Unavailable
from regiohub.files import room_left
from regiohub.tenancy.config import is_valid_slug
from regiohub.texts import t

from .export import revisions_of
from .keys import installation_of
from .manifest import TOWN, Manifest
from .tables import CORE, EXEMPT, models_by_owner

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.settings import Settings


def refuse_unfit(platform: Platform, manifest: Manifest, slug: str) -> None:
    """Raise InvalidInput where the archive cannot be imported here; the message says what to install.

    Rows are imported at the revision they were written at, and upgraded with all others by ``regiohub db upgrade``
    afterwards: an archive of an older release is imported with that release.
    """
    if not is_valid_slug(slug):
        raise InvalidInput(
            t(f"{slug} taugt nicht als Name in Adressen.", f"{slug} is no name for addresses."), field="slug"
        )
    here = revisions_of(platform)
    with_rows = {table.owner for table in manifest.tables if table.rows} | {CORE}
    faults = [
        _fault(manifest, owner, revision, here.get(owner))
        for owner, revision in sorted(manifest.revisions.items())
        if owner in with_rows and here.get(owner) != revision
    ]
    known = {str(model.__tablename__) for models in models_by_owner(platform.plugins).values() for model in models}
    faults += [table.name for table in manifest.tables if table.rows and table.name not in known - EXEMPT.keys()]
    if faults:
        named = "; ".join(faults)
        raise InvalidInput(
            t(
                f"Das Archiv passt nicht zu den Tabellen hier: {named}. Bitte diese Versionen installieren, übernehmen "
                "und danach aktualisieren.",
                f"The archive does not fit the tables here: {named}. Install these versions, import, and upgrade "
                "afterwards.",
            ),
            field="file",
        )


def refuse_own_names(settings: Settings, hosts: Sequence[str]) -> None:
    """Raise InvalidInput where a town claims a host name of the platform itself."""
    ours = {urlsplit(settings.base_url).hostname, settings.base_domain.lower(), "localhost", *settings.host_names}
    for host in hosts:
        if host.lower() in ours:
            raise InvalidInput(
                t(
                    f"{TOWN}: hosts: {host} gehört der Plattform. Nichts wurde übernommen.",
                    f"{TOWN}: hosts: {host} belongs to the platform. Nothing was imported.",
                ),
                field="file",
            )


def refuse_room(folder: Path, manifest: Manifest) -> None:
    """Raise Unavailable where the archive's files do not fit on the disk: it is shared with all other towns."""
    needed = sum(facts.bytes for facts in manifest.members.values())
    if needed > room_left(folder):
        raise Unavailable(
            t(
                f"Auf der Platte ist kein Platz für den Inhalt des Archivs ({needed} Byte). Nichts wurde übernommen.",
                f"The disk has no room for what the archive holds ({needed} bytes). Nothing was imported.",
            )
        )


def is_from_here(platform: Platform, manifest: Manifest) -> bool:
    """Whether this installation has written the archive."""
    return manifest.installation == installation_of(platform.settings.key)


def refuse_consents(platform: Platform, manifest: Manifest, *, decided: bool) -> None:
    """Raise InvalidInput where consents were given elsewhere and nobody has said whether they hold here."""
    if decided or not manifest.consents or is_from_here(platform, manifest):
        return
    given = ", ".join(sorted({f"{consent.dataset} → {consent.reader}" for consent in manifest.consents}))
    raise InvalidInput(
        t(
            f"Das Archiv stammt aus einer anderen Installation. Die Kommune teilt dort: {given}. Soll das auch hier "
            "gelten (--consents keep), oder enden (--consents end)?",
            f"The archive is from another installation, where the town shares: {given}. Shall that hold here too "
            "(--consents keep), or end (--consents end)?",
        ),
        field="consents",
    )


def _fault(manifest: Manifest, owner: str, revision: str, here: str | None) -> str:
    version = manifest.platform if owner == CORE else manifest.plugins.get(owner, "?")
    name = "regiohub" if owner == CORE else f"regiohub-{owner.replace('_', '-')}"
    return f"{name} {version} ({owner} {revision}, here {here or 'none'})"
