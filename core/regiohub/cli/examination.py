"""The checks of ``regiohub doctor``; each says what it found and, if need be, what to do."""

from __future__ import annotations

import platform as machine
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal

from .exits import explain
from .plugins import examine_parts

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.settings import Settings

Level = Literal["ok", "note", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    level: Level
    text: str
    remedy: str = ""


async def examine(settings: Settings) -> list[Finding]:
    """All findings; a check that cannot be made is a finding, too."""
    from regiohub.logs import configure_logging
    from regiohub.platform import Platform

    from .archive_examination import backups_of_towns
    from .audit_examination import audit_seals
    from .database_examination import database_checks
    from .identity_examination import identity_checks

    configure_logging(settings.model_copy(update={"log_level": "ERROR"}))
    findings = [_versions(), *_configuration(settings)]
    platform = Platform(settings)
    try:
        findings += _plugins(platform)
        own = (_work, audit_seals, backups_of_towns, _plugin_health)
        for check in (*database_checks(platform), _towns, *identity_checks(platform), *own):
            findings += await _guarded(check, platform)
    finally:
        await platform.stop()
    return findings


async def _guarded(check: Callable[[Platform], Awaitable[list[Finding]]], platform: Platform) -> list[Finding]:
    try:
        return await check(platform)
    except Exception as error:
        problem = explain(error)
        subject = (check.__doc__ or check.__name__).partition(":")[0].strip(".")
        if problem is None:
            return [Finding(subject, "error", f"could not be examined: {type(error).__name__}")]
        return [Finding(subject, "error", problem.message, problem.remedy)]


def _versions() -> Finding:
    parts = ("sqlalchemy", "fastapi", "strawberry-graphql", "pydantic")
    libraries = ", ".join(f"{name} {version(name)}" for name in parts)
    return Finding("Versions", "ok", f"regiohub {version('regiohub')}, Python {machine.python_version()}, {libraries}")


def _configuration(settings: Settings) -> list[Finding]:
    found = [
        Finding("Surroundings", "ok" if settings.is_production else "note", settings.environment.value),
        data_folder(settings),
        *_folders(settings),
        _mail(settings),
        _identity(settings),
    ]
    if settings.is_production and settings.is_sqlite:
        remedy = "Set REGIOHUB_DATABASE_URL to a PostgreSQL server; the embedded database is for one process."
        found.append(Finding("Database", "warning", "the embedded database runs in production", remedy))
    if settings.is_production and not settings.security_contact:
        text, remedy = (
            "nobody learns whom to tell of a weakness",
            "Set REGIOHUB_SECURITY_CONTACT: mailto:… or https://…",
        )
        found.append(Finding("Security contact", "warning", text, remedy))
    if not settings.listens_on_loopback and not settings.trusted_proxies:
        remedy = "Put a reverse proxy with TLS before it and name it in REGIOHUB_TRUSTED_PROXIES."
        found.append(Finding("Network", "warning", f"it listens on {settings.host} without a known proxy", remedy))
    return found


def data_folder(settings: Settings) -> Finding:
    """Where files are, and whether there is room for more."""
    from regiohub.files import LITTLE_BYTES, room_left

    folder = settings.data_dir.resolve()
    free = room_left(folder)
    if free >= LITTLE_BYTES:
        return Finding("Data folder", "ok", str(folder))
    text = f"{folder}: only {free // 1024**2} MiB left on its disk"
    return Finding("Data folder", "warning", text, "Make room, or changes will be refused soon: STORAGE_FULL.")


def _folders(settings: Settings) -> list[Finding]:
    towns = settings.tenants_dir.resolve()
    if towns != (settings.data_dir / "tenants").resolve():
        return []
    text = f"towns are set up from {towns}, where the platform keeps uploads and plugins their files"
    return [Finding("Towns' folder", "warning", text, "Name a folder of its own in REGIOHUB_TENANTS_DIR.")]


def _mail(settings: Settings) -> Finding:
    from regiohub.mail import transport_for

    if not settings.smtp_url.get_secret_value():
        level: Level = "warning" if settings.is_production else "note"
        return Finding(
            "Mail", level, f"mails become files in {settings.data_dir / 'mail'}", "To send: REGIOHUB_SMTP_URL"
        )
    try:
        transport_for(settings)
    except ValueError as error:
        return Finding("Mail", "error", str(error))
    return Finding("Mail", "ok", "sent by SMTP")


def _identity(settings: Settings) -> Finding:
    from regiohub.auth.dev import DevIssuerRefused, dev_issuer_allowed

    try:
        dev = dev_issuer_allowed(settings)
    except DevIssuerRefused as refusal:
        return Finding("Sign-in", "error", str(refusal))
    names = [entry.issuer for entry in settings.issuers]
    if dev:
        return Finding("Sign-in", "note", "test tokens of the built-in issuer count", "Get one: regiohub token --help")
    if names:
        return Finding("Sign-in", "ok", f"tokens of {', '.join(names)} count")
    return Finding("Sign-in", "warning", "nobody can sign in", "Name your login server in REGIOHUB_ISSUERS.")


def _plugins(platform: Platform) -> list[Finding]:
    examine_parts(platform)
    found = [
        Finding("Plugins", "error", f"{record.id} is in quarantine: {record.fault}")
        for record in platform.plugins.records
        if record.fault
    ]
    blocked = [record.id for record in platform.plugins.records if not record.allowed]
    if blocked:
        found.append(Finding("Plugins", "note", f"not allowed: {', '.join(blocked)}", "See REGIOHUB_PLUGINS_ALLOWED"))
    healthy = ", ".join(f"{id_} {plugin.version}" for id_, plugin in platform.plugins.healthy.items())
    return [*found, Finding("Plugins", "ok", f"healthy: {healthy or 'none'}")]


async def _towns(platform: Platform) -> list[Finding]:
    """Towns: present, and their plugins working."""
    await platform.tenants.refresh()
    towns = platform.tenants.all()
    if not towns:
        return [Finding("Towns", "warning", "there are none", "Add one: regiohub tenant add <slug>")]
    found = [Finding("Towns", "ok", ", ".join(f"{town.slug} ({len(town.enabled)} plugins)" for town in towns))]
    for town in towns:
        if missing := sorted(town.switched - town.enabled):
            text = f"{town.slug}: switched on but not working: {', '.join(missing)}"
            found.append(Finding("Towns", "warning", text, "See: regiohub plugin list"))
    return found


async def _work(platform: Platform) -> list[Finding]:
    """Work: what waits, what was given up."""
    from regiohub.events.dead_letters import dead_letters, entry_counts, failing_jobs

    counts = await entry_counts(platform)
    waiting = ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "nothing waits"
    found = [Finding("Outbox", "ok", waiting)]
    for letter in (await dead_letters(platform))[:10]:
        text = f"{letter.town}: {letter.name} was given up after {letter.attempts} attempts: {letter.error}"
        found.append(
            Finding("Dead letter", "warning", text, f"regiohub outbox retry --tenant {letter.town} {letter.id}")
        )
    for job in (await failing_jobs(platform))[:10]:
        text = f"{job.town}: {job.name} failed {job.failures} times in a row: {job.error}"
        found.append(Finding("Job", "warning", text))
    return found


async def _plugin_health(platform: Platform) -> list[Finding]:
    """Health: what the plugins themselves report for each town."""
    found: list[Finding] = []
    for town in platform.tenants.all():
        scope = platform.scope(town)
        for check in scope.plugins.collect("register_health"):
            health = await check.value.run(scope)
            if not health.ok:
                found.append(Finding("Health", "warning", f"{town.slug}: {check.value.name}: {health.detail.en}"))
    return found
