"""Settings of the platform: environment variables with the prefix ``REGIOHUB_`` or a ``.env`` file.

Everything has a default, so that the embedded platform runs with nothing configured. Production mode refuses to start
where a default would be unsafe. ``regiohub doctor --settings`` prints this list with the values in force.
"""

import contextlib
import ipaddress
import os
import re
import secrets
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")
_PASSWORD = re.compile(r"(://[^:/@\s]*):[^@\s]*@")

Names = Annotated[tuple[str, ...], NoDecode]
"""A list written with commas (``lorawan,booking``) rather than as JSON."""


class Environment(StrEnum):
    """In what surroundings the platform runs."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class IssuerSettings(BaseModel):
    """One issuer of tokens that the platform accepts, and the towns it may speak for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str = Field(
        description="Exact value of the claim `iss`, for example https://login.example.org/realms/regiohub."
    )
    jwks_url: str = Field(default="", description="Address of the keys; empty: the one named by OpenID discovery.")
    audience: str = Field(default="regiohub-api", description="Value that the claim `aud` must contain.")
    tenants: tuple[str, ...] = Field(default=("*",), description="Slugs it may speak for; `*` means every town.")
    region: bool = Field(
        default=False, description="Whether its regional roles count; true for the region's own realm."
    )
    title: str = Field(default="", description="Its name where people choose; empty: the host name.")
    client_id: str = Field(default="regiohub-console", description="Client with which the console signs people in.")
    client_secret: SecretStr = Field(
        default=SecretStr(""), description="Secret of that client; empty: nobody signs in to the console here."
    )


