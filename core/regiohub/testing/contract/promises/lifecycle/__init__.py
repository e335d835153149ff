"""Promises about the life of a plugin: on and off, beside others, in its towns."""

from regiohub.testing.contract.promise import Promise

from .demo import DEMO_REPEATABLE
from .events import EVENTS_DESCRIBED
from .isolation import HOOKS_ISOLATED
from .jobs import JOBS_IN_TOWNS
from .off import OFF_MEANS_OFF
from .pages import PAGES_ANSWER
from .towns import TWO_TOWNS
from .writes import WRITES_REFUSED

PROMISES: tuple[Promise, ...] = (
    OFF_MEANS_OFF,
    HOOKS_ISOLATED,
    TWO_TOWNS,
    EVENTS_DESCRIBED,
    JOBS_IN_TOWNS,
    DEMO_REPEATABLE,
    PAGES_ANSWER,
    WRITES_REFUSED,
)
