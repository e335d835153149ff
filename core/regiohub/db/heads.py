"""The newest revision of a folder of migrations, read from its files: Alembic itself is needed only to migrate."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

_REVISION = re.compile(r"^revision\s*(?::[^=]+)?=\s*[\"']([^\"']+)[\"']", re.MULTILINE)
_DOWN = re.compile(r"^down_revision\s*(?::[^=]+)?=\s*[\"']([^\"']+)[\"']", re.MULTILINE)


@lru_cache(maxsize=64)
def head_of(package: str) -> str | None:
    """The revision that no other one follows; None for an empty folder.

    :raises ValueError: several revisions claim to be the newest.
    """
    texts = [
        file.read_text(encoding="utf-8")
        for file in files(package).joinpath("versions").iterdir()
        if file.name.endswith(".py") and file.name != "__init__.py"
    ]
    followed = {match[1] for text in texts for match in _DOWN.finditer(text)}
    heads = [match[1] for text in texts for match in _REVISION.finditer(text) if match[1] not in followed]
    if len(heads) > 1:
        raise ValueError(f"{package}: several newest revisions {sorted(heads)}; join them in one line")
    return heads[0] if heads else None
