"""`regiohub graphql explain`."""

from __future__ import annotations

import pytest

from .conftest import Shell

DOCUMENT = """
query Rooms($n: Int = 3) {
  booking {
    resources(first: $n) { totalCount nodes { name place { name } } }
    free: freeResources(free: {startsAt: "2026-06-02T08:00:00Z", endsAt: "2026-06-02T09:00:00Z"}) { totalCount }
  }
}
query Other { plugins { id } }
query Again { booking { bookings { totalCount } } }
query Cursor { booking { resources(after: "forged") { totalCount } } }
query Mine { booking { myBookings { totalCount } } }
mutation Change { cancelBooking(id: "01a2026c-c19f-767f-8343-0a9cb09c3528") { errors { code } } }
"""


@pytest.fixture
def file(shell: Shell) -> str:
    """A file with several operations."""
    (shell.root / "rooms.graphql").write_text(DOCUMENT, encoding="utf-8")
    return "rooms.graphql"


def test_each_field_is_shown_with_its_way_its_reason_and_its_statement(shell: Shell, file: str) -> None:
    done = shell.run("graphql", "explain", file, "--tenant", "potsdam", "--operation", "Rooms")
    assert done.code == 0, done.err
    assert done.out.startswith("Plan ")
    lines = [line.split() for line in done.out.splitlines()]
    assert ["booking.resources", "json"] in lines or ["booking.resources", "rows"] in lines
    assert "booking.freeResources  resolver: " in done.out
    assert "-- booking.resources" in done.out
    assert "FROM booking_resource AS t1" in done.out
    assert "t1.tenant_id = ?" in done.out


def test_variables_change_the_statement_and_are_not_shown(shell: Shell, file: str) -> None:
    where = ("graphql", "explain", file, "--tenant", "potsdam", "--operation", "Rooms", "--json")
    few = shell.run(*where).json
    many = shell.run(*where, "--variables", '{"n": 17}').json
    (few_sql,), (many_sql,) = (found["fields"][0]["sql"] for found in (few, many))
    assert few["plan"] == many["plan"]
    assert "LIMIT 3" in few_sql
    assert "LIMIT 17" in many_sql
    assert [field["path"] for field in few["fields"]] == ["booking.resources", "booking.freeResources"]


def test_the_database_says_how_it_carries_a_statement_out(shell: Shell, file: str) -> None:
    done = shell.run("graphql", "explain", file, "--tenant", "potsdam", "--operation", "Rooms", "--analyze")
    assert done.code == 0, done.err
    assert "-- SEARCH t1 USING" in done.out or "-- SCAN t1" in done.out


def test_rights_decide_and_what_is_refused_says_so(shell: Shell, file: str) -> None:
    where = ("graphql", "explain", file, "--tenant", "potsdam", "--operation", "Again")
    anonymous = shell.run(*where)
    assert anonymous.code == 0
    assert "No plan: booking.bookings needs booking.view" in anonymous.out
    staff = shell.run(*where, "--role", "tenant-admin")
    assert "booking.bookings" in staff.out
    assert "FROM booking_booking" in staff.out


def test_mutations_and_the_region_are_explained_and_nothing_runs(shell: Shell, file: str) -> None:
    changed = shell.run("graphql", "explain", file, "--tenant", "potsdam", "--operation", "Change")
    assert changed.code == 0, changed.err
    assert "No plan: no query" in changed.out
    (shell.root / "region.graphql").write_text("{ measures { totalCount } }", encoding="utf-8")
    region = shell.run("graphql", "explain", "region.graphql", "--tenant", "region", "--role", "regional-auditor")
    assert region.code == 0, region.err
    assert "FROM core_measure" in region.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("rooms.graphql", "--tenant", "nowhere"), 3, "There is no town 'nowhere'"),
        (("rooms.graphql", "--tenant", "potsdam"), 1, "operation"),
        (("rooms.graphql", "--tenant", "potsdam", "--operation", "None"), 1, "None"),
        (("rooms.graphql", "--tenant", "potsdam", "--operation", "Cursor"), 1, "This cursor does not belong"),
        (("missing.graphql", "--tenant", "potsdam"), 3, "missing.graphql cannot be read"),
        (("bad.graphql", "--tenant", "potsdam"), 1, "1:3: Cannot query field 'nope'"),
        (("broken.graphql", "--tenant", "potsdam"), 1, "Syntax Error"),
        (("latin.graphql", "--tenant", "potsdam"), 3, "cannot be read"),
        (("rooms.graphql", "--tenant", "potsdam", "--variables", "{"), 1, "--variables is no JSON"),
        (("rooms.graphql", "--tenant", "potsdam", "--variables", "[1]"), 1, "no JSON object"),
        (("rooms.graphql", "--tenant", "potsdam", "--role", "emperor"), 3, "There is no role emperor"),
        (("rooms.graphql", "--tenant", "region", "--role", "editor"), 3, "There is no role editor"),
    ],
)
def test_faults_are_one_clear_line(shell: Shell, file: str, words: tuple[str, ...], code: int, said: str) -> None:
    (shell.root / "bad.graphql").write_text("{ nope }", encoding="utf-8")
    (shell.root / "broken.graphql").write_text("{ ", encoding="utf-8")
    (shell.root / "latin.graphql").write_bytes(b"{ \xff }")
    done = shell.run("graphql", "explain", *words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert "Traceback" not in done.err