class Settings(BaseSettings):
    """All platform settings. Plugins have settings of their own, per town, in ``tenant.toml``."""

    model_config = SettingsConfigDict(env_prefix="REGIOHUB_", env_file=".env", extra="ignore", frozen=True)

    # Where it runs
    environment: Environment = Field(
        default=Environment.DEVELOPMENT, description="development or production; production refuses unsafe defaults."
    )
    data_dir: Path = Field(default=Path("data"), description="Folder for the embedded database, keys, mails and files.")
    tenants_dir: Path = Field(default=Path("tenants"), description="Folder with one subfolder per town.")
    host: str = Field(default="127.0.0.1", description="Address that the server listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port that the server listens on.")
    public_url: str = Field(
        default="", description="Address under which people reach the platform; empty: http://<host>:<port>."
    )
    trusted_proxies: Names = Field(
        default=(), description="Addresses of reverse proxies whose X-Forwarded-* headers are believed, with commas."
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key of the platform, 32 characters or more; made in data_dir in development.",
    )

    # Database
    database_url: str = Field(
        default="",
        repr=False,
        description="SQLAlchemy address; empty: a SQLite file in data_dir. PostgreSQL: postgresql+asyncpg://…",
    )
    database_owner_url: str = Field(
        default="", repr=False, description="The same database as its owner, for migrations; empty: database_url."
    )
    database_superuser_url: str = Field(
        default="",
        repr=False,
        description="The same server as superuser; only `regiohub db bootstrap` and `regiohub db harden` use it.",
    )
    database_pool_size: int = Field(default=10, ge=1, le=200, description="Connections kept open to PostgreSQL.")
    database_statement_timeout: float = Field(
        default=30.0, gt=0, description="Seconds after which PostgreSQL ends a statement."
    )

    # Plugins
    plugins_allowed: Names = Field(
        default=("*",), description="Plugins that may be loaded, with commas; `*` allows all that are installed."
    )
    strict_plugins: bool = Field(default=False, description="Whether a faulty plugin stops the start (used in CI).")

    # Which town a request is for
    base_domain: str = Field(
        default="", description="Domain whose first label names the town: potsdam.<base_domain>; empty: off."
    )
    host_names: dict[str, str] = Field(
        default_factory=dict[str, str], description='Further host names as JSON: {"api.potsdam.example": "potsdam"}.'
    )

    # Who is calling
    issuers: tuple[IssuerSettings, ...] = Field(
        default=(),
        description="Issuers whose tokens count, as JSON: "
        "[{issuer, jwks_url, audience, tenants, region, client_id, client_secret}].",
    )
    dev_issuer: bool | None = Field(
        default=None,
        description="Built-in issuer of test tokens; empty: on in development on a loopback address, otherwise off.",
    )
    token_leeway: int = Field(default=30, ge=0, le=30, description="Seconds by which clocks may differ.")
    token_max_bytes: int = Field(default=16_384, ge=1024, description="Largest bearer token in bytes.")

    # Sign-in of the console
    session_idle_minutes: int = Field(
        default=30, ge=1, le=1440, description="Minutes without a page view after which a person is signed out."
    )
    session_hours: float = Field(
        default=10.0, gt=0, le=24, description="Hours after which a person signs in again, however busy."
    )
    session_check_seconds: int = Field(
        default=240,
        ge=10,
        le=240,
        description="Seconds after which the login server is asked again whether a person may still do what he may.",
    )
    session_grace_minutes: int = Field(
        default=15,
        ge=0,
        le=120,
        description="Minutes that signed-in persons may go on after their token's end while the login server is down.",
    )

    # Administration of the login server
    keycloak_url: str = Field(
        default="", description="Address of Keycloak without a realm, https://login.example.org; empty: none."
    )
    keycloak_realm: str = Field(default="regiohub", description="Realm in which the towns are organizations.")
    keycloak_client_id: str = Field(default="regiohub-admin-sync", description="Client that administers the realm.")
    keycloak_client_secret: SecretStr = Field(default=SecretStr(""), description="Secret of that client.")

    # Mail
    smtp_url: SecretStr = Field(
        default=SecretStr(""),
        description="smtp://user:password@host:587 or smtps://…:465; empty: mails become files in data_dir/mail.",
    )
    mail_from: str = Field(default="Regio.hub <noreply@localhost>", description="Sender of all mails.")

    # Limits
    body_max_bytes: int = Field(default=1_048_576, ge=1024, description="Largest request body in bytes.")
    upload_max_bytes: int = Field(
        default=26_214_400, ge=1024, description="Largest form with files that signed-in staff may send, in bytes."
    )
    graphql_max_depth: int = Field(default=15, ge=5, description="Deepest nesting of a GraphQL operation.")
    graphql_max_aliases: int = Field(default=30, ge=1, description="Most aliases in a GraphQL operation.")
    graphql_max_tokens: int = Field(default=2000, ge=100, description="Most tokens in a GraphQL document.")
    graphql_max_characters: int = Field(
        default=32_768, ge=1000, description="Longest GraphQL document in characters; long texts belong in variables."
    )
    graphql_max_cost: int = Field(
        default=20_000, ge=100, description="Highest estimated cost: page sizes multiplied along the nesting."
    )
    graphql_max_directives: int = Field(default=30, ge=1, description="Most directives in a GraphQL operation.")
    graphql_max_roots: int = Field(default=20, ge=1, description="Most root fields in a GraphQL operation.")
    graphql_plans: bool = Field(
        default=True, description="Whether GraphQL queries are compiled to SQL; off, every field is resolved in Python."
    )
    graphql_oracle_share: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Share of compiled answers that are compared with the ordinary executor in the background.",
    )
    graphql_oracle_cost: int = Field(
        default=2000, ge=1, description="Highest estimated cost of an operation that is compared in this way."
    )
    graphql_timeout: float = Field(default=15.0, gt=0, description="Seconds after which an operation is ended.")
    graphql_response_cache: bool = Field(
        default=True, description="Whether answers that depend on neither person nor clock are kept for others."
    )
    graphql_response_cache_bytes: int = Field(
        default=33_554_432, ge=65_536, description="Most bytes of kept answers, per process."
    )
    graphql_subscriptions_per_client: int = Field(
        default=50, ge=1, description="Most open subscriptions on one connection."
    )
    rate_public_per_minute: float = Field(
        default=20.0, gt=0, description="Public mutations (suggestions, inquiries) per minute, client and town."
    )
    rate_public_burst: int = Field(default=10, ge=1, description="How many of them may come at once.")
    rate_search_per_minute: float = Field(
        default=300.0, gt=0, description="Searches by routes of plugins per minute, client and town."
    )
    rate_search_burst: int = Field(default=60, ge=1, description="How many of them may come at once.")
    rate_ingest_per_second: float = Field(
        default=2000.0, gt=0, description="Requests with measured values per second, client and town."
    )
    rate_ingest_burst: int = Field(default=4000, ge=1, description="How many of them may come at once.")

    rate_graphql_per_second: float = Field(
        default=50.0, gt=0, description="GraphQL operations per second, client and town (or the region)."
    )
    rate_graphql_burst: int = Field(default=500, ge=1, description="How many of them may come at once.")
    rate_town_factor: float = Field(
        default=10.0, ge=1, description="How many times a client's limit all clients of a town together may use."
    )

    # Calls to others
    outgoing_allowed: Names = Field(
        default=(),
        description="Hosts and networks inside the house that plugins may call for towns, with commas: "
        "mqtt.example.internal:8883, 10.20.0.0/16. The open internet needs no entry.",
    )
    outgoing_listed_only: bool = Field(
        default=False, description="Whether plugins may call nothing but what REGIOHUB_OUTGOING_ALLOWED names."
    )

    # Browsers
    cors_origins: Names = Field(
        default=(), description="Origins allowed for every town beside those in its tenant.toml, with commas."
    )
    map_style_url: str = Field(
        default="",
        description="MapLibre style of the maps' ground, https://… or a path; empty: a plain one, nothing is fetched.",
    )
    map_origins: Names = Field(
        default=(), description="Origins beside the style's own that its tiles and fonts come from, with commas."
    )
    security_contact: str = Field(
        default="", description="Contact for security reports in /.well-known/security.txt: mailto:… or https://…"
    )

    # Backups per town
    backup_dir: Path | None = Field(
        default=None, description="Folder into which the worker writes an archive of each town a day; empty: none."
    )
    backup_towns: Names = Field(default=("*",), description="Towns that are backed up so, with commas; `*`: all.")
    backup_kept: int = Field(default=7, ge=1, description="How many backups of a town are kept.")
    backup_passphrase: SecretStr = Field(
        default=SecretStr(""),
        description="Passphrase for the towns' keys in backups, 12 characters or more; empty: keys are not in them.",
    )

    # Operation
    worker_in_serve: bool | None = Field(
        default=None, description="Whether `serve` also runs the worker; empty: yes on SQLite, no on PostgreSQL."
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_format: str = Field(default="auto", pattern="^(auto|json|console)$", description="auto, json or console.")
    metrics: bool = Field(default=True, description="Whether /metrics answers.")
    shutdown_timeout: float = Field(default=10.0, gt=0, description="Seconds that running requests get at the end.")

    @field_validator(
        "trusted_proxies", "plugins_allowed", "cors_origins", "map_origins", "backup_towns", "outgoing_allowed",
        mode="before",
    )  # fmt: skip
    @classmethod
    def _from_commas(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("log_level is one of DEBUG, INFO, WARNING, ERROR")
        return value.upper()

    @field_validator("map_style_url")
    @classmethod
    def _style_address(cls, value: str) -> str:
        if value and not value.startswith("/") and urlsplit(value).scheme not in {"http", "https"}:
            raise ValueError("map_style_url begins with https://, http:// or /")
        return value

    @field_validator("map_origins")
    @classmethod
    def _plain_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_ORIGIN.fullmatch(origin) for origin in value):
            raise ValueError("map_origins are origins such as https://tiles.example.org, without a path")
        return value

    @field_validator("outgoing_allowed")
    @classmethod
    def _hosts_and_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        from regiohub.outgoing.addresses import permits

        permits(value)
        return value

    @field_validator("public_url", "keycloak_url")
    @classmethod
    def _plain_address(cls, value: str, info: ValidationInfo) -> str:
        if value and urlsplit(value).scheme not in {"http", "https"}:
            raise ValueError(f"{info.field_name} begins with http:// or https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _safe_in_production(self) -> Self:
        key = self.secret_key.get_secret_value()
        if key and len(key) < 32:
            raise ValueError("REGIOHUB_SECRET_KEY has fewer than 32 characters")
        if self.keycloak_url and not self.keycloak_client_secret.get_secret_value():
            raise ValueError("REGIOHUB_KEYCLOAK_URL needs REGIOHUB_KEYCLOAK_CLIENT_SECRET")
        if self.environment is Environment.PRODUCTION:
            if not key:
                raise ValueError("production needs REGIOHUB_SECRET_KEY (32 characters or more)")
            if self.keycloak_url and urlsplit(self.keycloak_url).scheme != "https":
                raise ValueError(f"production administers Keycloak over https only, not {self.keycloak_url}")
            for entry in self.issuers:
                if urlsplit(entry.issuer).scheme != "https":
                    raise ValueError(f"production accepts issuers with https only, not {entry.issuer}")
        return self

    @property
    def is_production(self) -> bool:
        """Whether unsafe conveniences are off."""
        return self.environment is Environment.PRODUCTION

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is in use."""
        return not self.database_url or self.database_url.startswith("sqlite")

    @property
    def listens_on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)

    @property
    def base_url(self) -> str:
        """Address of the platform without a final slash."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def map_sources(self) -> tuple[str, ...]:
        """Origins that a page with a map may fetch from beside our own: none unless a style is set."""
        style = urlsplit(self.map_style_url)
        own = (f"{style.scheme}://{style.netloc}",) if style.netloc else ()
        return tuple(dict.fromkeys((*own, *self.map_origins)))

    @property
    def dev_issuer_wanted(self) -> bool:
        """Whether the built-in issuer is asked for; whether it may run is decided by ``regiohub.auth.dev``."""
        if self.dev_issuer is not None:
            return self.dev_issuer
        return not self.is_production and self.listens_on_loopback and urlsplit(self.base_url).scheme == "http"

    @property
    def runs_worker(self) -> bool:
        """Whether ``serve`` runs outbox, jobs and background tasks itself."""
        return self.is_sqlite if self.worker_in_serve is None else self.worker_in_serve

    @property
    def database_address(self) -> str:
        """SQLAlchemy address of the serving connection."""
        return self.database_url or f"sqlite+aiosqlite:///{(self.data_dir / 'regiohub.sqlite3').as_posix()}"

    @cached_property
    def key(self) -> bytes:
        """The platform's key; in development made once and kept in the data folder, readable by its owner only."""
        given = self.secret_key.get_secret_value()
        return given.encode() if given else _kept_key(self.data_dir / "secret.key")


def shown(settings: Settings, name: str) -> str:
    """The value of a setting as it may be printed: secrets as stars, addresses without their passwords."""
    value = getattr(settings, name)
    if isinstance(value, SecretStr):
        return str(value)
    if isinstance(value, tuple):
        return ", ".join(entry.issuer if isinstance(entry, IssuerSettings) else str(entry) for entry in value)
    return _PASSWORD.sub(r"\1:***@", str(value))


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _kept_key(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_urlsafe(48).encode())
        # Server and command line may start together: the first complete file wins, nobody reads half a key.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_bytes()
