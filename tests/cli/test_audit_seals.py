"""The log's seals by command: sealed, proved by a head that was kept, and broken."""

import json
import sqlite3
from pathlib import Path

from .conftest import Shell


def test_a_head_that_was_kept_proves_that_the_log_was_cut_off(shell: Shell) -> None:
    nothing = shell.run("audit", "head", "--tenant", "potsdam")
    assert nothing.code == 1
    assert "Nothing is sealed in potsdam yet." in nothing.err
    assert "potsdam: " in shell.run("audit", "seal").out
    kept = shell.root / "head.json"
    kept.write_text(shell.run("audit", "head", "--tenant", "potsdam").out)
    fine = shell.run("audit", "verify", "--head", str(kept))
    assert fine.code == 0
    assert "1 kept heads compared" in fine.out
    with sqlite3.connect(shell.root / "data" / "regiohub.sqlite3") as database:
        database.create_function("current_tenant", 0, lambda: 0)
        for table in ("core_audit_seal", "core_audit"):
            database.execute(f"DELETE FROM {table} WHERE tenant_id = 1")
    database.close()
    assert shell.run("audit", "verify", "--tenant", "potsdam").code == 0, "the database itself cannot know"
    cut = shell.run("audit", "verify", "--tenant", "potsdam", "--head", str(kept), "--json")
    assert cut.code == 1
    (report,) = cut.json
    assert (report["ok"], report["faults"][0]["kind"]) == (False, "cut_off")


def test_the_first_fault_is_named_with_its_place(shell: Shell) -> None:
    shell.run("audit", "seal")
    with sqlite3.connect(shell.root / "data" / "regiohub.sqlite3") as database:
        database.create_function("current_tenant", 0, lambda: 0)
        (first,) = database.execute("SELECT min(id) FROM core_audit WHERE tenant_id = 1").fetchone()
        database.execute("UPDATE core_audit SET text_de = 'nichts' WHERE id = ?", (first,))
    database.close()
    found = shell.run("audit", "verify")
    assert found.code == 1
    assert "An entry was changed after it had been sealed." in found.out
    assert f"seal 1, position 1, entry {first}" in found.out


def test_a_head_is_refused_that_somebody_has_changed(shell: Shell) -> None:
    shell.run("audit", "seal")
    head = json.loads(shell.run("audit", "head", "--tenant", "potsdam").out)
    head["link"]["count"] += 1
    forged = Path(shell.root / "head.json")
    forged.write_text(json.dumps(head))
    refused = shell.run("audit", "verify", "--head", str(forged))
    assert refused.code == 1
    assert "is no genuine head of an audit log" in refused.err
    assert shell.run("audit", "verify", "--head", str(shell.root / "missing.json")).code == 3


def test_after_a_backup_was_restored_on_purpose_the_kept_head_is_replaced(shell: Shell) -> None:
    shell.run("audit", "seal")
    done = shell.run("audit", "head", "--tenant", "potsdam", "--replace-kept")
    assert done.code == 0
    kept = json.loads((shell.root / "data" / "audit" / "potsdam.head.json").read_text())
    assert kept == json.loads(done.out)
    assert "Kept head of the audit log replaced" in shell.run("audit", "list", "--tenant", "potsdam").out


def test_after_a_change_of_the_platform_s_key_the_former_one_is_accepted_by_a_head(shell: Shell) -> None:
    before, after = {"REGIOHUB_SECRET_KEY": "a" * 40}, {"REGIOHUB_SECRET_KEY": "b" * 40}
    shell.run("audit", "seal", **before)
    head = shell.root / "head.json"
    head.write_text(shell.run("audit", "head", "--tenant", "potsdam", **before).out)
    shell.run("audit", "head", "--tenant", "potsdam", "--replace-kept", **before)
    shell.run("audit", "seal", "--tenant", "potsdam", **after)
    unknown = shell.run("audit", "verify", "--tenant", "potsdam", **after)
    assert unknown.code == 1
    assert "signed with a key that does not count here" in unknown.out
    accepted = shell.run("audit", "accept", "--tenant", "potsdam", "--head", str(head), **after)
    assert accepted.code == 0
    assert shell.run("audit", "verify", "--tenant", "potsdam", "--head", str(head), **after).code == 0
    elsewhere = shell.run("audit", "accept", "--tenant", "berlin", "--head", str(head), **after)
    assert elsewhere.code == 1
    assert "does not belong to this log" in elsewhere.err
