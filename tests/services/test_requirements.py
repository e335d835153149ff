"""A missing program skips, or fails where the run requires it."""

import os
import select
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from regiohub.testing.services import MissingProgramError, postgresql
from regiohub.testing.services.fixtures import required
from regiohub.testing.services.programs import find_program


def test_a_missing_program_names_the_package_to_install() -> None:
    with pytest.raises(MissingProgramError, match="apt install nothing-like-it"):
        find_program("no-such-program", package="nothing-like-it")


@pytest.mark.parametrize("value", ["", "browser"])
def test_a_missing_program_skips_with_its_reason(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("REGIOHUB_TEST_REQUIRE", value)
    with pytest.raises(pytest.skip.Exception, match="apt install mosquitto"), required("mosquitto"):
        raise MissingProgramError("mosquitto", "mosquitto")


@pytest.mark.parametrize("value", ["all", "browser, mosquitto"])
def test_a_missing_program_fails_where_it_is_required(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("REGIOHUB_TEST_REQUIRE", value)
    with pytest.raises(pytest.fail.Exception, match="mosquitto is required here"), required("mosquitto"):
        raise MissingProgramError("mosquitto", "mosquitto")


@pytest.mark.postgresql
@pytest.mark.skipif(sys.platform != "linux", reason="relies on the parent-death signal of Linux")
def test_a_killed_test_run_leaves_no_server_behind() -> None:
    with required("postgresql"), postgresql():
        pass
    program = textwrap.dedent("""
        from regiohub.testing.services import postgresql
        with postgresql() as server:
            print((server.host / "data" / "postmaster.pid").read_text().splitlines()[0], server.host, flush=True)
            input()
    """)
    run = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert run.stdin is not None
    assert run.stdout is not None
    with run.stdin, run.stdout:
        pid, folder = run.stdout.readline().split()
        server = os.pidfd_open(int(pid))
        run.send_signal(signal.SIGKILL)
        run.wait()
        try:
            assert select.select([server], [], [], 10)[0], "the server outlived its test run"
        finally:
            os.close(server)
            subprocess.run(["rm", "-rf", str(Path(folder))], check=True)
