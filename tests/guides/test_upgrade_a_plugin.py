"""docs/how-to/upgrade-a-plugin.md: what it quotes is what the platform says, and its event reads old ones."""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import Distribution, EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest

from regiohub.deprecation import ApiDeprecationWarning, Deprecation, deprecated_name
from regiohub.plugins.loading import load
from regiohub.plugins.manifest import HOOK_API, Plugin
from regiohub.testing.contract.promises import PROMISES
from regiohub.texts import t

from .pages import DOCS, blocks

PAGE = Path("how-to/upgrade-a-plugin.md")
TEXT = (DOCS / PAGE).read_text(encoding="utf-8")


class _Hotspots(Distribution):
    """A distribution that names the range of the page."""

    def read_text(self, filename: str) -> str | None:
        range_ = _tables()["project"]["dependencies"][0]
        return f"Metadata-Version: 2.4\nName: regiohub-hotspots\nVersion: 0.1.0\nRequires-Dist: {range_}\n"

    def locate_file(self, path: object) -> Path:
        return Path("nowhere")


def _tables() -> dict[str, Any]:
    return tomllib.loads("\n".join(block.content for block in blocks(PAGE) if block.language == "toml"))


def test_a_plugin_outside_its_range_is_left_out_with_the_reason_of_the_page() -> None:
    entry = EntryPoint("hotspots", "nowhere:plugin", "regiohub.plugins")._for(_Hotspots())  # type: ignore[attr-defined]
    (record,) = load([entry], (), "0.2.0")
    assert record.plugin is None
    assert f"–  {record.fault}" in TEXT


def test_a_deprecated_name_warns_in_the_words_of_the_page() -> None:
    gone = {"old_name": Deprecation("0.2", "0.4", "use new_name", value=1)}
    with pytest.warns(ApiDeprecationWarning) as caught:
        assert deprecated_name("regiohub.api", "old_name", gone) == 1
    assert f"ApiDeprecationWarning: {caught[0].message}" in TEXT


def test_another_hook_api_is_told_as_the_page_says() -> None:
    plugin = Plugin(id="x1", title=t("X", "X"), description=t("X", "X"), hook_api=HOOK_API + 1)
    with pytest.raises(Exception, match=f"written for hook API {HOOK_API + 1}, this core offers {HOOK_API}"):
        plugin.check()
    assert "written for hook API 1, this core offers 2" in TEXT


def test_the_exemption_of_the_page_names_a_promise() -> None:
    exempt = _tables()["tool"]["regiohub"]["exempt"]
    assert set(exempt) <= {promise.id for promise in PROMISES}


def test_the_event_of_the_page_reads_what_the_last_release_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    (source,) = [block.content for block in blocks(PAGE) if block.file == "events.py"]
    module = ModuleType("events_of_the_page")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(source, "events.py", "exec"), vars(module))
    event: Any = vars(module)["HotspotSilent"]
    hotspot = uuid4()
    assert event.from_payload({"hotspot_id": str(hotspot)}, 1) == event(hotspot_id=hotspot, hours=24)
    now = {"hotspot_id": str(hotspot), "hours": 30, "from_the_future": True}
    assert event.from_payload(now, 2) == event(hotspot_id=hotspot, hours=30)
