"""`register_datasets`: what a town can share."""

from datetime import date

import pytest

from regiohub.api import InvalidInput
from regiohub.sharing.service import NewConsent, grant
from regiohub.testing import World


async def test_register_datasets_makes_a_dataset_that_can_be_shared_and_no_other(board: World) -> None:
    known = NewConsent("board.notices", "berlin", "Nachbarschaft", "Beschluss 7", date(2026, 6, 1))
    unknown = NewConsent("board.secrets", "berlin", "Nachbarschaft", "Beschluss 7", date(2026, 6, 1))
    async with board.scope("potsdam").write() as ctx:
        assert (await grant(ctx, known)).dataset == "board.notices"
    with pytest.raises(InvalidInput, match=r"board\.secrets"):
        async with board.scope("potsdam").write() as ctx:
            await grant(ctx, unknown)
