"""Every rule can fail: one change to the good project, and the rule says where and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from regiohub.api import Plugin, t
from regiohub.plugins.rules import RULES, Project, Rule, State
from regiohub.plugins.rules.verdict import verdicts

from .conftest import Change, Judge
from .good import FILES, PACKAGE


class Bad(NamedTuple):
    """A rule, the change that breaks it, and what must be said about it."""

    rule: str
    change: Change
    fault: str


SETTINGS, SERVICE, PLUGIN = f"{PACKAGE}/settings.py", f"{PACKAGE}/service.py", f"{PACKAGE}/plugin.py"
LIST, MODELS = f"{PACKAGE}/console/templates/list.html", f"{PACKAGE}/models.py"
FIRST = f"{PACKAGE}/migrations/versions/0001_benches.py"
SECOND = f"{PACKAGE}/migrations/versions/0002_more.py"
NEXT = 'revision = "{}"\ndown_revision = "{}"\n\n\ndef upgrade() -> None: ...\n\n\ndef downgrade() -> None: ...\n'
PROJECT, README, CHANGELOG = "pyproject.toml", "README.md", "CHANGELOG.md"

CASES = (
    Bad("project-shape", {PROJECT: ('description = "Benches of a town."\n', "")}, "[project] has no description"),
    Bad("project-shape", {PROJECT: ('version = "0.3.0"', 'version = "three"')}, "the version three is none"),
    Bad("project-shape", {PROJECT: ("[build-system]", "[tool.other]")}, "there is no [build-system]"),
    Bad("project-shape", {f"{PACKAGE}/console/__init__.py": None, f"{PACKAGE}/console/pages.py": ""},
        "src/regiohub_sample/console/ has no __init__.py"),
    Bad("project-shape", {"tests/test_more.py": "def broken(:\n"}, "tests/test_more.py:1: is no Python"),
    Bad("project-shape", {f"{PACKAGE}/more.py": b"\xff\xfe"},
        "src/regiohub_sample/more.py:1: is no Python: invalid or missing encoding"),
    Bad("project-shape", {f"{PACKAGE}/more.py": "[" * 3000 + "]" * 3000}, "more.py:1: is no Python: too many nested"),
    Bad("project-shape", {f"{PACKAGE}/more.py": "-" * 20_000 + "1"},
        "src/regiohub_sample/more.py: nests so deeply that Python cannot read it"),
    Bad("project-shape", {f"{PACKAGE}/migrations/versions/0002_more.py": "a" + ".b" * 20_000},
        "0002_more.py: nests so deeply"),
    Bad("project-shape", {"tests/test_more.py": b"#\n#\n# \xff\n"}, "tests/test_more.py: cannot be read: 'utf-8'"),
    Bad("project-shape", {README: FILES[README].encode() + b"\xff\xfe"}, "README.md: cannot be read: 'utf-8' codec"),
    Bad("project-shape", {CHANGELOG: b"\xff## 0.3.0\n"}, "CHANGELOG.md: cannot be read: 'utf-8' codec"),
    Bad("project-shape", {PLUGIN: None, f"{PACKAGE}/__init__.py": FILES[PLUGIN],
                          PROJECT: ("regiohub_sample.plugin:plugin", "regiohub_sample:plugin")},
        "src/regiohub_sample/plugin.py is missing"),
    Bad("project-shape",
        {name: None for name in FILES if name.startswith("src/")}
        | {name.removeprefix("src/"): text for name, text in FILES.items() if name.startswith("src/")},
        "regiohub_sample/ stands beside pyproject.toml, not in src/"),
    Bad("names-follow-id", {PLUGIN: ('id="sample"', 'id="bench"')},
        "the package is called regiohub_sample, the plugin bench"),
    Bad("names-follow-id", {PROJECT: ("sample = ", "bench = ")}, "the entry point is called bench, the plugin sample"),
    Bad("names-follow-id", {PROJECT: ('name = "regiohub-sample"', 'name = "benches"')}, "call it regiohub-sample"),
    Bad("names-follow-id", {PROJECT: ("regiohub_sample.plugin:plugin", "regiohub_sample:plugin"),
                            f"{PACKAGE}/__init__.py": "from regiohub_sample.plugin import plugin as plugin\n"},
        "write regiohub_sample.plugin:plugin"),
    Bad("version-range", {PROJECT: ("regiohub>=0.1,<0.2", "regiohub>=0.1")}, "has no upper bound"),
    Bad("version-range", {PROJECT: ("regiohub>=0.1,<0.2", "regiohub<0.2")}, "has no lower bound"),
    Bad("version-range", {PROJECT: ("regiohub>=0.1,<0.2", "regiohub>=7,<8")}, "does not allow regiohub 0."),
    Bad("version-range", {PROJECT: ('"regiohub>=0.1,<0.2", ', "")}, "regiohub itself is not among the dependencies"),
    Bad("version-range", {PROJECT: ('"alembic>=1.20"', '"alembic >= "')},
        "the dependency 'alembic >= ' cannot be read"),
    Bad("licence-stated", {PROJECT: ('license = "EUPL-1.2"\n', "")}, "states no license"),
    Bad("licence-stated", {PROJECT: ('"EUPL-1.2"', '"free"')}, "Unknown license: 'free'"),
    Bad("licence-stated", {PROJECT: ('license-files = ["LICENSE"]\n', "")}, "[project] names no license-files"),
    Bad("licence-stated", {PROJECT: ('["LICENSE"]', '"LICENSE"')}, "[project] names no license-files"),
    Bad("licence-stated", {PROJECT: ('["LICENSE"]', '["LICENSE", "/etc/*"]')}, "/etc/* is missing"),
    Bad("licence-stated", {"LICENSE": None}, "LICENSE is missing or empty: it is to hold the text of the licence"),
    Bad("licence-stated", {"LICENSE": ""}, "LICENSE is missing or empty"),
    Bad("readme-changelog", {README: None}, "README.md is missing"),
    Bad("readme-changelog", {README: "# Benches\n\nBenches.\n"}, "3 words tell nobody"),
    Bad("readme-changelog", {README: ("# Benches", "Benches")}, "README.md: there is no title"),
    Bad("readme-changelog", {PROJECT: ('readme = "README.md"\n', "")}, "[project] does not name it"),
    Bad("readme-changelog", {CHANGELOG: None}, "CHANGELOG.md is missing"),
    Bad("readme-changelog", {CHANGELOG: "# Changelog\n\n## 0.2.0\n"}, "no heading names the version 0.3.0"),
    Bad("tests-with-contract", {"tests/test_contract.py": None}, "no module runs the contract suite"),
    Bad("tests-with-contract", {"tests/test_contract.py": ("contract('sample')", "contract('booking')")},
        "tests/test_contract.py:3: runs the contract of 'booking', not of 'sample'"),
    Bad("tests-with-contract",
        {"tests/test_contract.py": None, "tests/contract_off.py": FILES["tests/test_contract.py"]},
        "tests/contract_off.py:3: pytest does not collect this as a suite of tests"),
    Bad("tests-with-contract", {"tests/test_contract.py": ("TestContract =", "nothing =")},
        "tests/test_contract.py:3: pytest does not collect this"),
    Bad("tests-with-contract", {"tests/test_contract.py": "def test_it() -> None:\n    TestIt = contract('sample')\n"},
        "tests/test_contract.py:2: pytest does not collect this"),
    Bad("tests-with-contract", {"tests/test_contract.py": ("contract('sample')", "contract('sam' + 'ple')")},
        "tests/test_contract.py:3: runs the contract of an id that is worked out, not of 'sample'"),
    Bad("no-module-too-long", {f"{PACKAGE}/long.py": "# line\n" * 501}, "src/regiohub_sample/long.py: has 501 lines"),
    Bad("manifest-valid", {PLUGIN: ("register_navigation", "register_navigations")},
        "unknown hooks: register_navigations (did you mean register_navigation?)"),
    Bad("manifest-valid", {PLUGIN: ("def register_navigation()", "def register_navigation(town: str)")},
        "hook does not fit its specification"),
    Bad("manifest-valid", {PLUGIN: ('    id="sample",', '    id="sample",\n    requires=("benchmarks",),')},
        "requires benchmarks, which is not installed"),
    Bad("manifest-valid", {PLUGIN: ("permissions=(EDIT,)", "permissions=(EDIT, EDIT)")},
        "the permission sample.edit is declared 2 times"),
    Bad("settings-described", {SETTINGS: ('setting("", t("Adresse", "Address"), t("Wohin gemeldet wird.", '
                                          '"Where it is reported."))', '""')},
        "src/regiohub_sample/settings.py:27: url has no title and help in German and English"),
    Bad("manifest-valid",
        {PLUGIN: ("data_categories=(", 'data_categories=(DataCategory("benches", t("A", "A"), personal=False), ')},
        "the data category benches is declared 2 times"),
    Bad("manifest-valid", {PLUGIN: ('id="sample",', 'id="sample",\n    hook_api=9,')}, "written for hook API 9"),
    Bad("settings-described", {SETTINGS: (', Shade.TREE: t("Baum", "Tree")', "")}, "shade has no words for tree"),
    Bad("settings-described", {SETTINGS: ('goes_to=("url",)', 'goes_to=("host",)')},
        "goes to host, which is no setting"),
    Bad("secrets-sealed", {SETTINGS: ("report_token: SecretStr = setting(\n        SecretStr(\"\")",
                                      'report_token: str | None = setting(\n        ""')},
        "src/regiohub_sample/settings.py:28: report_token is a plain text"),
    Bad("permissions-described", {PLUGIN: ("permissions=(EDIT,)", "permissions=()")},
        "src/regiohub_sample/permissions.py:3: sample.edit is not among the permissions of the manifest"),
    Bad("permissions-described",
        {f"{PACKAGE}/permissions.py": ('t("Bänke pflegen", "Keep benches")', 't("edit", "edit")')},
        "sample.edit: its title only repeats the id"),
    Bad("permissions-described",
        {PLUGIN: ("permissions=(EDIT,)", 'permissions=(EDIT, type(EDIT)("sample.see", EDIT.title))')},
        "another permission has the title 'Bänke pflegen', too"),
    Bad("actions-described", {SERVICE: ('ctx.audit("sample.edit"', 'ctx.audit("sample.add"')},
        "src/regiohub_sample/service.py:15: the audit log has no words for sample.add"),
    Bad("actions-described", {f"{PACKAGE}/actions.py": ('"sample.remove_broken"', '"sample.broken"')},
        "src/regiohub_sample/service.py:26: the audit log has no words for sample.remove_broken"),
    Bad("texts-complete", {SERVICE: ('field="id")', 'field="id") if name else t("Weg", "")')},
        "src/regiohub_sample/service.py:24: the English words are empty"),
    Bad("texts-complete",
        {f"{PACKAGE}/more.py": 'from regiohub.api import t\n\nA = t("Alle Bänke hier", "Alle Bänke hier")\n'},
        "src/regiohub_sample/more.py:3: German and English are the same"),
    Bad("texts-complete", {f"{PACKAGE}/more.py": 'from regiohub.api import t\n\nA = t("Bank")\n'},
        "src/regiohub_sample/more.py:3: a text needs German and English words"),
    Bad("texts-complete", {LIST: ("All {n} benches", "All {m} benches")},
        "src/regiohub_sample/console/templates/list.html:4: German and English fill in different things"),
    Bad("texts-complete", {LIST: ('tr("Bänke", "Benches")', 'tr("Bänke")')},
        "list.html:2: a text needs German and English"),
    Bad("texts-complete", {LIST: ("kB (GraphQL)", "Bänke")}, "list.html:5: 'Bänke' stands there in one language only"),
    Bad("texts-complete", {LIST: ("title=\"{{ tr('Zahl', 'Number') }}\"", 'title="Zahl"')},
        "list.html:5: 'Zahl' stands there"),
    Bad("texts-complete", {LIST: ("{% else %}", "{% otherwise %}")}, "list.html:6: is no template"),
    Bad("texts-complete", {LIST: b"<h1>B\xe4nke</h1>"}, "templates/list.html: cannot be read: 'utf-8' codec"),
    Bad("texts-complete", {LIST: "{{ " + "(" * 3000 + ")" * 3000 + " }}"}, "templates/list.html: nests so deeply"),
    Bad("texts-complete", {f"{PACKAGE}/mail/report.en.txt": None},
        "report.de.txt: there is no report.en.txt beside it"),
    Bad("pages-safe", {LIST: ("found | length", "found | safe")}, "list.html:5: |safe lets markup through"),
    Bad("pages-safe", {LIST: ("<h1>", '<h1 onclick="go()">')}, "list.html:4: the handler onclick stands in the page"),
    Bad("pages-safe", {LIST: ("<h1>", '<h1 style="color:red">')}, "list.html:4: the style stands in the page"),
    Bad("pages-safe", {LIST: ("{{ static('sample.js') }}", "https://cdn.example/a.js")},
        "<script> loads https://cdn.example"),
    Bad("pages-safe", {LIST: ("<h1>", "<script>go()</script><h1>")}, "<script> stands in the page"),
    Bad("pages-safe", {LIST: ("<h1>", "{% autoescape false %}{{ found }}{% endautoescape %}<h1>")},
        "escaping is switched off"),
    Bad("tables-prefixed", {MODELS: ("sample_bench", "benches"), PLUGIN: ("sample_bench", "benches")},
        "src/regiohub_sample/models.py:13: the table benches does not start with sample_"),
    Bad("tables-prefixed", {PLUGIN: ("models=(Bench,)", "models=()")},
        "sample_bench is not among the models of the manifest"),
    Bad("migrations-shipped", {PLUGIN: ('    migrations="regiohub_sample.migrations",\n', "")},
        "names no folder of migrations"),
    Bad("migrations-shipped", {PLUGIN: ("regiohub_sample.migrations", "regiohub.db.migrations")},
        "is no folder of the package"),
    Bad("migrations-shipped", {FIRST: None}, "src/regiohub_sample/migrations/versions has no migration"),
    Bad("migrations-shipped", {FIRST: ("def downgrade", "def down")}, "0001_benches.py: has no downgrade()"),
    Bad("migrations-shipped", {FIRST: ("sample_bench", "sample_chair")}, "no migration creates the table sample_bench"),
    Bad("migrations-shipped", {SECOND: NEXT.format("0002", "0009")}, "0002_more.py: follows 0009, which is not there"),
    Bad("migrations-shipped",
        {SECOND: NEXT.format("0002", "0001"), SECOND.replace("2", "3"): NEXT.format("0003", "0001")},
        "2 migrations claim to be the last: 0002, 0003"),
    Bad("migrations-shipped", {SECOND: NEXT.format("0001", "0001")}, "is revision 0001, too"),
    Bad("data-categories-cover-tables", {PLUGIN: ('tables=("sample_bench",)', "tables=()")},
        "the table sample_bench is in no data category"),
    Bad("imports-public-api",
        {SERVICE: ("from uuid import UUID", "from uuid import UUID\n\nfrom regiohub.db.base import Base")},
        "src/regiohub_sample/service.py:5: imports regiohub.db.base; only regiohub.api may be relied on"),
    Bad("imports-public-api", {SERVICE: ("import Ctx, NotFound", "import Ctx, Missing, NotFound")},
        "src/regiohub_sample/service.py:5: imports Missing from regiohub.api, which does not offer it"),
    Bad("imports-public-api", {f"{PACKAGE}/more.py": "import regiohub_booking.models\n"},
        "a package of another plugin"),
    Bad("imports-public-api", {f"{PACKAGE}/more.py": "import regiohub.testing\n"}, "imports regiohub.testing; only"),
    Bad("imports-public-api", {f"{PACKAGE}/more.py": 'import importlib\n\nimportlib.import_module("regiohub.auth")\n'},
        "more.py:3: imports regiohub.auth"),
    Bad("imports-public-api", {"tests/test_more.py": "from regiohub.platform import Platform\n"},
        "tests/test_more.py:1: imports regiohub.platform; only regiohub.api and regiohub.testing"),
    Bad("dependencies-declared", {PROJECT: (', "pydantic>=2.14"', "")},
        "src/regiohub_sample/settings.py:5: imports pydantic, and the dependencies do not name pydantic"),
    Bad("outgoing-guarded", {f"{PACKAGE}/more.py": "import httpx\n\nCLIENT = httpx.AsyncClient(timeout=5)\n"},
        "src/regiohub_sample/more.py:3: httpx.AsyncClient(…) calls wherever it is sent"),
    Bad("outgoing-guarded", {f"{PACKAGE}/more.py": "from httpx import get as fetch\nfrom urllib import request\n"},
        "src/regiohub_sample/more.py: uses urllib.request and does not ask for a permitted address"),
    Bad("outgoing-guarded", {f"{PACKAGE}/more.py": "from aiomqtt import Client\n"},
        "more.py: uses aiomqtt and does not ask for a permitted address"),
    Bad("typed", {f"{PACKAGE}/py.typed": None}, "regiohub_sample/py.typed is missing"),
    Bad("typed", {SERVICE: ("name: str) -> Bench", "name) -> Bench")},
        "service.py:10: add_bench does not annotate name"),
    Bad("typed", {f"{PACKAGE}/more.py": "class A:\n    def a(self, *b: int):\n        return b\n"},
        "more.py:2: a does not annotate what it returns"),
    Bad("clock-from-context", {SERVICE: ("seen_at=ctx.now()", "seen_at=datetime.now(UTC)")},
        "src/regiohub_sample/service.py:13: datetime.now() asks the machine's clock"),
    Bad("writes-in-service", {f"{PACKAGE}/graphql.py": ("return str(", "await ctx.session.flush()\n    return str(")},
        "src/regiohub_sample/graphql.py:7: ctx.session.flush() changes rows past the service"),
    Bad("exemptions-needed", {PROJECT: ("[tool.hatch", '[tool.regiohub.exempt]\nno-such-rule = "why"\n\n[tool.hatch')},
        "no-such-rule: there is no rule or promise of that name"),
    Bad("exemptions-needed", {PROJECT: ("[tool.hatch", '[tool.regiohub.exempt]\ntyped = "why"\n\n[tool.hatch')},
        "typed: the rule is kept, no exemption is needed any more"),
    Bad("exemptions-needed", {PROJECT: ("[tool.hatch", '[tool.regiohub.exempt]\ntyped = " "\n\n[tool.hatch')},
        "typed: no reason is given"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[f"{number}-{case.rule}" for number, case in enumerate(CASES)])
def test_one_bad_change_breaks_the_rule_and_is_named(case: Bad, judge: Judge) -> None:
    outcome = judge(case.change)
    assert outcome.problem is None, outcome.written
    assert [fault for fault in outcome.to_do.get(case.rule, []) if case.fault in fault], outcome.to_do


@pytest.mark.parametrize(
    "text",
    [
        'ID = "sample"\nTestContract = contract(ID)\n',
        'TestContract: type = contract(plugin="sample", exempt={})\n',
        'Other = contract("booking")\nTestContract = contract("sample")\n',
    ],
)
def test_the_contract_may_be_called_in_every_way_that_pytest_collects(text: str, judge: Judge) -> None:
    head = "from regiohub.testing.contract import contract\n\n"
    assert judge({"tests/test_contract.py": head + text}).to_do == {}


def test_a_rule_that_breaks_down_is_to_do_with_the_place_and_the_others_are_judged(judge: Judge) -> None:
    """900 attributes are Python, and more than Python can write down again."""
    outcome = judge(
        {f"{PACKAGE}/more.py": "def f() -> None:\n    a" + ".b" * 900 + ".now()\n", f"{PACKAGE}/py.typed": None}
    )
    assert outcome.problem is None
    assert set(outcome.to_do) == {"typed", "clock-from-context"}
    (fault,) = outcome.to_do["clock-from-context"]
    assert fault.startswith("src/regiohub_sample/more.py: clock-from-context cannot be judged: RecursionError: ")
    assert [one["rule"] for one in outcome.written["findings"]] == [rule.id for rule in RULES]


def test_a_hook_that_ends_python_while_rules_look_at_it_is_the_fault_of_that_rule() -> None:
    def breaking(_: Project) -> Iterator[str]:
        yield "one fault"
        raise SystemExit(3)

    project = Project(Plugin(id="sample", title=t("A", "B"), description=t("A", "B")), Path("src/regiohub_sample"))
    rule = Rule("breaks", "It breaks", "Nothing.", breaking)
    (verdict,) = verdicts(project, [rule], {"breaks"})
    assert verdict.state is State.TODO
    assert verdict.faults[0] == "one fault"
    assert re.fullmatch(r"test_bad\.py:\d+: breaks cannot be judged: SystemExit: 3", verdict.faults[1])


def test_every_rule_has_been_seen_to_fail() -> None:
    assert {case.rule for case in CASES} == {rule.id for rule in RULES}


def test_an_exemption_with_a_reason_counts_and_keeps_the_faults_in_sight(judge: Judge) -> None:
    outcome = judge({
        "pyproject.toml": ("[tool.hatch", '[tool.regiohub.exempt]\ntyped = "Old code."\n\n[tool.hatch'),
        f"{PACKAGE}/py.typed": None,
    })  # fmt: skip
    assert outcome.to_do == {}
    typed = outcome.of("typed")
    assert (typed["state"], typed["reason"]) == ("exempt", "Old code.")
    assert typed["faults"] == ["regiohub_sample/py.typed is missing, so type checkers ignore the annotations"]


def test_an_exemption_may_name_a_promise_of_the_contract(judge: Judge) -> None:
    from regiohub.testing.contract.promises import PROMISES

    line = f'[tool.regiohub.exempt]\n{PROMISES[0].id} = "Not yet."\n\n[tool.hatch'
    assert judge({"pyproject.toml": ("[tool.hatch", line)}).to_do == {}
