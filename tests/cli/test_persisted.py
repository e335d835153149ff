"""`regiohub graphql persist`, `list` and `remove`."""

from __future__ import annotations

import json

from regiohub.graphql.persisted.identifier import hash_of, identifier

from .conftest import Shell

TOWN = "query Town {\n  tenant { slug }\n}\n"
PLUGINS = "{ plugins { id } }"


def test_documents_are_registered_listed_and_removed(shell: Shell) -> None:
    (shell.root / "town.graphql").write_text(TOWN, encoding="utf-8")
    manifest = {hash_of(PLUGINS): PLUGINS, "measures": "{ measures { totalCount } }"}
    (shell.root / "app.json").write_text(json.dumps(manifest), encoding="utf-8")
    where = ("--tenant", "potsdam")
    done = shell.run("graphql", "persist", "town.graphql", "app.json", "--client", "town-app", *where)
    assert done.code == 0, done.err
    for text in (TOWN, *manifest.values()):
        assert identifier(text) in done.out
    assert "query Town" in done.out
    listed = shell.run("graphql", "list", *where, "--json").json
    assert {(entry["client"], entry["id"]) for entry in listed} == {
        ("town-app", identifier(text)) for text in (TOWN, *manifest.values())
    }
    removed = shell.run("graphql", "remove", identifier(TOWN), "--client", "town-app", *where)
    assert removed.code == 0
    assert identifier(TOWN) not in shell.run("graphql", "list", *where).out
    again = shell.run("graphql", "remove", identifier(TOWN), "--client", "town-app", *where)
    assert again.code == 1
    assert "has not registered" in again.err


def test_what_cannot_run_is_refused_with_its_file_and_nothing_is_registered(shell: Shell) -> None:
    (shell.root / "good.graphql").write_text(TOWN, encoding="utf-8")
    for name, content, words in (
        ("bad.graphql", "{ nope }", "nope"),
        ("bad.json", "[]", "object of texts"),
        ("wrong.json", json.dumps({"a" * 64: TOWN}), "identifier"),
        ("broken.json", "{", "not JSON"),
        ("number.json", '{"a": 1}', "no text"),
    ):
        (shell.root / name).write_text(content, encoding="utf-8")
        refused = shell.run("graphql", "persist", "good.graphql", name, "--client", "portal", "--tenant", "potsdam")
        assert refused.code == 1
        assert name in refused.err
        assert words in refused.err
    missing = shell.run("graphql", "persist", "nothing.graphql", "--client", "portal", "--tenant", "potsdam")
    assert missing.code == 1
    assert "cannot be read" in missing.err
    assert shell.run("graphql", "list", "--tenant", "potsdam", "--json").json == []
