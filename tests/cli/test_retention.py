"""What is kept how long, and deleting what is past its time, by command."""

from .conftest import Shell


def test_retention_is_shown_tried_and_applied(shell: Shell) -> None:
    shown = shell.run("retention", "show", "--tenant", "potsdam", "--json").json
    assert [one["town"] for one in shown] == ["potsdam"]
    bookings = next(line for line in shown[0]["lines"] if line["category"] == "bookings")
    assert (bookings["retention_days"], bookings["changeable"]) == (365, True)
    told = shell.run("retention", "show", "--tenant", "potsdam").out
    assert "365 days (the town chooses)" in told
    assert "Until signed out; 30 minutes without use, 10 hours at most." in told
    for more in ((), ("--dry-run",)):
        done = shell.run("retention", "run", *more)
        assert (done.code, "Nothing has passed its time." in done.out) == (0, True), done.err
    towns = {one["town"] for one in shell.run("retention", "run", "--dry-run", "--json").json}
    assert "potsdam" in towns
    assert shell.run("retention", "run", "--tenant", "postdam").code != 0
