"""Pages whose text the core renders itself: permissions and roles, and the town's file."""

from __future__ import annotations

from collections.abc import Mapping

from regiohub.auth.roles.reference import render_permissions
from regiohub.tenancy.config.reference import render_reference
from regiohub_docs.reference.installation import host


def pages() -> Mapping[str, str]:
    """Every permission and the roles that have it; every key of `tenant.toml`."""
    return {"permissions.md": render_permissions(host()), "tenant-toml.md": render_reference()}
