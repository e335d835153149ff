"""The reference page of the file format, written from the models so that it cannot fall behind them."""

import types
import typing
from collections.abc import Iterator
from datetime import date

from pydantic.fields import FieldInfo

from .measures import BundleEntry, FileModel, MeasureEntry
from .models import Branding, ProgrammeFile, SharingEntry, TenantFile
from .slugs import RESERVED_SLUGS
from .states import StateCode

_INTRO = """\
# tenant.toml

*This page is generated from the models; edit their descriptions instead.*

A town is a folder `tenants/<slug>/` with a file `tenant.toml`. Programmes of several towns stand once in
`tenants/programmes/<id>.toml`; a town joins one with `programme = "<id>"` and gets its own rows of its measures.
Unknown keys are faults, so a typing error cannot pass unnoticed. What a town does not know stays out of the file.
A file with faults is refused with file, line, column, reason and advice; the other towns are not affected.

Changes that staff make in the console are kept: a file is the origin of a measure, not its master.
"""

_SECTIONS: tuple[tuple[str, type[FileModel], str], ...] = (
    ("The town", TenantFile, "Top level of `tenant.toml`."),
    ("Branding", Branding, "Table `[branding]`."),
    ("Consents", SharingEntry, "Tables `[[sharing]]`: what the town gives to the region or to another town."),
    ("Bundles", BundleEntry, "Tables `[[bundles]]`."),
    ("Measures", MeasureEntry, "Tables `[[bundles.measures]]`, or `[[measures]]` outside any bundle."),
    ("Programmes", ProgrammeFile, "Top level of `tenants/programmes/<id>.toml`."),
)


def render_reference() -> str:
    """The whole page as Markdown."""
    parts = [_INTRO]
    for title, model, place in _SECTIONS:
        rows = "\n".join(_rows(model))
        parts.append(f"## {title}\n\n{place}\n\n| key | value | needed | meaning |\n|---|---|---|---|\n{rows}\n")
    parts.append(f"## Reserved slugs\n\n{', '.join(f'`{word}`' for word in sorted(RESERVED_SLUGS))}\n")
    return "\n".join(parts)


def _rows(model: type[FileModel]) -> Iterator[str]:
    for name, info in model.model_fields.items():
        needed = "yes" if info.is_required() else "no"
        yield f"| `{info.alias or name}` | {_kind(info)} | {needed} | {info.description} |"


def _kind(info: FieldInfo) -> str:
    return _words(info.annotation)


def _words(kind: object) -> str:
    """A type in plain words: text, list of text, date, table …"""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind == StateCode:
        return "state code"
    if origin is typing.Literal:
        return "one word of a list"
    if origin is typing.Annotated:
        return _words(arguments[0])
    if origin in {typing.Union, types.UnionType}:
        return _words(next(part for part in arguments if part is not type(None)))
    if origin is tuple:
        return f"list of {_words(arguments[0])}" if arguments[-1] is ... else "[number, number]"
    if origin is dict:
        return "tables"
    if isinstance(kind, type) and issubclass(kind, FileModel):
        return "table"
    return {str: "text", int: "whole number", float: "number", date: "date"}[typing.cast("type", kind)]
