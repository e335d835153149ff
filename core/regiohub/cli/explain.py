"""``regiohub graphql explain``: how an operation is answered, field by field."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .exits import CONFIGURATION, FAILED, Problem
from .opening import run, tenant_named
from .output import AsJson, print_json

if TYPE_CHECKING:
    from regiohub.auth.principal import Principal
    from regiohub.graphql.explain import Explained
    from regiohub.graphql.prepared import Prepared
    from regiohub.platform import Platform
    from regiohub.tenancy.info import TenantInfo

REGION = "region"


def explain(
    file: Annotated[Path, typer.Argument(help="File with the document.")],
    tenant: Annotated[str, typer.Option(help='The town that is asked, or "region".')],
    operation: Annotated[str | None, typer.Option(help="Name of the operation, where the file has several.")] = None,
    variables: Annotated[str, typer.Option(help="Variables as a JSON object.")] = "{}",
    role: Annotated[list[str] | None, typer.Option(help="Role of the caller; repeatable. Default: anonymous.")] = None,
    analyze: Annotated[
        bool, typer.Option("--analyze", help="Let the database carry the statements out and give its account.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Show for each field of a query which way answers it, why it needs its resolver, and the SQL.

    Nothing is answered: resolvers and mutations do not run; statements run with --analyze only, and only read.
    """
    document, given = _text(file), _variables(variables)

    async def work(platform: Platform) -> tuple[Prepared, list[Explained]]:
        from graphql import GraphQLError

        from regiohub.graphql.explain import explained
        from regiohub.graphql.plans.errors import Unusual

        town = None if tenant == REGION else tenant_named(platform, tenant)
        prepared = _prepared(platform, town, _caller(platform, town, role or []), document, operation, given)
        try:
            return prepared, list(await explained(prepared, analyze=analyze))
        except (GraphQLError, Unusual) as error:
            raise Problem(str(error), "The executor would report this at its field.") from None

    prepared, fields = run(work)
    if json:
        plan = prepared.plan.id if prepared.plan else None
        print_json({"plan": plan, "reason": prepared.reason, "fields": fields})
    else:
        _show(prepared, fields)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{file} cannot be read: {error}", code=CONFIGURATION) from None


def _variables(text: str) -> dict[str, Any]:
    import orjson

    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Problem(f"--variables is no JSON: {error}", """Write: --variables '{"first": 10}'""") from None
    if not isinstance(found, dict):
        raise Problem("--variables is no JSON object.", """Write: --variables '{"first": 10}'""")
    return found


def _caller(platform: Platform, town: TenantInfo | None, roles: list[str]) -> Principal:
    from regiohub.auth.permissions import BUNDLES, CITIZEN, PLUGIN_ADMIN, REGION_ROLES, granted
    from regiohub.auth.principal import ANONYMOUS, Principal, PrincipalKind

    if not roles:
        return ANONYMOUS
    known = sorted(REGION_ROLES if town is None else BUNDLES)
    unknown = [one for one in roles if one not in known and not (town is not None and one.startswith(PLUGIN_ADMIN))]
    if unknown:
        raise Problem(f"There is no role {', '.join(unknown)}.", f"Roles here: {', '.join(known)}", code=CONFIGURATION)
    if town is None:
        rights = frozenset(right.id for one in roles for right in REGION_ROLES[one])
        return Principal(PrincipalKind.REGIONAL, subject="explain", roles=frozenset(roles), permissions=rights)
    have = frozenset(roles) | {CITIZEN}
    return Principal(
        PrincipalKind.PERSON, subject="explain", tenant=town.slug, roles=have,
        permissions=granted(have, platform.permissions(town.slug)),
    )  # fmt: skip


def _prepared(
    platform: Platform,
    town: TenantInfo | None,
    caller: Principal,
    document: str,
    operation: str | None,
    variables: dict[str, Any],
) -> Prepared:
    """:raises Problem: the document is refused; each reason with its place in the file."""
    from regiohub.graphql.answer import Answer
    from regiohub.graphql.execute import Request, Terms, prepare
    from regiohub.graphql.transport.service import GraphQLService

    service = GraphQLService.of(platform)
    request = Request(document, variables, operation)
    source = service.source(town, caller, "en")
    found = prepare(service.schema_of(town), request, source, Terms(limits=service.limits))
    if isinstance(found, Answer):
        raise Problem("\n".join(map(_fault, found.errors)), "The operation would be refused.", code=FAILED)
    return found


def _fault(error: dict[str, Any]) -> str:
    at = error.get("locations") or ()
    return f"{at[0]['line']}:{at[0]['column']}: {error['message']}" if at else error["message"]


def _show(prepared: Prepared, fields: list[Explained]) -> None:
    from regiohub.graphql.explain import pretty

    if prepared.plan is None:
        typer.echo(f"No plan: {prepared.reason or 'plans are off'}. The whole operation is answered by resolvers.")
        return
    typer.echo(f"Plan {prepared.plan.id}")
    width = max((len(field.path) for field in fields), default=0)
    for field in fields:
        typer.echo(f"  {field.path:<{width}}  {field.way.value}" + (f": {field.reason}" if field.reason else ""))
    # Fields of the json way share a statement.
    texts: dict[tuple[str, ...], list[Explained]] = {}
    for field in fields:
        if field.sql:
            texts.setdefault(field.sql, []).append(field)
    for sql, sharing in texts.items():
        typer.echo(f"\n-- {', '.join(field.path for field in sharing)}")
        for text in sql:
            typer.echo(pretty(text))
        for line in sharing[0].database:
            typer.echo(f"-- {line}")
