"""What a plugin's migrations are written with: `from regiohub.api.migrations import ops`."""

from regiohub.db.migrations import ops

__all__ = ["ops"]
