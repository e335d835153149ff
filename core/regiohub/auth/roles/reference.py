"""The reference page of roles and permissions, written from what core and plugins declare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from regiohub.auth.permissions import REGION_ROLES, RESERVED, TENANT_ADMIN, TENANT_PERMISSIONS, Permission
from regiohub.plugins.host import PluginHost

from .catalogue import STAFF
from .town import group_of
from .words import WORDS

_INTRO = """\
# Roles and permissions

*This page is generated from what the core and its plugins declare; edit their titles and roles instead.*

A permission is named `<plugin>.<action>`. A role bundles permissions; people have roles in a town through the groups of
its organization at the login server. `tenant-admin` has every permission of its town. A permission of a plugin that is
off counts for nobody. [How to give people roles](../how-to/people-and-roles.md), and
[why it is so](../decisions/0015-roles-of-towns.md).
"""


def render_permissions(host: PluginHost) -> str:
    """The whole page as Markdown, with the plugins that are installed."""
    return "\n".join(
        [_INTRO, _roles(), _permissions("The core", "tenant", TENANT_PERMISSIONS), *_plugins(host), _region()]
    )


def _roles() -> str:
    rows = (f"| `{name}` | {WORDS[name].title.en} | `{group_of(name)}` | {WORDS[name].text.en} |" for name in STAFF)
    return (
        "## Roles of a town\n\n| role | title | group | for |\n|---|---|---|---|\n" + "\n".join(rows) + "\n\n"
        "Beside these, `plugin-admin:<plugin>` (group `/measures/<plugin>/admins`) has everything of one plugin, and\n"
        "a town's own role `own:<key>` (group `/roles/<key>`) what the town has bundled. Every signed-in person is\n"
        "`citizen`; programs are `machine`.\n"
    )


def _plugins(host: PluginHost) -> Iterator[str]:
    for plugin in sorted(host.healthy.values(), key=lambda plugin: plugin.id):
        declared = [permission for permission in plugin.permissions if not permission.id.startswith(RESERVED)]
        if declared:
            yield _permissions(plugin.title.en, plugin.id, declared)


def _permissions(title: str, id: str, permissions: Iterable[Permission]) -> str:
    rows = (f"| `{entry.id}` | {entry.title.en} | {_held(entry)} |" for entry in permissions)
    return (
        f"## {title} (`{id}`)\n\n| permission | allows | roles beside `tenant-admin` |\n|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def _held(permission: Permission) -> str:
    return ", ".join(f"`{role}`" for role in permission.roles if role != TENANT_ADMIN) or "–"


def _region() -> str:
    rows = (
        f"| `{role}` | {WORDS[role].title.en} | {', '.join(f'`{entry.id}`' for entry in permissions)} |"
        for role, permissions in REGION_ROLES.items()
    )
    return (
        "## The region\n\nRoles of the realm itself, of an issuer that may speak for the region. The list is closed,\n"
        "and none of it opens a town's data.\n\n"
        "| role | title | permissions |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    )
