"""Measures as staff keep them: adding, changing, taking out of the portfolio and back. Each change is audited.

A row that a person has changed is of origin `local` from then on: the town's file does not overwrite it any more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from pydantic import ValidationError

from regiohub.auth.permissions import REGION_ACTIVATION, TENANT_MEASURES, TENANT_PLUGINS
from regiohub.errors import Conflict, Forbidden, InvalidInput, NotFound
from regiohub.tenancy.config import MeasureEntry
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.faults import refusal
from regiohub.tenancy.models import Activation, Measure, Origin
from regiohub.tenancy.switches import switch_plugin
from regiohub.texts import t

FACTS: Final = (
    "title", "title_en", "summary", "summary_en", "lead", "partners", "fields", "from_year", "to_year", "phase",
    "status", "later",
)  # fmt: skip
"""What can be said about a measure, as in the file."""
_LETTERS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
BUNDLE: Final = ("bundle_key", "bundle_title", "bundle_title_en")
"""The bundle: an existing one by its key, or a new one with its titles."""


async def find_measure(ctx: Ctx, key: str) -> Measure:
    """A measure by its key, a retired one too. Raises ``NotFound``."""
    row = await ctx.session.scalar(sa.select(Measure).where(Measure.key == key))
    if row is None:
        raise NotFound(t("Diese Maßnahme gibt es hier nicht.", "There is no such measure here."), field="measure")
    return row


def key_from(title: str) -> str:
    """A key made of a title: "Bürgernahes Baumkataster" becomes ``buergernahes-baumkataster``."""
    plain = title.lower().translate(_LETTERS)
    ascii_only = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:80].rstrip("-")


async def add_measure(ctx: Ctx, key: str, values: Mapping[str, Any]) -> Measure:
    """Add a measure at the end of the portfolio. `values`: those of `FACTS` and `BUNDLE` that are known.

    :raises Forbidden: the caller may not (or ``Unauthenticated``). :raises Conflict: the key is taken.
    :raises InvalidInput: a value does not fit; ``field`` names it.
    """
    ctx.require(TENANT_MEASURES)
    facts = _checked(key, values)
    if await ctx.session.scalar(sa.select(Measure.id).where(Measure.key == key)):
        raise Conflict(t(f"Die Kennung {key} ist schon vergeben.", f"The key {key} is taken already."), field="key")
    last = await ctx.session.scalar(sa.select(sa.func.max(Measure.position)))
    row = Measure(key=key, position=0 if last is None else last + 1, origin=Origin.LOCAL, retired_at=None, **facts)
    for name, value in (await _bundle(ctx, values)).items():
        setattr(row, name, value)
    row.programme_id = None
    ctx.session.add(row)
    await ctx.session.flush()
    await ctx.audit("tenant.measure_added", kind="measure", id=key, after={**facts, "bundle": row.bundle_key})
    return row


async def change_measure(ctx: Ctx, key: str, values: Mapping[str, Any]) -> Measure:
    """Change those facts of a measure that `values` names; the others stay. Changes nothing if all are equal.

    :raises Forbidden: the caller may not (or ``Unauthenticated``). :raises NotFound: no such measure.
    :raises InvalidInput: a value does not fit; ``field`` names it.
    """
    ctx.require(TENANT_MEASURES)
    row = await find_measure(ctx, key)
    present = {name: getattr(row, name) for name in FACTS}
    wanted: dict[str, Any] = {**_checked(key, {**present, **values}), **await _bundle(ctx, values)}
    before = {name: getattr(row, name) for name in wanted if getattr(row, name) != wanted[name]}
    if not before:
        return row
    for name in before:
        setattr(row, name, wanted[name])
    row.origin = Origin.LOCAL
    await ctx.session.flush()
    after = {name: wanted[name] for name in before}
    await ctx.audit("tenant.measure_changed", kind="measure", id=key, before=before, after=after)
    return row


async def retire_measure(ctx: Ctx, key: str) -> Measure:
    """Take a measure out of the portfolio: it and its indicators are not shown any more, its plugins go off for it.

    Everything is kept, so that `restore_measure` can bring it back; a plugin stays on where another measure needs it.

    :raises Forbidden: the caller may not, or may not switch off its plugins (or ``Unauthenticated``).
    :raises NotFound: no such measure in the portfolio.
    :raises Conflict: a plugin that would go off is needed by another one.
    """
    ctx.require(TENANT_MEASURES)
    row = await find_measure(ctx, key)
    if row.retired_at is not None:
        raise NotFound(t("Diese Maßnahme ruht bereits.", "This measure is retired already."), field="measure")
    on = sa.select(Activation.plugin).where(Activation.measure_id == row.id, Activation.on).order_by(Activation.plugin)
    plugins = list(await ctx.session.scalars(on))
    if plugins and not (ctx.can(TENANT_PLUGINS) or ctx.can(REGION_ACTIVATION)):
        names = ", ".join(plugins)
        raise Forbidden(
            t(
                f"Für diese Maßnahme ist eingeschaltet: {names}. Das auszuschalten ist Sache der Administration.",
                f"Switched on for this measure: {names}. Only an administrator may switch that off.",
            )
        )
    for plugin in plugins:
        await switch_plugin(ctx, plugin, on=False, measure=key)
    row.retired_at, row.origin = ctx.now(), Origin.LOCAL
    await ctx.session.flush()
    await ctx.audit("tenant.measure_retired", kind="measure", id=key, before={"plugins": plugins})
    return row


async def restore_measure(ctx: Ctx, key: str) -> Measure:
    """Bring a retired measure back into the portfolio. Its plugins stay off until somebody switches them on.

    :raises Forbidden: the caller may not (or ``Unauthenticated``). :raises NotFound: no such retired measure.
    """
    ctx.require(TENANT_MEASURES)
    row = await find_measure(ctx, key)
    if row.retired_at is None:
        raise NotFound(t("Diese Maßnahme ruht nicht.", "This measure is not retired."), field="measure")
    row.retired_at = None
    await ctx.session.flush()
    await ctx.audit("tenant.measure_restored", kind="measure", id=key)
    return row


def _checked(key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as rows keep them, held to the rules of the file's entries."""
    given = {name: _plain(values.get(name)) for name in FACTS}
    try:
        entry = MeasureEntry.model_validate({"id": key, **{name: value for name, value in given.items() if value}})
    except ValidationError as error:
        raise _named(refusal(error)) from None
    facts = entry.model_dump(include=set(FACTS))
    return {name: list(value) if isinstance(value, tuple) else value for name, value in facts.items()}


