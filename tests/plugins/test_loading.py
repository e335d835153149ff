"""From entry points to healthy plugins; every fault names the plugin and is nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.api import Permission, PluginSettings, t
from regiohub.plugins.errors import PluginError, QuarantineError
from regiohub.plugins.host import PluginHost
from regiohub.plugins.loading import Record, order

from .conftest import Offer, make_plugin


def faults(host: PluginHost) -> dict[str, str]:
    return {record.id: record.fault for record in host.records if record.fault}


def test_an_import_error_quarantines_only_its_plugin(offer: Offer) -> None:
    def broken() -> Any:
        raise ImportError("no module named moon")

    host = PluginHost([offer("broken", broken), offer("fine", make_plugin("fine"))])
    assert list(host.healthy) == ["fine"]
    assert "ImportError: no module named moon" in faults(host)["broken"]


def test_a_plugin_that_exits_at_import_does_not_end_the_platform(offer: Offer) -> None:
    def leaving() -> Any:
        raise SystemExit(3)

    host = PluginHost([offer("leaving", leaving), offer("fine", make_plugin("fine"))])
    assert list(host.healthy) == ["fine"]


def test_a_wrong_core_version_is_found_before_anything_is_imported(offer: Offer) -> None:
    imported: list[str] = []

    def import_it() -> Any:
        imported.append("yes")
        return make_plugin("old")

    host = PluginHost([offer("old", import_it, requires=("regiohub>=9",))])
    assert imported == []
    assert "needs regiohub>=9" in faults(host)["old"]


def test_a_plugin_outside_the_allow_list_is_installed_but_not_loaded(offer: Offer) -> None:
    def never() -> Any:
        raise AssertionError("must not be imported")

    host = PluginHost([offer("hidden", never), offer("fine", make_plugin("fine"))], allowed=("fine",))
    hidden = next(record for record in host.records if record.id == "hidden")
    assert (hidden.allowed, hidden.healthy, hidden.fault) == (False, False, None)


def test_an_unknown_hook_is_named_with_the_known_ones(offer: Offer) -> None:
    plugin = make_plugin("typo")

    @plugin.hook
    def register_graphq1() -> None:
        return None

    host = PluginHost([offer("typo", plugin)])
    assert "unknown hooks: register_graphq1" in faults(host)["typo"]
    assert "register_graphql" in faults(host)["typo"]


def test_a_hook_with_an_argument_the_specification_lacks_is_refused(offer: Offer) -> None:
    plugin = make_plugin("greedy")

    @plugin.hook
    def register_jobs(moon: int) -> None:
        del moon

    host = PluginHost([offer("greedy", plugin)])
    assert "hook does not fit its specification" in faults(host)["greedy"]


def test_plugins_come_in_dependency_order_then_by_name(offer: Offer) -> None:
    host = PluginHost(
        [
            offer("alpha", make_plugin("alpha", requires=("zeta",))),
            offer("beta", make_plugin("beta", after=("alpha", "not_there"))),
            offer("zeta", make_plugin("zeta")),
        ]
    )
    assert list(host.healthy) == ["zeta", "alpha", "beta"]


def test_a_circle_names_its_members_and_spares_the_others(offer: Offer) -> None:
    host = PluginHost(
        [
            offer("aa", make_plugin("aa", requires=("bb",))),
            offer("bb", make_plugin("bb", requires=("aa",))),
            offer("cc", make_plugin("cc")),
        ]
    )
    assert list(host.healthy) == ["cc"]
    assert "aa -> bb -> aa" in faults(host)["aa"]


def test_what_requires_a_faulty_plugin_is_left_out_too(offer: Offer) -> None:
    def broken() -> Any:
        raise RuntimeError("boom")

    host = PluginHost(
        [
            offer("base", broken),
            offer("middle", make_plugin("middle", requires=("base",))),
            offer("top", make_plugin("top", requires=("middle",))),
        ]
    )
    assert host.healthy == {}
    assert "requires middle" in faults(host)["top"]


def test_two_distributions_with_one_plugin_name_are_both_named(offer: Offer) -> None:
    one, two = offer("twin", make_plugin("twin")), offer("twin", make_plugin("twin"))
    vars(two)["dist"]._text = "Metadata-Version: 2.1\nName: other-twin\nVersion: 1\n"
    host = PluginHost([one, two])
    assert "other-twin and regiohub-twin both offer" in faults(host)["twin"]


def test_strict_mode_turns_a_quarantine_into_an_error(offer: Offer) -> None:
    with pytest.raises(QuarantineError, match=r"1 plugin\(s\) in quarantine: named: its id is 'other'"):
        PluginHost([offer("named", make_plugin("other"))], strict=True)


class NeedsValue(PluginSettings):
    """Settings without a default."""

    limit: int


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"permissions": (Permission("other.do", t("Tun", "Do")),)}, "permission other.do must start with sample."),
        ({"settings": NeedsValue}, "settings need a default for each field"),
        ({"hook_api": 99}, "written for hook API 99"),
    ],
)
def test_a_manifest_that_breaks_the_rules_is_refused_with_the_rule(kwargs: dict[str, Any], message: str) -> None:
    with pytest.raises(PluginError, match=message):
        make_plugin("sample", **kwargs).check()


def test_a_hook_implemented_twice_is_refused() -> None:
    plugin = make_plugin("double")

    def register_jobs() -> None: ...

    plugin.hook(register_jobs)
    with pytest.raises(PluginError, match="register_jobs is implemented twice"):
        plugin.hook(register_jobs)


@given(st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("abcdef"), max_size=3), max_size=6))
def test_any_web_of_requirements_is_ordered_or_quarantined(web: dict[str, set[str]]) -> None:
    records = {
        name * 2: Record(
            name * 2, name, "1", allowed=True, plugin=make_plugin(name * 2, requires=tuple(n * 2 for n in needs))
        )
        for name, needs in web.items()
    }
    result = order(dict(records))
    assert {record.id for record in result} == set(records)
    seen: set[str] = set()
    for record in result:
        if record.healthy and record.plugin:
            assert set(record.plugin.requires) <= seen
            seen.add(record.id)
