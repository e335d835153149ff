"""How much is tried: as much as each run can afford, or everything (REGIOHUB_TEST_DEPTH=full)."""

import os

DEPTH = "REGIOHUB_TEST_DEPTH"


def is_full() -> bool:
    """Whether everything is to be tried."""
    return os.environ.get(DEPTH) == "full"
