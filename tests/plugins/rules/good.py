"""A plugin's project that keeps every rule: what the bad ones are made from, by one change each."""

from collections.abc import Mapping

PACKAGE = "src/regiohub_sample"

PYPROJECT = """
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "regiohub-sample"
version = "0.3.0"
description = "Benches of a town."
readme = "README.md"
requires-python = ">=3.11"
license = "EUPL-1.2"
license-files = ["LICENSE"]
dependencies = ["regiohub>=0.1,<0.2", "alembic>=1.20", "pydantic>=2.14", "sqlalchemy>=2.1"]

[project.entry-points."regiohub.plugins"]
sample = "regiohub_sample.plugin:plugin"

[tool.hatch.build.targets.wheel]
packages = ["src/regiohub_sample"]
"""

PLUGIN = '''
"""Manifest and hooks."""

from collections.abc import Sequence

from regiohub.api import DataCategory, NavEntry, Plugin, t
from regiohub_sample.actions import ACTIONS
from regiohub_sample.models import Bench
from regiohub_sample.permissions import EDIT
from regiohub_sample.settings import SampleSettings

plugin = Plugin(
    id="sample",
    title=t("Bänke", "Benches"),
    description=t("Bänke der Stadt.", "Benches of the town."),
    settings=SampleSettings,
    permissions=(EDIT,),
    actions=ACTIONS,
    data_categories=(DataCategory("benches", t("Bänke", "Benches"), personal=False, tables=("sample_bench",)),),
    models=(Bench,),
    migrations="regiohub_sample.migrations",
)


@plugin.hook
def register_navigation() -> Sequence[NavEntry]:
    """The list of benches."""
    return (NavEntry(t("Bänke", "Benches"), "/sample/benches"),)
'''

SETTINGS = '''
"""Settings for one town."""

from enum import StrEnum

from pydantic import SecretStr

from regiohub.api import PluginSettings, setting, t


class Shade(StrEnum):
    """Where benches stand."""

    SUN = "sun"
    TREE = "tree"


class SampleSettings(PluginSettings):
    """What a town may adjust."""

    limit: int = setting(10, t("Höchstens", "At most"), t("Wie viele Bänke.", "How many benches."), ge=1)
    shade: Shade = setting(
        Shade.SUN,
        t("Schatten", "Shade"),
        t("Wo sie stehen.", "Where they stand."),
        options={Shade.SUN: t("Sonne", "Sun"), Shade.TREE: t("Baum", "Tree")},
    )
    url: str = setting("", t("Adresse", "Address"), t("Wohin gemeldet wird.", "Where it is reported."))
    report_token: SecretStr = setting(
        SecretStr(""), t("Zugang", "Access"), t("Für die Meldung.", "For the report."), goes_to=("url",)
    )
    token_days: int = setting(3, t("Tage", "Days"), t("Wie lange er gilt.", "How long it is good."))
'''

SERVICE = '''
"""The rules of the domain."""

from uuid import UUID

from regiohub.api import Ctx, NotFound, uuid7
from regiohub_sample.models import Bench
from regiohub_sample.permissions import EDIT


async def add_bench(ctx: Ctx, name: str) -> Bench:
    """Add a bench."""
    ctx.require(EDIT)
    bench = Bench(id=uuid7(), name=name, seen_at=ctx.now())
    ctx.session.add(bench)
    await ctx.audit("sample.edit", kind="bench", id=str(bench.id))
    return bench


async def remove_bench(ctx: Ctx, id: UUID, *, broken: bool) -> None:
    """Take a bench away."""
    ctx.require(EDIT)
    bench = await ctx.session.find(Bench, id)
    if bench is None:
        raise NotFound(field="id")
    await ctx.session.delete(bench)
    await _recorded(ctx, "sample.remove_broken" if broken else "sample.remove", bench)


async def _recorded(ctx: Ctx, action: str, bench: Bench) -> None:
    await ctx.audit(action, kind="bench", id=str(bench.id))
'''

