"""Heads: the signed end of a town's chain, kept where nobody who writes the database reaches it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from regiohub.auth.permissions import TENANT_SETTINGS
from regiohub.errors import InvalidInput
from regiohub.files import write_whole
from regiohub.texts import t

from .canonical import Unreadable
from .chain_check import head_of
from .keys import acceptance, keyring_of
from .links import Head, head_from
from .making import continued
from .models import AuditSeal
from .rows import last_seal, seal_numbered
from .signing import signer_for

if TYPE_CHECKING:
    from regiohub.db.session import TenantSession
    from regiohub.platform import Platform
    from regiohub.tenancy.context import Ctx
    from regiohub.tenancy.info import TenantInfo


async def newest_head(session: TenantSession, platform: Platform) -> Head | None:
    """The head of the session's town; None while nothing is sealed.

    It says what the database says: only a check tells whether the chain behind it is whole.

    :raises InvalidInput: the last seal is damaged, or signed with a key that does not count here.
    """
    try:
        last = await last_seal(session)
        if last is None:
            return None
        keys = (await keyring_of(session, signer_for(platform.settings.key))).for_seal(last.key, last.number)
        head = head_of(last, await seal_numbered(session, last.number - 1), keys[0].public_key) if keys else None
    except Unreadable:
        head = None
    if head is None or not head.is_genuine():
        raise InvalidInput(
            t(
                "Das letzte Siegel des Protokolls ist beschädigt oder mit einem hier unbekannten Schlüssel "
                "unterschrieben. Bitte das Protokoll prüfen (regiohub audit verify).",
                "The last seal of the log is damaged, or signed with a key that is unknown here. Please check the log "
                "(regiohub audit verify).",
            )
        )
    return head


async def adopt(ctx: Ctx, document: Any) -> None:
    """Go on with a chain that another key has begun: that key counts for the seals it made, ours from there on.

    For a log that was imported with its seals, in the unit of work that ends the import, and after a change of the
    platform's key. ``document`` is any head that the other key signed and that lies on this town's chain.

    :raises InvalidInput: it is no genuine head, or not one of the chain in this town. :raises Forbidden: the caller may
    not administer the town (or ``Unauthenticated``).
    """
    ctx.require(TENANT_SETTINGS)
    try:
        head = head_from(document)
        there = await seal_numbered(ctx.session, head.number)
        found = await _last_of(ctx.session, head)
        last = await last_seal(ctx.session)
    except ValueError as error:
        raise InvalidInput(
            t("Das ist kein unverfälschter Stand eines Protokolls.", "This is no genuine head of an audit log."),
            field="head",
        ) from error
    if there is None or there.chain != head.chain or found is None or last is None:
        raise InvalidInput(
            t("Der Stand gehört nicht zu diesem Protokoll.", "The head does not belong to this log."), field="head"
        )
    signer = signer_for(ctx.platform.settings.key)
    if (head.key, head.town) == (signer.key, ctx.tenant.slug):
        return
    ctx.session.add(acceptance(found, signer, ctx.now()))
    if last.number == found.number:
        ctx.session.add(continued(last, ctx.tenant.slug, signer).seal([], ctx.now()))
    await ctx.session.flush()


async def _last_of(session: TenantSession, head: Head) -> Head | None:
    """The end of what the head's key has sealed, if that is its work indeed."""
    # In the town of that name: the same key may have gone on with the chain under the name that the town has here.
    made = sa.select(sa.func.max(AuditSeal.number)).where(AuditSeal.key == head.key, AuditSeal.town == head.town)
    number = await session.scalar(made)
    last = await seal_numbered(session, number) if number else None
    if last is None:
        return None
    found = head_of(last, await seal_numbered(session, last.number - 1), head.public_key)
    return found if found.is_genuine() else None


def head_file(platform: Platform, slug: str) -> Path:
    """Where the worker keeps the newest head of a town: beside the keys, not in the database."""
    return platform.settings.data_dir / "audit" / f"{slug}.head.json"


def kept_head(platform: Platform, slug: str) -> Head | None:
    """The head that the worker kept. :raises ValueError: the file is damaged."""
    return _head_in(head_file(platform, slug))


