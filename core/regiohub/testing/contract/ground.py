"""What every promise stands on: a plugin that the platform takes, and tables that are those of its models.

Without it promises fail that have nothing to do with the fault, each in the words of some library.
"""

from __future__ import annotations

import traceback
from functools import cache
from importlib.metadata import EntryPoint

from sqlalchemy.exc import DBAPIError

from regiohub.plugins import loading
from regiohub.plugins.host import PluginHost
from regiohub.plugins.rules import RULES

from .case import Case
from .promise import Breach, Promise
from .promises.tables.migrations import UP_DOWN_UP
from .promises.tables.models import MATCH_MODELS

_TAKEN = next(rule for rule in RULES if rule.id == "manifest-valid")


def refuse_unusable(plugin: str, entries: tuple[EntryPoint, ...] | None) -> None:
    """Check that the platform takes the plugin.

    :raises Breach: it does not, of the rule `manifest-valid`; the fault is the platform's reason.
    """
    __tracebackhide__ = True
    reason = _reason(plugin, entries)
    if reason is not None:
        raise Breach(_TAKEN, [reason])


async def hold(promise: Promise, case: Case) -> None:
    """Check a promise.

    :raises Breach: it is broken; or what it stands on is, which is then the one that the error names.
    """
    __tracebackhide__ = True
    try:
        await promise.hold(case)
    except Breach:
        raise
    except Exception as error:
        breach = await _beneath(case, error)
        if breach is not None:
            # The way to it leads through statements that could not succeed.
            raise breach from None
        error.add_note(
            f"This came up while the promise {promise.id} was tried: {promise.title}. What to do: look for the last"
            " line of the plugin, or of what contract(…) was given, in the traceback; what it raises is a fault of its"
            " own."
        )
        raise


async def _beneath(case: Case, error: Exception) -> Breach | None:
    """The breach that explains an error, if migrations fail or make other tables than the models have."""
    try:
        await case.installations.prepared(case.recipe, case.engine)
    except Exception:
        ground = UP_DOWN_UP
    else:
        if not isinstance(error, DBAPIError):
            return None
        ground = MATCH_MODELS
    faults = list(await ground.faults(case.within("ground")))
    return Breach(ground, faults) if faults else None


@cache
def _reason(plugin: str, entries: tuple[EntryPoint, ...] | None) -> str | None:
    """Why the platform does not take a plugin; None: it does."""
    records = {record.id: record for record in PluginHost(entries).records}
    if plugin not in records:
        there = ", ".join(records) or "none"
        return f"no plugin {plugin} is installed here (there are: {there}); in its folder: pip install -e ."
    record = records[plugin]
    # The sentence of a failed import names the error, not the line.
    place = _place(plugin, entries) if record.plugin is None else None
    return f"{record.fault} ({place})" if record.fault and place else record.fault


def _place(plugin: str, entries: tuple[EntryPoint, ...] | None) -> str | None:
    """The line at which its import fails, as `…/service.py:7`; None: it does not fail."""
    entry = next(found for found in entries or loading.installed() if found.name == plugin)
    try:
        entry.load()
    except SyntaxError as error:
        return f"{error.filename}:{error.lineno}"
    except (Exception, SystemExit) as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith("<")]
        return f"{frames[-1].filename}:{frames[-1].lineno}"
    return None
