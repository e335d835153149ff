"""A statement that runs away is ended by the database."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from regiohub.db.database import Database
from regiohub.testing import World


async def test_postgresql_ends_a_statement_that_takes_too_long(world_postgresql: World) -> None:
    impatient = Database(world_postgresql.platform.settings.database_url, statement_timeout=0.2)
    try:
        async with impatient.reading.connect() as connection:
            with pytest.raises(DBAPIError, match="statement timeout"):
                await connection.execute(sa.text("SELECT pg_sleep(5)"))
    finally:
        await impatient.close()


async def test_limit_of_the_settings_is_in_force(world_postgresql: World) -> None:
    async with world_postgresql.platform.database.reading.connect() as connection:
        assert await connection.scalar(sa.text("SHOW statement_timeout")) == "30s"
