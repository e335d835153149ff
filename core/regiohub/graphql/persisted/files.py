"""Documents in files: one text per `.graphql` file, or many in the JSON object that build tools of clients write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import orjson

from regiohub.errors import InvalidInput
from regiohub.texts import Text, t

from .identifier import hash_in, hash_of
from .service import Draft


class FileRefused(InvalidInput):
    """A file holds no documents that could be registered."""

    code = "FILE_REFUSED"


def drafts_in(path: Path) -> Sequence[Draft]:
    """The documents of a file, exactly as they stand in it: a final line break is part of the text and of its hash.

    A `.json` file is an object of texts; a key that is an identifier must be that of its text. Raises `FileRefused`.
    """
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(path, t("ist nicht lesbar.", "cannot be read.")) from error
    if path.suffix != ".json":
        return [Draft(path.name, content)]
    try:
        found: Any = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise _refused(path, t("ist kein JSON.", "is not JSON.")) from error
    if not isinstance(found, dict) or not found:
        raise _refused(path, t("ist kein Objekt aus Texten.", "is no object of texts."))
    drafts: list[Draft] = []
    for key, text in cast("dict[str, Any]", found).items():
        if not isinstance(text, str):
            raise _refused(path, t(f"{key} ist kein Text.", f"{key} is no text."))
        if hash_in(key) not in (None, hash_of(text)):
            raise _refused(
                path, t(f"{key} ist nicht die Kennung seines Textes.", f"{key} is not its text's identifier.")
            )
        drafts.append(Draft(f"{path.name}: {key}"[:200], text))
    return drafts


def _refused(path: Path, why: Text) -> FileRefused:
    return FileRefused(t(f"{path}: {why.de}", f"{path}: {why.en}"), field="file")
