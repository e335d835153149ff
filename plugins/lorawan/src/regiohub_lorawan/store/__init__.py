"""SQL for the bulk of the data: messages, observations, rollups. One form per database behind the same functions.

Rows travel in one statement per batch: arrays unfolded by ``unnest`` on PostgreSQL, a prepared statement executed for
all rows on SQLite. Multi-row VALUES through the ORM would be ten to twenty times slower.
"""
