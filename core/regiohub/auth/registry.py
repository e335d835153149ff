"""Which issuers' tokens count, and for which towns each may speak."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from regiohub.settings import Settings

from .claims import API_CLIENT
from .fetch import remote_keys
from .keys import CachedKeys, KeySource


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer with its keys. ``tenants`` are slugs, ``*`` means every town; ``region``: its regional roles count."""

    issuer: str
    keys: KeySource
    audience: str = API_CLIENT
    tenants: frozenset[str] = field(default_factory=lambda: frozenset({"*"}))
    region: bool = False
    is_dev: bool = False

    def speaks_for(self, tenant: str | None) -> bool:
        """Whether its tokens count in this town; at the region (``None``) only an issuer of the region counts."""
        if tenant is None:
            return self.region or "*" in self.tenants
        return "*" in self.tenants or tenant in self.tenants


class IssuerRegistry:
    """The issuers of one platform. A town that runs its own login is one more entry, restricted to that town."""

    def __init__(self, issuers: Iterable[TrustedIssuer] = ()) -> None:
        self._issuers: dict[str, TrustedIssuer] = {}
        for entry in issuers:
            self.add(entry)

    def add(self, entry: TrustedIssuer) -> None:
        """Adds an issuer. Raises ``ValueError`` if its name is taken: two key sets for one name would be a hole."""
        if entry.issuer in self._issuers:
            raise ValueError(f"issuer {entry.issuer} is configured twice")
        self._issuers[entry.issuer] = entry

    def find(self, issuer: str) -> TrustedIssuer | None:
        """The issuer of exactly this name."""
        return self._issuers.get(issuer)

    async def close(self) -> None:
        """Ends what still runs in the background."""
        for entry in self._issuers.values():
            if isinstance(entry.keys, CachedKeys):
                await entry.keys.close()


def configured_issuers(settings: Settings) -> IssuerRegistry:
    """The issuers named in the settings. Nothing is fetched yet: the platform starts while an issuer is down."""
    return IssuerRegistry(
        TrustedIssuer(
            issuer=entry.issuer,
            keys=CachedKeys(remote_keys(entry, production=settings.is_production), issuer=entry.issuer),
            audience=entry.audience,
            tenants=frozenset(entry.tenants),
            region=entry.region,
        )
        for entry in settings.issuers
    )
