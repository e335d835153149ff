"""Where the built-in issuer must not run: its tokens open everything to whoever can ask for one."""

from urllib.parse import urlsplit

from regiohub.settings import Settings, is_loopback


class DevIssuerRefused(RuntimeError):
    """The built-in issuer was asked for where it must not run; the message says why and what to set."""


def dev_issuer_allowed(settings: Settings) -> bool:
    """Whether the built-in issuer runs. Raises ``DevIssuerRefused`` if it is asked for where it is dangerous."""
    if not settings.dev_issuer_wanted:
        return False
    address = urlsplit(settings.base_url)
    if settings.is_production:
        reason = "in production"
    elif not settings.listens_on_loopback:
        reason = f"while the server listens on {settings.host}"
    elif address.scheme != "http" or not is_loopback(address.hostname or ""):
        reason = f"under the public address {settings.base_url}"
    else:
        return True
    raise DevIssuerRefused(
        f"The built-in issuer of test tokens does not run {reason}. "
        "Set REGIOHUB_DEV_ISSUER=false and name your login server in REGIOHUB_ISSUERS."
    )