_FIELDS: Final = {"id": "key", "from": "from_year", "to": "to_year"}


def _named(fault: InvalidInput) -> InvalidInput:
    """With our names of the fields, where the file has its own; a term that runs backwards is its end's fault."""
    head = (fault.field or "to_year").partition(".")[0]
    return InvalidInput(fault.message, field=_FIELDS.get(head, head))


def _plain(value: Any) -> Any:
    """Empty texts mean "not known"."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, list | tuple):
        return tuple(part.strip() for part in value if part.strip())
    return value


async def _bundle(ctx: Ctx, values: Mapping[str, Any]) -> dict[str, Any]:
    """Key and titles of the bundle that is wanted; nothing if the caller says nothing about bundles."""
    if "bundle_key" not in values:
        return {}
    key = (values["bundle_key"] or "").strip()
    if not key:
        return dict.fromkeys(BUNDLE)
    known = (
        await ctx.session.scalars(sa.select(Measure).where(Measure.bundle_key == key).order_by(Measure.position))
    ).first()
    if known is not None:
        return {name: getattr(known, name) for name in BUNDLE}
    title = (values.get("bundle_title") or "").strip()
    if not title:
        raise InvalidInput(
            t("Ein neues Bündel braucht einen Titel.", "A new bundle needs a title."), field="bundle_title"
        )
    # A bundle is no row of its own; its key follows the rules of all keys.
    try:
        MeasureEntry.model_validate({"id": key, "title": title})
    except ValidationError as error:
        fault = refusal(error)
        field = "bundle_title" if fault.field == "title" else "bundle_key"
        raise InvalidInput(fault.message, field=field) from None
    return dict(zip(BUNDLE, (key, title, (values.get("bundle_title_en") or "").strip() or None), strict=True))
