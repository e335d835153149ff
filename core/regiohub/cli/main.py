"""All commands by name."""

from __future__ import annotations

import typer

from . import (
    audit,
    audit_seals,
    backup,
    database,
    database_downgrade,
    demo,
    doctor,
    explain,
    hardening,
    identity,
    jobs,
    members,
    outbox,
    persisted,
    plugin_check,
    plugin_new,
    plugin_try,
    plugins,
    programs,
    purge,
    retention,
    schema,
    serve,
    sessions,
    sharing,
    subjects,
    tenant_archive,
    tenants,
    token,
    worker,
)
from .exits import ClearErrors

app = typer.Typer(
    name="regiohub",
    cls=ClearErrors,
    help="One installation, many municipalities: plugins per measure, one GraphQL API per town.",
    no_args_is_help=True,
    # A traceback with local variables would show passwords.
    pretty_exceptions_show_locals=False,
)


@app.callback()
def _platform() -> None:
    """Settings come from the environment (REGIOHUB_…) or a file .env: `regiohub doctor --settings` lists them."""


def _group(name: str, help_: str) -> typer.Typer:
    group = typer.Typer(help=help_, no_args_is_help=True)
    app.add_typer(group, name=name)
    return group


app.command("serve")(serve.serve)
app.command("worker")(worker.worker)
app.command("doctor")(doctor.doctor)
app.command("token")(token.token)

_db = _group("db", "The database: create it, migrate it, see where it stands.")
_db.command("bootstrap")(database.bootstrap)
_db.command("harden")(hardening.harden)
_db.command("upgrade")(database.upgrade)
_db.command("status")(database.status)
_db.command("downgrade")(database_downgrade.downgrade)
_db.command("compact")(database.compact)
_db.command("backup")(backup.backup)
_db.command("restore")(backup.restore)

_tenant = _group("tenant", "Towns and their measures.")
_tenant.command("list")(tenants.list_tenants)
_tenant.command("show")(tenants.show)
_tenant.command("add")(tenants.add)
_tenant.command("validate")(tenants.validate)
_tenant.command("export")(tenant_archive.export)
_tenant.command("import")(tenant_archive.import_)
_tenant.command("verify")(tenant_archive.verify)
_tenant.command("remove")(tenant_archive.remove)
_tenant.command("backup")(tenant_archive.backup)
_tenant.command("history")(tenant_archive.history)

_plugin = _group("plugin", "Plugins: installed, allowed, healthy, and switched on per town.")
_plugin.command("list")(plugins.list_plugins)
_plugin.command("show")(plugins.show)
_plugin.command("check")(plugin_check.check)
_plugin.command("new")(plugin_new.new)
_plugin.command("try")(plugin_try.try_plugins)
_plugin.command("enable")(plugins.enable)
_plugin.command("disable")(plugins.disable)
_plugin.command("purge")(purge.purge)

_identity = _group("identity", "The login server, and who may do what in a town.")
_identity.command("bootstrap")(identity.bootstrap)
_identity.command("members")(members.members)
_identity.command("invite")(members.invite)
_identity.command("grant")(members.grant)
_identity.command("revoke")(members.revoke)
_identity.command("remove")(members.remove)
_clients = typer.Typer(help="Access for programs.", no_args_is_help=True)
_identity.add_typer(_clients, name="clients")
_clients.command("list")(programs.list_clients)
_clients.command("create")(programs.create)
_clients.command("renew")(programs.renew)
_clients.command("remove")(programs.remove)
_group("access", "Why somebody may do something in a town, or may not.").command("explain")(members.explain)

_sessions = _group("sessions", "Who is signed in to the console.")
_sessions.command("list")(sessions.list_sessions)
_sessions.command("end")(sessions.end)

_group("schema", "GraphQL schemas.").command("export")(schema.export)
_graphql = _group("graphql", "Operations: how they are answered, and documents that clients send by their hash.")
_graphql.command("explain")(explain.explain)
_graphql.command("persist")(persisted.persist)
_graphql.command("list")(persisted.list_documents)
_graphql.command("remove")(persisted.remove)

_subject = _group("subject", "What is held on a person in a town.")
_subject.command("export")(subjects.export)
_subject.command("erase")(subjects.erase)
_subject.command("erase-again")(subjects.erase_again)

_retention = _group("retention", "What is kept how long, and the deletion of what has passed its time.")
_retention.command("show")(retention.show)
_retention.command("run")(retention.run_now)

_demo = _group("demo", "Demo content, and invented towns.")
_demo.command("load")(demo.load)
_demo.command("towns")(demo.towns)
_audit = _group("audit", "The audit log, and the seals that show every later change.")
_audit.command("list")(audit.list_entries)
_audit.command("verify")(audit_seals.verify)
_audit.command("head")(audit_seals.head)
_audit.command("seal")(audit_seals.seal)
_audit.command("accept")(audit_seals.accept)
_group("sharing", "What towns share, and with whom.").command("list")(sharing.list_consents)

_outbox = _group("outbox", "Work that was given up after many attempts.")
_outbox.command("list")(outbox.list_entries)
_outbox.command("retry")(outbox.retry)
_outbox.command("drop")(outbox.drop)

_job = _group("job", "Scheduled jobs.")
_job.command("list")(jobs.list_jobs)
_job.command("run")(jobs.run_job)
