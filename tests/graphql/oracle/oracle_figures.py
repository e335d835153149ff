"""What a run of random documents must have reached to count."""

from __future__ import annotations

import os

from oracle_property import DEPTH, SEED, Run

_LINKS = "the region links to no pages of plugins"
_BUSY = "random slots never take all units of a resource at once"
_WARNINGS = "random texts are no opening hours, or faultless ones"
_OLD = "entries of persons stand behind those of the installation, seldom on a page"
_CODES = "few bookings have a code that may be read now"
_PICK_UPS = "random slots are seldom units of a lot"
ALWAYS_NULL: dict[str, dict[str, str]] = {
    "town": {
        "AuditEntry.actor": _OLD, "AuditEntry.before": _OLD, "AuditEntry.note": _OLD,
        **{f"AccessInfo.{name}": _CODES for name in ("validFrom", "validUntil", "state", "code")},
        "BusySpan.startsAt": _BUSY, "BusySpan.endsAt": _BUSY,
        "HoursWarning.code": _WARNINGS, "HoursWarning.message": _WARNINGS,
        "PickUp.units": _PICK_UPS, "PickUp.place": _PICK_UPS, "PickUp.owner": _PICK_UPS,
    },
    "region": {f"ThingLink.{name}": _LINKS for name in ("plugin", "kind", "title", "count", "url")},
}  # fmt: skip
"""Fields that may be null in every answer, each with the reason"""
_MOST_REFUSED = 0.08


def check(run: Run) -> None:
    """Raise an AssertionError unless the documents were rich, answered, and about everything."""
    if os.environ.get(SEED) or not run.reached:
        return
    total = sum(coverage.documents for coverage in run.reached.values())
    rich = sum(coverage.kinds["rich"] for coverage in run.reached.values())
    refused = sum(coverage.kinds["refused"] for coverage in run.reached.values())
    assert rich * 2 >= total, (
        f"only {rich} of {total} documents have fragments, variables and nested lists with entries"
    )
    assert refused <= total * _MOST_REFUSED, f"{refused} of {total} documents were refused without being meant to be"
    for name, coverage in run.reached.items():
        if DEPTH == "full":
            assert coverage.never_named == [], name
            assert set(coverage.never_answered) <= ALWAYS_NULL[name].keys(), name
        else:
            assert len(coverage.named) >= 0.7 * len(coverage.paths.coordinates), name
