"""Calling hooks: only of plugins that are on, in order, with failures isolated and counted."""

from __future__ import annotations

import pytest

from regiohub.api import Contribution, Plugin, hookspec
from regiohub.plugins.host import PluginHost

from .conftest import Offer, make_plugin


def speaking(id: str, value: object, **kwargs: object) -> Plugin:
    plugin = make_plugin(id, **kwargs)

    def register_navigation() -> object:
        if isinstance(value, Exception):
            raise value
        return value

    plugin.hook(register_navigation)
    return plugin


def test_the_others_results_arrive_when_one_hook_raises(offer: Offer) -> None:
    host = PluginHost(
        [
            offer("aa", speaking("aa", ["one"])),
            offer("bad", speaking("bad", ValueError("moon"))),
            offer("cc", speaking("cc", ["two", "three"])),
        ]
    )
    assert host.collect("register_navigation") == [
        Contribution("aa", "one"),
        Contribution("cc", "two"),
        Contribution("cc", "three"),
    ]
    assert (host.stats["bad"].errors, host.stats["aa"].errors) == (1, 0)
    assert host.stats["bad"].last_error == "register_navigation: ValueError: moon"


def test_only_plugins_that_are_on_are_called(offer: Offer) -> None:
    host = PluginHost([offer("aa", speaking("aa", [1])), offer("bb", speaking("bb", [2]))])
    assert host.collect("register_navigation", frozenset({"bb"})) == [Contribution("bb", 2)]
    assert host.collect("register_navigation", frozenset()) == []


def test_calls_and_seconds_are_counted_per_plugin_and_hook(offer: Offer) -> None:
    host = PluginHost([offer("aa", speaking("aa", [1]))])
    host.collect("register_navigation")
    host.collect("register_navigation")
    stats = host.stats["aa"]
    assert (stats.calls, stats.by_hook) == (2, {"register_navigation": 2})
    assert stats.seconds > 0


def test_a_plugin_may_offer_hooks_of_its_own(offer: Offer) -> None:
    class Hooks:
        @hookspec
        def register_lock_makers(self, town: str, colour: str) -> None:
            """Makers of locks."""

    giver = make_plugin("giver")

    @giver.hook
    def register_lock_makers(town: str) -> list[str]:  # takes fewer arguments than the specification
        return [f"maker of {town}"]

    host = PluginHost([offer("giver", giver), offer("locks", make_plugin("locks", hookspecs=(Hooks,)))])
    assert host.call("register_lock_makers", None, town="Belzig", colour="red")[0].value == ["maker of Belzig"]


def test_switched_on_means_effective_only_with_everything_it_requires(offer: Offer) -> None:
    host = PluginHost(
        [
            offer("base", make_plugin("base")),
            offer("top", make_plugin("top", requires=("base",))),
            offer("always", make_plugin("always", level="platform")),
        ]
    )
    assert host.effective({"top"}) == {"always"}
    assert host.effective({"top", "base", "gone"}) == {"always", "base", "top"}


def test_quarantine_takes_a_plugin_out_at_once_and_keeps_the_reason(offer: Offer) -> None:
    host = PluginHost([offer("aa", speaking("aa", [1]))])
    host.collect("register_navigation")
    host.quarantine("aa", "two plugins contribute Query.aa")
    assert host.collect("register_navigation") == []
    assert host.records[0].fault == "two plugins contribute Query.aa"


def test_two_hosts_share_nothing(offer: Offer) -> None:
    one, two = (PluginHost([offer("aa", speaking("aa", [1]))]) for _ in range(2))
    one.quarantine("aa", "only here")
    assert list(two.healthy) == ["aa"]


def test_a_hook_that_does_not_exist_cannot_be_called(offer: Offer) -> None:
    host = PluginHost([offer("aa", make_plugin("aa"))])
    with pytest.raises(AttributeError):
        host.collect("register_moons")
