"""TLS to an address that was looked up before: the certificate is checked against the name, not the address."""

from __future__ import annotations

import ssl
from typing import Any


class NamedContext(ssl.SSLContext):
    """A context of clients for one host: whatever a library takes for the name, this one is asked for and checked."""

    server_name: str

    def wrap_socket(self, *args: Any, **options: Any) -> ssl.SSLSocket:
        """TLS over a socket."""
        return super().wrap_socket(*args, **{**options, "server_hostname": self.server_name})

    def wrap_bio(self, *args: Any, **options: Any) -> ssl.SSLObject:
        """TLS over buffers, as asyncio does it."""
        return super().wrap_bio(*args, **{**options, "server_hostname": self.server_name})


def named_context(host: str, cafile: str | None) -> NamedContext:
    """A context that trusts the system's authorities, or those of `cafile` alone, and only certificates of `host`."""
    context = NamedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.server_name = host
    if cafile is None:
        context.load_default_certs()
    else:
        context.load_verify_locations(cafile)
    return context
