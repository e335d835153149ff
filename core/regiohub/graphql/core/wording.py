"""Texts that a town may have in two languages."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from regiohub.graphql.authoring.fields import computed


def in_callers_language(description: str, model: Any, name: str) -> Any:
    """A field: the English words where the caller wants them and the town has them, otherwise the German ones."""
    german, english = getattr(model, name), getattr(model, f"{name}_en")

    def in_sql(ctx: Any) -> Any:
        return sa.func.coalesce(sa.func.nullif(english, ""), german) if ctx.locale == "en" else german

    def pick(row: Any, ctx: Any) -> str | None:
        return (getattr(row, f"{name}_en") if ctx.locale == "en" else None) or getattr(row, name)

    return computed(description, sql=in_sql, python=pick, reads=(german, english))
