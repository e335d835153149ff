"""The demo's ingest key: kept in the town's data folder, so that the welcome text can show a command that works."""

from pathlib import Path

from sqlalchemy import select

from regiohub.api import Ctx, TenantScope
from regiohub_lorawan.models import IngestCredential
from regiohub_lorawan.service import credentials

_LABEL = "Demo"


def file_of(scope: TenantScope) -> Path:
    """Where the key stands."""
    return scope.data_dir / "lorawan-demo.key"


async def ensure(scope: TenantScope) -> None:
    """Make the key, or a new one if its file was lost."""
    await scope.run(lambda ctx: _ensure(ctx, file_of(scope)))


async def _ensure(ctx: Ctx, file: Path) -> None:
    known = await ctx.session.scalar(select(IngestCredential).where(IngestCredential.label == _LABEL))
    if known is not None and read(file):
        return
    if known is not None:
        await ctx.session.delete(known)
        await ctx.session.flush()
    made = await credentials.create_key(ctx, _LABEL)
    _write(file, made.key)


def read(file: Path) -> str | None:
    """The key, or None if there is none."""
    return file.read_text(encoding="ascii") if file.is_file() else None


def _write(file: Path, key: str) -> None:
    file.touch(mode=0o600)
    file.write_text(key, encoding="ascii")
