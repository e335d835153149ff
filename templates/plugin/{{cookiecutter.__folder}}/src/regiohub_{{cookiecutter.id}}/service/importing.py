"""Taking over places from a file: repeatable, and what one entry gets wrong does not stop the others."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from regiohub.api import Ctx, DomainError, Text
from regiohub_{{ cookiecutter.id }}.formats.places_file import Found, read_file
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}
from regiohub_{{ cookiecutter.id }}.permissions import IMPORT
from sqlalchemy import select

from .drafts import Draft, checked
from .editing import add, apply
from .reading import spans_of


@dataclass(slots=True)
class Report:
    """What became of the entries, by their ids; ``refused`` says number, field and reason."""

    created: list[str] = field(default_factory=list[str])
    changed: list[str] = field(default_factory=list[str])
    unchanged: list[str] = field(default_factory=list[str])
    refused: list[tuple[int, str | None, Text]] = field(default_factory=list[tuple[int, str | None, Text]])


async def import_file(ctx: Ctx, raw: bytes) -> Report:
    """Take over a CSV or GeoJSON file. Places are known by their ids: new ones are added, others follow the file.

    :raises InvalidInput: the file as a whole cannot be read. Nothing is stored then.
    """
    ctx.require(IMPORT)
    report = Report()
    drafts = _drafts(read_file(raw), report)
    there = {
        place.external_id: place
        for place in await ctx.session.scalars(select({{ cookiecutter.__Thing }}).where({{ cookiecutter.__Thing }}.external_id.in_(drafts)))
    }
    spans = await spans_of(ctx, [place.id for place in there.values()])
    for external_id, place in there.items():
        changed = await apply(ctx, place, spans[place.id], drafts[str(external_id)])
        (report.changed if changed else report.unchanged).append(str(external_id))
    report.created = [external_id for external_id in drafts if external_id not in there]
    await add(ctx, [drafts[external_id] for external_id in report.created])
    counts = {"created": len(report.created), "changed": len(report.changed), "refused": len(report.refused)}
    await ctx.audit("{{ cookiecutter.id }}.import", kind="file", id="places", after=counts)
    return report


def _drafts(entries: Sequence[Found], report: Report) -> dict[str, Draft]:
    """The drafts by their ids; an id that comes again counts as it stands last. Faults go into the report."""
    drafts: dict[str, Draft] = {}
    for entry in entries:
        try:
            if entry.fault is not None:
                raise entry.fault
            draft = checked(entry.values)
        except DomainError as fault:
            report.refused.append((entry.number, fault.field, fault.message))
            continue
        assert draft.external_id is not None, "the file's reader sees to it"
        drafts[draft.external_id] = draft
    return drafts
