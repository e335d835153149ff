"""Child processes that end with the tests, and addresses that nobody else uses."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# The parent-death signal comes when the starting *thread* ends, and a test may start a server from a worker thread
# of an event loop that ends with it. So one thread that lasts as long as the interpreter starts them all.
_starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="regiohub-testing")


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def accepts_connections(port: int) -> bool:
    """Tell whether something listens on the TCP port ``port`` of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def bound_to_parent(command: Sequence[str], *, user: str | None = None) -> list[str]:
    """Return ``command`` so that it runs as ``user`` and dies with the process that starts it.

    A test run that is killed cannot clean up; the kernel's parent-death signal does. Where ``setpriv`` is missing
    (it is part of every Linux, but of nothing else) the command stays as it is.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return list(command)
    identity = [f"--reuid={user}", f"--regid={user}", "--init-groups"] if user else []
    return [setpriv, *identity, "--pdeathsig=KILL", *command]


class ManagedProcess:
    """One program that can be started again after it was stopped or killed.

    Args:
        command: program and arguments.
        log: file that takes what the program prints.
        is_ready: tells whether the program serves; asked until it does or ``timeout`` seconds have passed.
        environment: its environment variables; ours, if nothing is given.
    """

    def __init__(
        self, command: Sequence[str], *, log: Path, is_ready: Callable[[], bool], timeout: float = 30,
        environment: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self._command = list(command)
        self._environment = environment
        self._log = log
        self._is_ready = is_ready
        self._timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the program and return once it serves.

        Raises:
            RuntimeError: with the end of its log, if it stops early or never becomes ready.
        """
        self._process = _starter.submit(self._open).result()
        deadline = time.monotonic() + self._timeout
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.end(signal.SIGKILL)
                text = self._log.read_text(errors="replace")[-2000:]
                raise RuntimeError(f"{self._command[0]} did not start:\n{text}")
            time.sleep(0.02)

    def _open(self) -> "subprocess.Popen[bytes]":
        with self._log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - fixed programs, no shell
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=os.sep, env=self._environment
            )

    @property
    def pid(self) -> int:
        """Number of the running process.

        Raises:
            RuntimeError: it does not run.
        """
        if self._process is None:
            raise RuntimeError(f"{self._command[0]} does not run")
        return self._process.pid

    def send(self, how: signal.Signals) -> None:
        """Send the signal ``how`` to the running program: SIGSTOP makes it hang, SIGCONT lets it go on."""
        if self._process is not None:
            self._process.send_signal(how)

    def end(self, how: signal.Signals) -> None:
        """Send the signal ``how`` and wait for the end; a program that ignores it for 10 seconds is killed."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
