"""From a TOML file to a validated model, with every fault placed at its line."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from .keys import near_keys
from .messages import Wording, wording_for
from .positions import PositionIndex, index_positions
from .problems import Problem, TenantConfigError

M = TypeVar("M", bound=BaseModel)

_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
MAX_BYTES = 1 << 20
"""A tenant file is written by hand; anything near a megabyte is a mistake."""


def parse_file(path: Path, model: type[M], slug: str) -> tuple[M, PositionIndex]:
    """Read a file into ``model``.

    :raises TenantConfigError: the file is missing, no TOML, or breaks a rule of the model; all rule faults at once.
    """
    text = _read(path, slug)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise TenantConfigError(path, (_syntax_problem(str(broken), text),), slug) from None
    index = index_positions(text)
    try:
        return model.model_validate(raw), index
    except ValidationError as invalid:
        problems = [
            _validation_problem(
                index, model, error["loc"], error["type"], error["msg"], error.get("ctx", {}), error["input"]
            )
            for error in invalid.errors(include_url=False)
        ]
        problems.sort(key=lambda problem: (problem.line or 0, problem.column or 0))
        raise TenantConfigError(path, tuple(problems), slug) from None


def problem_at(index: PositionIndex, path: Sequence[str | int], code: str, wording: Wording) -> Problem:
    """A fault at a key path, for rules that reach beyond one model."""
    place = index.find(path)
    line, column = place if place is not None else (None, None)
    return Problem(
        code, wording.de, wording.en, wording.hint_de, wording.hint_en, path=dotted(path), line=line, column=column
    )


def dotted(path: Sequence[str | int]) -> str:
    """A key path as people write it: ``bundles[0].measures[2].title``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _read(path: Path, slug: str) -> str:
    try:
        data = path.read_bytes()
    except OSError as unreadable:
        wording = Wording(
            f"Die Datei lässt sich nicht lesen ({unreadable.strerror}).",
            f"The file cannot be read ({unreadable.strerror}).",
            "Jede Gemeinde braucht einen Ordner mit einer Datei tenant.toml, die lesbar ist.",
            "Each town needs a folder with a readable file tenant.toml.",
        )
        raise TenantConfigError(path, (problem_at(PositionIndex(), (), "file_unreadable", wording),), slug) from None
    if len(data) > MAX_BYTES:
        wording = Wording(
            "Die Datei ist größer als 1 MiB.", "The file is larger than 1 MiB.", "Bitte kürzen.", "Shorten it."
        )
        raise TenantConfigError(path, (problem_at(PositionIndex(), (), "file_too_large", wording),), slug)
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as broken:
        before = data[: broken.start]
        problem = Problem(
            "file_not_utf8",
            "Die Datei ist nicht in UTF-8 geschrieben.",
            "The file is not written in UTF-8.",
            "Bitte im Editor als UTF-8 speichern.",
            "Save it as UTF-8 in your editor.",
            line=before.count(b"\n") + 1,
            column=broken.start - (before.rfind(b"\n") + 1) + 1,
        )
        raise TenantConfigError(path, (problem,), slug) from None


def _syntax_problem(message: str, text: str) -> Problem:
    found = _TOML_PLACE.search(message)
    reason = _TOML_PLACE.sub("", message)
    if found is not None and found.group(1) is not None:
        line, column = int(found.group(1)), int(found.group(2))
    else:
        lines = text.splitlines() or [""]
        line, column = len(lines), len(lines[-1]) + 1
    return Problem(
        "toml_syntax",
        f"Das ist kein gültiges TOML ({reason}).",
        f"This is not valid TOML ({reason}).",
        "Häufig fehlt ein Anführungszeichen oder eine Klammer in dieser oder der vorigen Zeile.",
        "Often a quote or a bracket is missing on this line or the one before.",
        line=line,
        column=column,
    )


def _validation_problem(
    index: PositionIndex,
    model: type[BaseModel],
    loc: tuple[int | str, ...],
    kind: str,
    message: str,
    context: dict[str, object],
    value: object,
) -> Problem:
    path = tuple(part for part in loc if part != "[key]")
    code, wording = wording_for(kind, message, dict(context), value)
    if kind == "extra_forbidden" and (near := ", ".join(near_keys(model, path))):
        wording = replace(wording, hint_de=f"Gemeint ist wohl: {near}.", hint_en=f"You probably mean: {near}.")
    return problem_at(index, path, code, wording)
