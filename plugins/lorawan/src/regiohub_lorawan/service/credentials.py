"""Ingest keys: who may send messages for a town.

A key reads ``rhl.<town>.<id>.<secret>``. The town in it lets a foreign key be told apart without looking into another
town's data; the id finds the row; the secret has 256 random bits, so a plain hash of it is enough to keep.
"""

import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx, InvalidInput, NotFound, TenantScope, t, uuid7
from regiohub_lorawan.errors import AlreadyThere, ForeignCredential, WrongCredential
from regiohub_lorawan.models import IngestCredential
from regiohub_lorawan.permissions import KEYS

_KEY = re.compile(r"rhl\.(?P<town>[a-z0-9-]{1,63})\.(?P<id>[0-9a-f]{32})\.(?P<secret>[A-Za-z0-9_-]{43})")
_TRUST_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made; ``key`` is shown once and never again."""

    credential: IngestCredential
    key: str


async def create_key(ctx: Ctx, label: str) -> NewKey:
    """Make a key. Raises InvalidInput for an empty label, AlreadyThere for a used one."""
    ctx.require(KEYS)
    label = label.strip()
    if not 1 <= len(label) <= 100:
        raise InvalidInput(t("Bitte eine Bezeichnung angeben.", "Please give a label."), field="label")
    if await ctx.session.scalar(select(IngestCredential.id).where(IngestCredential.label == label)):
        raise AlreadyThere(t("Diese Bezeichnung gibt es schon.", "This label exists already."), field="label")
    secret = secrets.token_urlsafe(32)
    row = IngestCredential(id=uuid7(), label=label, secret_hash=_hash(secret), created_at=ctx.now(), revoked_at=None)
    ctx.session.add(row)
    await ctx.session.flush()
    await ctx.audit("lorawan.create_ingest_key", kind="ingest_key", id=str(row.id), after={"label": label})
    return NewKey(row, f"rhl.{ctx.tenant.slug}.{row.id.hex}.{secret}")


async def revoke_key(ctx: Ctx, key_id: UUID) -> IngestCredential:
    """Withdraw a key; it stops working within ten seconds in every process."""
    ctx.require(KEYS)
    row = await ctx.session.find(IngestCredential, key_id)
    if row is None:
        raise NotFound(field="id")
    if row.revoked_at is None:
        row.revoked_at = ctx.now()
        await ctx.audit("lorawan.revoke_ingest_key", kind="ingest_key", id=str(row.id), after={"label": row.label})
    return row


class KeyRing:
    """Checks keys, remembering good ones for ten seconds so that a busy sensor network does not read them each time."""

    def __init__(self) -> None:
        self._trusted: dict[tuple[int, bytes], float] = {}

    async def check(self, scope: TenantScope, key: str | None) -> None:
        """Return when the key is good for this town. Raises WrongCredential or ForeignCredential."""
        parts = _KEY.fullmatch(key or "")
        if parts is None:
            raise WrongCredential
        if parts["town"] != scope.tenant.slug:
            raise ForeignCredential
        given = _hash(parts["secret"])
        # The id belongs into the memory too: a good secret under another id must not pass.
        mark = (scope.tenant.id, parts["id"].encode() + given)
        now = time.monotonic()
        if self._trusted.get(mark, 0.0) > now:
            return
        async with scope.read() as ctx:
            row = await ctx.session.find(IngestCredential, UUID(parts["id"]))
        stored = row.secret_hash if row is not None else bytes(32)
        if not hmac.compare_digest(stored, given) or row is None or row.revoked_at is not None:
            raise WrongCredential
        self._trusted = {known: until for known, until in self._trusted.items() if until > now}
        self._trusted[mark] = now + _TRUST_SECONDS

    async def aclose(self) -> None:
        """Forget everything."""
        self._trusted.clear()


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
