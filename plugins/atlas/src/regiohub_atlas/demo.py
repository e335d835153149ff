"""Demo content of a town: its published participation formats, and example procedures marked as such."""

import json
from pathlib import Path

from regiohub.api import Ctx, TenantScope
from regiohub_atlas.formats.participation import read_participation
from regiohub_atlas.formats.procedure_file import read_procedure_file
from regiohub_atlas.service.importing import import_batch
from regiohub_atlas.service.status import today

PARTICIPATION = "participation.json"
EXAMPLES = "atlas.toml"


async def load_demo(scope: TenantScope, folder: Path) -> None:
    """Load what stands beside the town's file. Repeating it keeps local changes; examples are added once only."""

    async def load(ctx: Ctx) -> None:
        published = folder / PARTICIPATION
        if published.is_file():
            await import_batch(ctx, read_participation(json.loads(published.read_text(encoding="utf-8"))))
        examples = folder / EXAMPLES
        if examples.is_file():
            # Their days count from the day of loading: reading them again would move the procedures along.
            await import_batch(ctx, read_procedure_file(examples, today(ctx)), create_only=True)

    await scope.run(load)
