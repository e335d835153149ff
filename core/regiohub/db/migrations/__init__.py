"""Alembic migrations of the core's own tables; `ops` is what every migration, a plugin's too, is written with."""
