"""Files whose names no archive can hold."""

from __future__ import annotations

from collections.abc import Collection

from regiohub.errors import Conflict
from regiohub.texts import Text, t

NO_WAY_OUT = t("Bitte umbenennen.", "Rename them.")


def unnameable(names: Collection[str], *, field: str = "file", remedy: Text = NO_WAY_OUT) -> Conflict:
    """The refusal that names one of them: with a backslash, say, or not in UTF-8."""
    first = next(iter(names)).encode(errors="backslashreplace").decode()
    return Conflict(
        t(
            f"Dateinamen, die in keinem Archiv stehen können, z. B. {first} ({len(names)} insgesamt). {remedy.de}",
            f"File names that no archive can hold, e.g. {first} ({len(names)} in all). {remedy.en}",
        ),
        field=field,
    )
