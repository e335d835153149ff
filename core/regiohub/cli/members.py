"""``regiohub identity members|invite|…`` and ``regiohub access explain``: people of a town, and their rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .exits import FAILED, Problem
from .opening import run, tenant_named
from .output import AsJson, console, print_json, print_table

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from regiohub.auth.admin.port import Member
    from regiohub.auth.roles.explain import Explanation
    from regiohub.platform import Platform
    from regiohub.tenancy.context import Ctx

Town = Annotated[str, typer.Argument(help="Slug of the town.")]
Person = Annotated[str, typer.Argument(help="Mail address or identifier of the person.")]
RoleName = Annotated[str, typer.Argument(help="Role: editor, plugin-admin:booking, own:press.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def members(tenant: Town, json: AsJson = False) -> None:
    """List who works for a town, with roles."""
    from regiohub.auth.admin.service import staff_of

    async def work(platform: Platform) -> list[dict[str, Any]]:
        async with platform.scope(tenant_named(platform, tenant)).read() as ctx:
            return [
                {
                    "id": staff.member.id,
                    "name": staff.member.name,
                    "email": staff.member.email,
                    "state": staff.member.state.value,
                    "roles": sorted(staff.roles),
                    "groups": sorted(staff.member.groups),
                }
                for staff in await staff_of(ctx)
            ]

    found = run(work)
    if json:
        print_json(found)
        return
    lines = [(row["name"], row["email"], row["state"], ", ".join(row["roles"]) or "–") for row in found]
    print_table(("NAME", "E-MAIL", "STATE", "ROLES"), lines, empty="Nobody works for this town yet.")


def invite(
    tenant: Town,
    email: Annotated[str, typer.Argument(help="Mail address.")],
    role: Annotated[list[str], typer.Option(help="Role that the person gets; may be repeated.")],
    first_name: Annotated[str, typer.Option(help="First name.")] = "",
    last_name: Annotated[str, typer.Option(help="Last name.")] = "",
) -> None:
    """Invite a person to a town: the way to its first admin."""
    from regiohub.auth.admin import service

    staff = _change(tenant, lambda ctx: service.invite(ctx, email, first_name, last_name, role))
    typer.echo(f"{staff.member.email} is invited as {', '.join(sorted(staff.roles))}.")


def grant(tenant: Town, person: Person, role: RoleName) -> None:
    """Give a person a role."""
    from regiohub.auth.admin import service

    async def work(ctx: Ctx) -> Any:
        return await service.grant(ctx, (await _find(ctx, person)).id, role)

    staff = _change(tenant, work)
    typer.echo(f"{staff.member.email}: {', '.join(sorted(staff.roles))}")


def revoke(tenant: Town, person: Person, role: RoleName) -> None:
    """Take a role from a person."""
    from regiohub.auth.admin import service

    async def work(ctx: Ctx) -> Any:
        return await service.revoke(ctx, (await _find(ctx, person)).id, role)

    staff = _change(tenant, work)
    typer.echo(f"{staff.member.email}: {', '.join(sorted(staff.roles)) or 'no role'}")


def remove(tenant: Town, person: Person, yes: Yes = False) -> None:
    """End a person's membership of a town; the account itself stays."""
    from regiohub.auth.admin import service

    if not yes:
        typer.confirm(f"Remove {person} from {tenant}? All roles there end.", abort=True)

    async def work(ctx: Ctx) -> None:
        await service.remove(ctx, (await _find(ctx, person)).id)

    _change(tenant, work)
    typer.echo(f"{person} no longer belongs to {tenant}.")


def explain(
    tenant: Town,
    action: Annotated[str, typer.Argument(help="Right: booking.approve.")],
    person: Annotated[str, typer.Option(help="Mail address or identifier of a person of the town.")] = "",
    role: Annotated[list[str] | None, typer.Option(help="Instead of a person: somebody with these roles.")] = None,
    json: AsJson = False,
) -> None:
    """Say whether somebody may do something in a town, and why. Ends with 1 if not."""
    if bool(person) == bool(role):
        raise Problem("Name either a person or roles.", "Add: --person <e-mail> or --role <role>")

    async def work(platform: Platform) -> Explanation:
        from regiohub.auth.admin.service import explain_member
        from regiohub.auth.roles.explain import explain as reasons

        town = tenant_named(platform, tenant)
        async with platform.scope(town).read() as ctx:
            if person:
                return (await explain_member(ctx, (await _find(ctx, person)).id, action))[1]
            return reasons(platform, town, _imagined(ctx, role or []), action)

    found = run(work)
    if json:
        print_json(_plain(found))
    else:
        screen = console()
        screen.print(f"{'Yes' if found.allowed else 'No'}: {found.title.en} ({found.action})")
        for step in found.steps:
            screen.print(f"  {'+' if step.good else '·' if step.good is None else '-'} {step.text.en}")
    if not found.allowed:
        raise typer.Exit(FAILED)


def _plain(found: Explanation) -> dict[str, Any]:
    steps = [{"good": step.good, "de": step.text.de, "en": step.text.en} for step in found.steps]
    return {
        "allowed": found.allowed, "action": found.action, "title": found.title.en, "roles": found.roles,
        "sources": found.sources, "steps": steps,
    }  # fmt: skip


def _imagined(ctx: Ctx, roles: list[str]) -> Any:
    """Somebody whose groups carry these roles."""
    from regiohub.auth.claims import Claims
    from regiohub.auth.roles.town import group_of

    groups = {role: group_of(role) for role in roles}
    unknown = sorted(role for role, group in groups.items() if group is None)
    if unknown:
        raise Problem(f"No group carries the role {unknown[0]!r}.", "Roles of towns: regiohub identity members <town>")
    slug = ctx.tenant.slug
    carried = frozenset(group for group in groups.values() if group is not None)
    return Claims(
        issuer="", subject="somebody", expires_at=ctx.now(), staff={slug: frozenset()}, groups={slug: carried}
    )


async def _find(ctx: Ctx, person: str) -> Member:
    from regiohub.auth.admin.service import staff_of

    wanted = person.casefold()
    for staff in await staff_of(ctx):
        if wanted in (staff.member.email.casefold(), staff.member.id.casefold()):
            return staff.member
    raise Problem(
        f"{person} does not belong to {ctx.tenant.slug}.", f"See: regiohub identity members {ctx.tenant.slug}"
    )


def _change(slug: str, work: Callable[[Ctx], Awaitable[Any]]) -> Any:
    async def inside(platform: Platform) -> Any:
        return await platform.scope(tenant_named(platform, slug)).run(work)

    return run(inside)
