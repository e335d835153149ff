"""The same plugin from another package."""

from contract_lamps.plugin import made

plugin = made()
