"""`register_subject_data`: what is held on a person beyond declared tables."""

from regiohub.api import Subject
from regiohub.privacy.subject import erase_subject, export_subject
from regiohub.testing import World

from .conftest import Seen


async def test_register_subject_data_is_part_of_export_and_erasure(board: World, seen: Seen) -> None:
    async with board.scope("potsdam").write() as ctx:
        export = await export_subject(ctx, Subject("anna"))
    records = [record for part in export.parts for record in part.records]
    assert {"text": "Notice of anna"} in records
    assert seen == []
    async with board.scope("potsdam").write() as ctx:
        report = await erase_subject(ctx, Subject("anna"))
    assert seen == [("erased anna", "potsdam")]
    assert sum(outcome.deleted for outcome in report.outcomes) == 1
