"""Adding an entry, in the transaction of what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic_core import to_jsonable_python

from regiohub.texts import Text

from .actors import pseudonym
from .masking import Mask
from .models import AuditEntry
from .wording import CORE_ACTIONS, sentence

if TYPE_CHECKING:
    from regiohub.plugins.manifest import Plugin
    from regiohub.tenancy.context import Ctx


async def record(
    ctx: Ctx,
    action: str,
    *,
    kind: str | None = None,
    id: UUID | str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str | None = None,
) -> UUID:
    """Add an entry about what the caller of this unit of work did; it is there exactly if that is committed.

    ``action`` is ``<plugin>.<verb>``; the plugin's manifest names it in words (``actions``),
    and an action with the id of a permission is described by the permission's title.
    ``before`` and ``after`` hold the values that changed (JSON-able, no personal data beyond ids). Addresses, and the
    caller's own name and account, are replaced by keyed pseudonyms wherever they stand; other names are not recognised.
    Of measures' persons and of contacts in settings only a pseudonym of the words is written (``masking``).
    """
    plugin = ctx.platform.plugins.healthy.get(action.partition(".")[0])
    mask = Mask(ctx.platform.settings.key, ctx.principal)
    old, new = mask.facts(action, _plain(before)), mask.facts(action, _plain(after))
    name = None if id is None else mask.text(str(id))
    text = sentence(_title(action, plugin), kind=kind, id=name, before=old, after=new)
    entry = AuditEntry(
        at=ctx.now(),
        actor_kind=ctx.principal.kind,
        actor=pseudonym(ctx.platform.settings.key, ctx.principal),
        action=action,
        object_kind=kind,
        object_id=name,
        before=old,
        after=new,
        note=mask.text(note),
        text_de=text.de,
        text_en=text.en,
        plugin=plugin.id if plugin else "core",
        plugin_version=plugin.version if plugin else version("regiohub"),
    )
    ctx.session.add(entry)
    await ctx.session.flush()
    ctx.audited += 1
    return entry.id


def _title(action: str, plugin: Plugin | None) -> Text:
    if plugin is not None and action in plugin.actions:
        return plugin.actions[action]
    for permission in plugin.permissions if plugin else ():
        if permission.id == action:
            return permission.title
    return CORE_ACTIONS.get(action) or Text(action, action)


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if values is None else to_jsonable_python(dict(values))
