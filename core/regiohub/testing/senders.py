"""The field in a test: messages over a real MQTT broker, and webhooks as a network server or a service sends them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import httpx

from regiohub.testing.services import MosquittoBroker

if TYPE_CHECKING:
    from aiomqtt import Client

    from regiohub.testing.world import World

SIGNATURE = "X-Hub-Signature-256"
"""Header of a body's signature unless told otherwise: `sha256=` and the HMAC in hexadecimal digits."""


def as_bytes(body: Any) -> bytes:
    """Bytes and text as they are, everything else as JSON."""
    if isinstance(body, bytes):
        return body
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


@dataclass(frozen=True)
class MqttSender:
    """Publishes to a private Mosquitto. A plugin under test connects with `host`, `port`, `username` and `password`.

    Both ports ask for the password; `tls_port` has a certificate of `ca_file`.
    """

    broker: MosquittoBroker

    @property
    def host(self) -> str:
        """Name of the broker's host."""
        return self.broker.host

    @property
    def port(self) -> int:
        """Port without encryption."""
        return self.broker.port

    @property
    def tls_port(self) -> int:
        """Port with TLS."""
        return self.broker.tls_port

    @property
    def username(self) -> str:
        """User name of the broker."""
        return self.broker.username

    @property
    def password(self) -> str:
        """Password of the broker."""
        return self.broker.password

    async def send(self, topic: str, body: Any = b"", *, qos: int = 1, retain: bool = False) -> None:
        """Publish one message and return once the broker has it (with `qos` 1 or 2)."""
        async with self.connected() as client:
            await client.publish(topic, as_bytes(body), qos=qos, retain=retain)

    @asynccontextmanager
    async def connected(self, *, tls: bool = False) -> AsyncGenerator[Client]:
        """A client of aiomqtt that stays connected, for many messages or to listen."""
        from aiomqtt import Client

        context = ssl.create_default_context(cafile=str(self.broker.ca_file)) if tls else None
        port = self.broker.tls_port if tls else self.broker.port
        async with Client(
            self.broker.host, port, username=self.broker.username, password=self.broker.password, tls_context=context
        ) as client:
            yield client


def mqtt_client_is_there() -> bool:
    """Whether the client library of `MqttSender` is installed."""
    return find_spec("aiomqtt") is not None


def sign(body: Any, secret: str | bytes) -> str:
    """`sha256=` and the HMAC-SHA256 (RFC 2104) of a body."""
    key = secret.encode() if isinstance(secret, str) else secret
    return "sha256=" + hmac.new(key, as_bytes(body), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class WebhookSender:
    """Posts to a town's routes as a foreign system does: with a key, a name and password, or a signed body."""

    world: World

    async def post(
        self,
        slug: str,
        path: str,
        body: Any = b"",
        *,
        bearer: str | None = None,
        basic: tuple[str, str] | None = None,
        secret: str | bytes | None = None,
        signature_header: str = SIGNATURE,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a body (bytes and text as they are, all else as JSON) to `/{slug}/{path}`.

        `bearer` and `basic` go into the header Authorization; `secret` signs the body into `signature_header`.
        """
        content = as_bytes(body)
        sent = {"content-type": "application/json"}
        if bearer is not None:
            sent["authorization"] = f"Bearer {bearer}"
        if basic is not None:
            sent["authorization"] = "Basic " + base64.b64encode(":".join(basic).encode()).decode()
        if secret is not None:
            sent[signature_header] = sign(content, secret)
        url = f"/{slug}/{path.removeprefix('/')}"
        return await self.world.client.post(url, content=content, headers={**sent, **(headers or {})})
