"""What stands in the navigation of the region and of a town."""

from __future__ import annotations

from typing import Final

from regiohub.auth.permissions import (
    REGION_ACTIVATION,
    REGION_AUDIT,
    REGION_OPERATION,
    REGION_READ,
    REGION_SHARING,
    REGION_TOWNS,
    TENANT_AUDIT,
    TENANT_CLIENTS,
    TENANT_MEMBERS,
    TENANT_PLUGINS,
    TENANT_PRIVACY,
    TENANT_ROLES,
    TENANT_SETTINGS,
    TENANT_SHARING,
)
from regiohub.auth.principal import Principal
from regiohub.platform import Platform
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import t

from .navigation import CoreEntry, Section, entries_of, plugin_sections

REGION: Final = (
    CoreEntry(t("Überblick", "Overview"), "towns", (REGION_READ,)),
    CoreEntry(t("Plugins je Kommune", "Plugins per town"), "matrix", (REGION_READ, REGION_ACTIVATION)),
    CoreEntry(t("Maßnahmen", "Measures"), "measures", (REGION_READ,)),
    CoreEntry(t("Freigaben", "Sharing"), "sharing", (REGION_READ, REGION_SHARING)),
    CoreEntry(t("Plugins", "Plugins"), "plugins", (REGION_READ, REGION_OPERATION)),
    CoreEntry(t("Betrieb", "Operation"), "operation", (REGION_READ, REGION_OPERATION)),
    CoreEntry(t("Personen", "People"), "people", (REGION_READ, REGION_TOWNS)),
    CoreEntry(t("Protokoll", "Audit trail"), "audit", (REGION_AUDIT,)),
)
TOWN: Final = (
    CoreEntry(t("Überblick", "Overview"), ""),
    CoreEntry(t("Maßnahmen", "Measures"), "measures"),
    CoreEntry(t("Indikatoren", "Indicators"), "indicators"),
    CoreEntry(t("Einstellungen", "Settings"), "settings", (TENANT_SETTINGS, TENANT_PLUGINS)),
    CoreEntry(t("Gestaltung", "Branding"), "branding", (TENANT_SETTINGS,)),
    CoreEntry(t("Zugang", "Access"), "access", (TENANT_MEMBERS, TENANT_ROLES, TENANT_CLIENTS)),
    CoreEntry(t("Freigaben", "Sharing"), "sharing", (TENANT_SHARING, TENANT_AUDIT)),
    CoreEntry(t("Arbeiten", "Long work"), "work"),
    CoreEntry(t("Protokoll", "Audit trail"), "audit", (TENANT_AUDIT,)),
    CoreEntry(t("Datenschutz", "Data protection"), "privacy", (TENANT_PRIVACY,)),
)


def sections_of(platform: Platform, person: Principal, tenant: TenantInfo | None, path: str) -> list[Section]:
    """The sections of one page: the region for its staff, or the town and its plugins."""
    if tenant is None:
        entries = entries_of("/console/region", REGION, person, path)
        return [Section(t("Region", "Region"), entries)] if entries else []
    found = [Section(t("Kommune", "Town"), entries_of(f"/console/{tenant.slug}", TOWN, person, path))]
    return [*found, *plugin_sections(platform, tenant, person, path)]
