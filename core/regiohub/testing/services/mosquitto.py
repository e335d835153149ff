"""A private Mosquitto broker with a password file and TLS."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from regiohub.testing.services.processes import ManagedProcess, accepts_connections, bound_to_parent, free_port
from regiohub.testing.services.programs import find_program


@dataclass(frozen=True)
class MosquittoBroker:
    """A running broker on 127.0.0.1; both ports ask for the user name and the password.

    Attributes:
        port: plain MQTT.
        tls_port: MQTT over TLS; clients trust ``ca_file``.
    """

    port: int
    tls_port: int
    username: str
    password: str
    ca_file: Path
    process: ManagedProcess

    host = "localhost"

    def stop(self) -> None:
        """End the broker in order (SIGTERM): sessions and queued messages are kept for the next start."""
        self.process.end(signal.SIGTERM)

    def kill(self) -> None:
        """End the broker at once (SIGKILL), as a power cut would."""
        self.process.end(signal.SIGKILL)

    def start(self) -> None:
        """Start the broker again on the same ports and return once it serves."""
        self.process.start()

    def restart(self) -> None:
        """Stop and start."""
        self.stop()
        self.start()


@contextmanager
def mosquitto() -> Generator[MosquittoBroker]:
    """Start a broker in a folder of its own, yield it, end it and delete the folder.

    Raises:
        MissingProgramError: if Mosquitto is not installed.
    """
    # Here, so that the fixtures load without the cryptography that only this service needs.
    from regiohub.testing.services.certificates import create_server_certificate

    program = find_program("mosquitto", package="mosquitto")
    passwd = find_program("mosquitto_passwd", package="mosquitto")
    folder = Path(tempfile.mkdtemp(prefix="regiohub-mqtt-"))
    try:
        files = create_server_certificate(folder)
        username, password = "regiohub", secrets.token_urlsafe(12)
        arguments = [str(passwd), "-b", "-c", str(folder / "passwords"), username, password]
        subprocess.run(arguments, check=True, capture_output=True)  # noqa: S603
        port, tls_port = free_port(), free_port()
        lines = [
            # As root, Mosquitto would give its rights away and lose sight of its own folder.
            *(["user root"] if os.geteuid() == 0 else []),
            "per_listener_settings false",
            "allow_anonymous false",
            f"password_file {folder / 'passwords'}",
            "persistence true",
            f"persistence_location {folder}/",
            "autosave_on_changes true",
            "autosave_interval 1",
            f"listener {port} 127.0.0.1",
            f"listener {tls_port} 127.0.0.1",
            f"cafile {files.authority}",
            f"certfile {files.certificate}",
            f"keyfile {files.key}",
        ]
        configuration = folder / "mosquitto.conf"
        configuration.write_text("\n".join(lines) + "\n")
        process = ManagedProcess(
            bound_to_parent([str(program), "-c", str(configuration)]),
            log=folder / "broker.log",
            is_ready=lambda: accepts_connections(port) and accepts_connections(tls_port),
        )
        process.start()
        try:
            yield MosquittoBroker(port, tls_port, username, password, files.authority, process)
        finally:
            process.end(signal.SIGTERM)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