MODELS = '''
"""Tables."""

from datetime import datetime

from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel


class Bench(TenantModel):
    """A bench."""

    __tablename__ = "sample_bench"

    name: Mapped[str]
    seen_at: Mapped[datetime]
'''

MIGRATION = '''
"""Benches."""

import sqlalchemy as sa
from alembic import op

from regiohub.api.migrations import ops

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table."""
    op.create_table("sample_bench", *ops.tenant_columns(), sa.Column("name", sa.Text(), nullable=False))


def downgrade() -> None:
    """Drop it."""
    op.drop_table("sample_bench")
'''

LIST = """{% extends "console/page.html" %}
{% block title %}{{ tr("Bänke", "Benches") }}{% endblock %}
{% block content %}
<h1>{{ tr("Alle {n} Bänke", "All {n} benches") }}</h1>
<p class="quiet{% if found %} found{% endif %}" title="{{ tr('Zahl', 'Number') }}">{{ found | length }} kB (GraphQL)</p>
{% if found %}<p>{{ say(found) }}</p>{% else %}<p>{{ tr("Keine", "None") }}</p>{% endif %}
<script src="{{ static('sample.js') }}" defer></script>
{% endblock %}
"""

README = """# Benches

A register of the benches in a town: where they stand, whether they are in the shade, and when somebody has last looked
after them. Residents find them on a map, staff keep them in the console. Switch the plugin on for a measure, set how
many benches a list shows, and import what the town already has.
"""

FILES: Mapping[str, str] = {
    "pyproject.toml": PYPROJECT,
    "LICENSE": "The text of the licence.\n",
    "README.md": README,
    "CHANGELOG.md": "# Changelog\n\n## 0.3.0\n\nFirst release.\n",
    "tests/test_contract.py": ("from regiohub.testing.contract import contract\n\nTestContract = contract('sample')\n"),
    f"{PACKAGE}/__init__.py": '"""Benches."""\n',
    f"{PACKAGE}/py.typed": "",
    f"{PACKAGE}/plugin.py": PLUGIN,
    f"{PACKAGE}/settings.py": SETTINGS,
    f"{PACKAGE}/permissions.py": (
        "from regiohub.api import Permission, t\n\n"
        'EDIT = Permission("sample.edit", t("Bänke pflegen", "Keep benches"), roles=("editor",))\n'
    ),
    f"{PACKAGE}/actions.py": (
        "from regiohub.api import t\n\n"
        'ACTIONS = {"sample.remove": t("Bank entfernt", "Bench removed"), '
        '"sample.remove_broken": t("Kaputte Bank entfernt", "Broken bench removed")}\n'
    ),
    f"{PACKAGE}/models.py": MODELS,
    f"{PACKAGE}/service.py": SERVICE,
    f"{PACKAGE}/graphql.py": (
        "from regiohub.api import Ctx\nfrom regiohub_sample.service import add_bench\n\n\n"
        'async def create_bench(ctx: Ctx, name: str) -> str:\n    """Add a bench."""\n'
        "    return str((await add_bench(ctx, name)).id)\n"
    ),
    f"{PACKAGE}/console/__init__.py": "",
    f"{PACKAGE}/console/templates/list.html": LIST,
    f"{PACKAGE}/mail/report.de.html": '<p style="color:red">Eine Bank ist kaputt: {{ name }}</p>\n',
    f"{PACKAGE}/mail/report.en.html": '<p style="color:red">A bench is broken: {{ name }}</p>\n',
    f"{PACKAGE}/mail/report.de.txt": "Eine Bank ist kaputt: {{ name }}\n",
    f"{PACKAGE}/mail/report.en.txt": "A bench is broken: {{ name }}\n",
    f"{PACKAGE}/migrations/__init__.py": "",
    f"{PACKAGE}/migrations/versions/0001_benches.py": MIGRATION,
}
