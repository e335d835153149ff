"""Promises about tables: migrations, keys, and the walls between towns."""

from regiohub.testing.contract.counting import ROWS_FILLED
from regiohub.testing.contract.promise import Promise

from .guards import GUARDS_FORCED
from .keys import KEYS_TENANT_FIRST
from .migrations import UP_DOWN_UP
from .models import MATCH_MODELS

PROMISES: tuple[Promise, ...] = (ROWS_FILLED, UP_DOWN_UP, MATCH_MODELS, KEYS_TENANT_FIRST, GUARDS_FORCED)
