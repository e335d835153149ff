"""What plugins rely on stays, or goes away in the announced way, and the changelog tells of it."""

from __future__ import annotations

import warnings
from importlib import import_module
from pathlib import Path

import pytest

import regiohub.api
from regiohub.deprecation import DEPRECATED, WINDOW, ApiDeprecationWarning, Deprecation, deprecated_name
from regiohub.testing.surface import MODULES, public_surface

from .judgement import judge

ROOT = Path(__file__).parents[2]
RECORDED = ROOT / "tests" / "compatibility" / "recorded.txt"
CLOCK = "regiohub.api.Clock class()"


def test_each_change_of_the_public_surface_since_the_last_release_is_announced_and_told() -> None:
    fragments = [page.read_text(encoding="utf-8") for page in ROOT.glob("docs/changes/*.*.md")]
    recorded = RECORDED.read_text(encoding="utf-8").splitlines()
    assert judge(recorded, public_surface(), "\n".join(fragments), regiohub.api.VERSION) == {}


def test_the_api_has_the_version_of_the_release_it_comes_with() -> None:
    from importlib.metadata import version

    assert ".".join(map(str, regiohub.api.VERSION)) == version("regiohub").rpartition(".")[0]


@pytest.mark.parametrize("module", MODULES)
def test_no_deprecation_is_too_short_or_overdue(module: str) -> None:
    public = import_module(module)
    for name, deprecation in getattr(public, DEPRECATED, {}).items():
        assert deprecation.window >= WINDOW, name
        assert tuple(map(int, deprecation.gone_in.split("."))) > regiohub.api.VERSION, f"{name}: remove it now"
        assert name not in public.__all__


@pytest.mark.parametrize(
    ("before", "after", "told", "fault"),
    [
        ([], [CLOCK], "", "no fragment"),
        ([], ["regiohub.testing.World class()"], "For regiohub.testing.", "no fragment"),
        ([CLOCK], [], "Clock is gone", "without having been deprecated"),
        (["regiohub.api.Clock deprecated since 0.1, gone in 0.3"], [], "Clock", "too early: it was promised until 0.3"),
        (["regiohub.api.t(de, en)"], ["regiohub.api.t(de, en, fr = None)"], "texts", "no fragment"),
        (["regiohub.api.t(de, en, fr = None)"], ["regiohub.api.t(de, en)"], "`t`", "no longer takes fr"),
        (["regiohub.api.Ctx.f(self, a: Map[str, int] = {1: 2})"], ["regiohub.api.Ctx.f(self)"], "`Ctx`", "takes a"),
        (["regiohub.api.t(de) -> Text"], ["regiohub.api.t(de, en) -> Text"], "`t`", "demands en"),
        (["regiohub.api.Job.name: str = …"], ["regiohub.api.Job.name: str"], "`Job`", "must be given now"),
        ([], ["regiohub.api.value(x)"], "Some value.", "no fragment"),
        (["hook on_x(tenant: A, at: B) -> None"], ["hook on_x(tenant: A) -> None"], "on_x", "no longer gives at"),
    ],
)  # fmt: skip
def test_a_change_that_breaks_the_rules_is_named(before: list[str], after: list[str], told: str, fault: str) -> None:
    (said,) = judge(before, after, told).values()
    assert fault in said


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([CLOCK], [CLOCK], ""),
        ([], [CLOCK], "The class `Clock` tells the time."),
        ([], ["regiohub.api.Clock.now(self) -> datetime"], "`Clock.now` tells the time."),
        (["regiohub.api.Clock deprecated since 0.1, gone in 0.1"], [], "`Clock` is gone."),
        (["regiohub.api.t(de)"], ["regiohub.api.t(de, *more, en = 'x, y', **rest)"], "`t` takes more languages."),
        (
            ["regiohub.api.t(de, fr = None)", "regiohub.api.t.fr deprecated since 0.1, gone in 0.1"],
            ["regiohub.api.t(de)"],
            "`t` no longer takes `fr`.",
        ),
        (["hook on_x(a: A) -> None"], ["hook on_x(a: A, b: B) -> None"], "Handlers of `on_x` are told b."),
        (["hook on_x(a: A, b: B) -> None deprecated: b"], ["hook on_x(a: A) -> None"], "`on_x` lost b."),
    ],
)  # fmt: skip
def test_a_change_that_keeps_the_rules_passes(before: list[str], after: list[str], told: str) -> None:
    assert judge(before, after, told) == {}


def test_a_deprecated_name_works_and_warns_whoever_uses_it() -> None:
    table = {"old": Deprecation("0.1", "0.3", "use new", 42)}
    with pytest.warns(ApiDeprecationWarning, match=r"old is deprecated since 0\.1 and gone in 0\.3: use new"):
        assert deprecated_name("regiohub.api", "old", table) == 42


def test_a_name_that_never_was_is_an_ordinary_attribute_error() -> None:
    with warnings.catch_warnings(), pytest.raises(AttributeError, match="never_was"):
        getattr(regiohub.api, "never_was")  # noqa: B009


@pytest.mark.parametrize(("since", "gone_in", "window"), [("0.1", "0.3", 2), ("0.3", "0.4", 1), ("0.9", "1.0", WINDOW)])
def test_the_window_counts_minor_versions(since: str, gone_in: str, window: int) -> None:
    assert Deprecation(since, gone_in, "", None).window == window