def _head_in(path: Path) -> Head | None:
    if not path.exists():
        return None
    try:
        return head_from(orjson.loads(path.read_bytes()))
    except ValueError as error:
        raise ValueError(f"{path} holds no genuine head of an audit log") from error


async def keep_head(session: TenantSession, platform: Platform, slug: str) -> bool:
    """Keep the newest head, if it continues the one that is kept. False: it does not, and that one stays.

    An older head that does not lie on the chain any more is the proof that something was cut off or replaced.
    """
    if not await continues_kept_head(session, platform, slug):
        return False
    head, kept = await newest_head(session, platform), kept_head(platform, slug)
    if head is not None and (kept is None or kept.number < head.number):
        write_head(platform, slug, head)
    return True


async def continues_kept_head(session: TenantSession, platform: Platform, slug: str) -> bool:
    """Whether the town's chain has a genuine end and goes through the head that the worker kept."""
    try:
        kept, head = kept_head(platform, slug), await newest_head(session, platform)
        there = await seal_numbered(session, kept.number) if kept and head else None
    except (ValueError, InvalidInput):
        return False
    return kept is None or (there is not None and there.chain == kept.chain)


def write_head(platform: Platform, slug: str, head: Head) -> None:
    """Put a head in the place of the one that is kept."""
    content = orjson.dumps(head.document(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    write_whole(head_file(platform, slug), content, mode=0o644)


async def keep_departed_head(platform: Platform, tenant: TenantInfo) -> None:
    """A town is about to leave: keep how far its log reaches, for the day on which somebody brings it back."""
    async with platform.database.read(tenant.id) as session:
        await keep_head(session, platform, tenant.slug)


def put_head_aside(platform: Platform, slug: str) -> None:
    """The town has left: its head is not that of a new town of the same name."""
    if head_file(platform, slug).exists():
        head_file(platform, slug).replace(_departed_file(platform, slug))


def departed_head(platform: Platform, slug: str) -> Head | None:
    """The head that was kept when a town of that name left. :raises ValueError: the file is damaged."""
    return _head_in(_departed_file(platform, slug))


def return_departed_head(platform: Platform, slug: str) -> None:
    """The town is back with its log: what was kept is to be continued."""
    if _departed_file(platform, slug).exists():
        _departed_file(platform, slug).replace(head_file(platform, slug))


def drop_departed_head(platform: Platform, slug: str) -> None:
    """The town is back with another log on purpose."""
    _departed_file(platform, slug).unlink(missing_ok=True)


def _departed_file(platform: Platform, slug: str) -> Path:
    return head_file(platform, slug).with_name(f"{slug}.left.json")


async def archive_part(ctx: Ctx) -> dict[str, Any]:
    """What goes along with an exported log, so that a stranger can check it: its head with the public key.

    Empty while nothing is sealed. :raises InvalidInput: the last seal is damaged.
    """
    head = await newest_head(ctx.session, ctx.platform)
    return {} if head is None else {"head": head.document()}


async def accept_arrival(ctx: Ctx, part: Mapping[str, Any]) -> None:
    """In the unit of work that ends the import of a log with its seals: accept its signer, where that is another.

    :raises InvalidInput: see ``adopt``.
    """
    if part:
        await adopt(ctx, part.get("head"))


async def replace_kept_head(ctx: Ctx) -> Head | None:
    """Keep the present head although it does not continue the kept one: an older state was restored on purpose.

    The log remembers it. :raises InvalidInput: the last seal is damaged. :raises Forbidden: the caller may not
    administer the log's town (or ``Unauthenticated``).
    """
    ctx.require(TENANT_SETTINGS)
    head = await newest_head(ctx.session, ctx.platform)
    try:
        kept = kept_head(ctx.platform, ctx.tenant.slug)
    except ValueError:
        kept = None
    if head is not None:
        before = {"number": kept.number, "chain": kept.chain.hex()} if kept else None
        after = {"number": head.number, "chain": head.chain.hex()}
        await ctx.audit("tenant.log_head_replaced", kind="tenant", id=ctx.tenant.slug, before=before, after=after)
        ctx.after_commit(lambda: write_head(ctx.platform, ctx.tenant.slug, head))
    return head
