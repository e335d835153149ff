"""The built-in issuer of test tokens, so that development needs no login server. It refuses to run in production."""

from .guard import DevIssuerRefused, dev_issuer_allowed
from .issuer import DEV_PATH, DevIssuer

__all__ = ["DEV_PATH", "DevIssuer", "DevIssuerRefused", "dev_issuer_allowed"]
