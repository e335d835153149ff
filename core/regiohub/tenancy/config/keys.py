"""Which keys a place in a file may have: for saying what a misspelt one was meant to be."""

import difflib
import typing
from collections.abc import Iterator, Sequence

from pydantic import BaseModel


def near_keys(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """The known keys most like the last one of a key path, best first; empty when nothing is near."""
    *parents, wrong = path
    for part in parents:
        if isinstance(part, int):
            continue
        inner = next(_models_in(_annotation(model, part)), None)
        if inner is None:
            return []
        model = inner
    known = [info.alias or name for name, info in model.model_fields.items()]
    return difflib.get_close_matches(str(wrong), known, n=2, cutoff=0.7)


def _annotation(model: type[BaseModel], key: str) -> object:
    for name, info in model.model_fields.items():
        if key in (name, info.alias):
            return info.annotation
    return None


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """The models that an annotation like ``tuple[BundleEntry, ...]`` or ``Branding | None`` names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _models_in(argument)
