"""The newest revision is read from the files as Alembic would find it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from regiohub.db.heads import head_of
from regiohub.testing import World


def test_the_head_is_what_alembic_finds(world_sqlite: World) -> None:
    for migrations in world_sqlite.platform.migrations:
        assert head_of(migrations.package) == migrations.script().get_current_head()


def test_two_heads_are_a_fault_that_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "forked" / "versions"
    folder.mkdir(parents=True)
    (tmp_path / "forked" / "__init__.py").touch()
    for revision, down in (("0001", "None"), ("0002", '"0001"'), ("0003", '"0001"')):
        (folder / f"{revision}.py").write_text(f'revision = "{revision}"\ndown_revision = {down}\n', encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ValueError, match="'0002', '0003'"):
        head_of("forked")
    sys.modules.pop("forked", None)
