"""docs/explanation: what the pages name is there, and what they promise stands in the code."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

import regiohub.api
from regiohub.auth.permissions import BUNDLES, PLUGIN_ADMIN, REGION_ROLES
from regiohub.auth.rights import principal_of
from regiohub.db.session import TenantSession
from regiohub.privacy.retention.core import DONE_KEPT
from regiohub.settings import Settings
from regiohub.tenancy.context import Ctx, TenantScope

from .pages import DOCS

PAGES = [
    DOCS / "explanation" / name
    for name in ("tenancy.md", "sharing.md", "identity.md", "events.md", "bound-types.md")
]  # fmt: skip
GUIDES = [*DOCS.glob("tutorial/*.md"), *(DOCS / "how-to" / f"{name}.md" for name in ("ingest", "job", "add-a-table"))]
OWNERS = {"ctx": Ctx, "scope": TenantScope, "session": TenantSession}
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


def _spans(page: Path) -> list[str]:
    without_code = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return _SPAN.findall(without_code)


@pytest.mark.parametrize("page", [*PAGES, *GUIDES], ids=lambda page: page.stem)
def test_every_method_that_a_page_names_is_there(page: Path) -> None:
    missing: list[str] = []
    for span in _spans(page):
        found = re.match(r"(ctx|scope|session)\.(\w+)", span)
        if found and not hasattr(OWNERS[found[1]], found[2]) and found[2] not in ("tenant", "session", "principal"):
            missing.append(span)
    assert missing == []


@pytest.mark.parametrize("page", [*PAGES, *GUIDES], ids=lambda page: page.stem)
def test_every_setting_that_a_page_names_is_there(page: Path) -> None:
    named = {span.split("=")[0] for span in _spans(page) if re.match(r"REGIOHUB_[A-Z_]+", span)}
    assert {name for name in named if name.removeprefix("REGIOHUB_").lower() not in Settings.model_fields} == set()


@pytest.mark.parametrize("page", [*PAGES, *GUIDES], ids=lambda page: page.stem)
def test_every_name_of_the_api_that_a_page_calls_is_public(page: Path) -> None:
    called = {found[1] for span in _spans(page) if (found := re.match(r"(?:regiohub\.api\.)?([a-z]+_[a-z_]+)\(", span))}
    missing = {name for name in called if not hasattr(regiohub.api, name)}
    # A method of the context, or of the plugin that the page is about.
    assert {name for name in missing if not any(hasattr(owner, name) for owner in OWNERS.values())} == set()


def test_the_facts_of_the_pages() -> None:
    text = {page.stem: page.read_text(encoding="utf-8") for page in PAGES}
    assert timedelta(days=7) == DONE_KEPT
    assert "for a week" in text["events"]
    for role in BUNDLES - {"machine", "citizen"}:
        assert f"`{role}`" in text["identity"]
    assert f"`{PLUGIN_ADMIN}booking`" in text["identity"]
    for role in REGION_ROLES:
        assert f"`{role}`" in text["identity"]
    assert f"`{principal_of.__name__}`" in text["identity"]
    assert "tenant.sharing" in text["sharing"]
