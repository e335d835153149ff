"""What staff do with places. Every step is audited and told to other plugins."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from regiohub.api import Ctx, uuid7
from regiohub_{{ cookiecutter.id }}.errors import ExternalIdTaken
from regiohub_{{ cookiecutter.id }}.events import {{ cookiecutter.__Thing }}Changed, {{ cookiecutter.__Thing }}Created, {{ cookiecutter.__Thing }}Removed
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}, Opening
from regiohub_{{ cookiecutter.id }}.permissions import EDIT
from sqlalchemy import delete, select

from .drafts import COLUMNS, Draft, checked
from .hours import Span, hours_text
from .reading import find, spans_of


async def create(ctx: Ctx, values: Mapping[str, Any]) -> {{ cookiecutter.__Thing }}:
    """A new place.

    :raises InvalidInput: a value breaks a rule; ``field`` says which.
    :raises ExternalIdTaken: another place has the external id.
    """
    ctx.require(EDIT)
    draft = checked(values)
    await _external_id_is_free(ctx, draft.external_id, None)
    (place,) = await add(ctx, [draft])
    await ctx.audit("{{ cookiecutter.id }}.create", kind="place", id=str(place.id), after={"name": place.name})
    return place


async def add(ctx: Ctx, drafts: Sequence[Draft]) -> list[{{ cookiecutter.__Thing }}]:
    """Store drafts as new places without asking for a right: the way of imports and example content too."""
    places = [
        {{ cookiecutter.__Thing }}(
            id=uuid7(),
{% if cookiecutter.job %}
            checked_at=ctx.now(),
            outdated=False,
{% endif %}
            **{name: getattr(draft, name) for name in COLUMNS},
        )
        for draft in drafts
    ]
    ctx.session.add_all(places)
    await ctx.session.flush()
    for place, draft in zip(places, drafts, strict=True):
        ctx.session.add_all(_openings(place, draft))
        await ctx.emit({{ cookiecutter.__Thing }}Created(place_id=place.id))
    await ctx.session.flush()
    return places


async def change(ctx: Ctx, place_id: UUID, changes: Mapping[str, Any]) -> {{ cookiecutter.__Thing }}:
    """Change what is given, and leave the rest as it is."""
    ctx.require(EDIT)
    place = await find(ctx, place_id)
    before = await current(ctx, place)
    spans = (await spans_of(ctx, [place.id]))[place.id]
    draft = checked({**before, **changes})
    if draft.external_id != place.external_id:
        await _external_id_is_free(ctx, draft.external_id, place.id)
    changed = await apply(ctx, place, spans, draft)
    if changed:
        after = await current(ctx, place)
        await ctx.audit(
            "{{ cookiecutter.id }}.change",
            kind="place",
            id=str(place.id),
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return place


async def apply(ctx: Ctx, place: {{ cookiecutter.__Thing }}, spans: Sequence[Span], draft: Draft) -> list[str]:
    """Store what differs, tell other plugins, and name the fields that are different now. ``spans``: as they were."""
    changed = [name for name in COLUMNS if getattr(place, name) != getattr(draft, name)]
    for name in changed:
        setattr(place, name, getattr(draft, name))
    if tuple(spans) != draft.spans:
        await ctx.session.execute(delete(Opening).where(Opening.place_id == place.id))
        ctx.session.add_all(_openings(place, draft))
        changed.append("hours")
{% if cookiecutter.job %}
    place.checked_at, place.outdated = ctx.now(), False
{% endif %}
    await ctx.session.flush()
    if changed:
        await ctx.emit({{ cookiecutter.__Thing }}Changed(place_id=place.id, fields=changed))
    return changed


async def remove(ctx: Ctx, place_id: UUID) -> None:
    """Remove a place with its opening hours for good."""
    ctx.require(EDIT)
    place = await find(ctx, place_id)
    await ctx.session.delete(place)
    await ctx.session.flush()
    await ctx.emit({{ cookiecutter.__Thing }}Removed(place_id=place_id))
    await ctx.audit("{{ cookiecutter.id }}.remove", kind="place", id=str(place_id), before={"name": place.name})


async def current(ctx: Ctx, place: {{ cookiecutter.__Thing }}) -> dict[str, Any]:
    """What a place says now, in the shape that ``checked`` takes."""
    values: dict[str, Any] = {name: getattr(place, name) for name in COLUMNS}
    return values | {"kind": place.kind.value, "hours": hours_text((await spans_of(ctx, [place.id]))[place.id])}


def _openings(place: {{ cookiecutter.__Thing }}, draft: Draft) -> list[Opening]:
    return [Opening(id=uuid7(), place_id=place.id, **span._asdict()) for span in draft.spans]


async def _external_id_is_free(ctx: Ctx, external_id: str | None, own: UUID | None) -> None:
    if external_id is None:
        return
    # Nobody else takes it between this look and the end of the transaction.
    await ctx.session.lock("{{ cookiecutter.id }}.external_id", external_id)
    holder = await ctx.session.scalar(select({{ cookiecutter.__Thing }}.id).where({{ cookiecutter.__Thing }}.external_id == external_id))
    if holder is not None and holder != own:
        raise ExternalIdTaken(external_id, str(holder))
