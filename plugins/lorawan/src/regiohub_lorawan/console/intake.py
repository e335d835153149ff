"""How messages come in: addresses and keys for network servers, the connection to the message broker."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select
from starlette.responses import Response

from regiohub.api import Ctx, t
from regiohub.api.console import Cell, Column, Form, FormModel, Listing, TownPage, asked
from regiohub_lorawan import mqtt
from regiohub_lorawan.models import BrokerLink, IngestCredential
from regiohub_lorawan.permissions import KEYS, MANAGE, VIEW
from regiohub_lorawan.service import broker, credentials
from regiohub_lorawan.service.credentials import NewKey
from regiohub_lorawan.settings import LorawanSettings

router = APIRouter()

_KEYS = Listing(
    "keys",
    t("Zugangsschlüssel", "Ingest keys"),
    columns=(
        Column("label", t("Wofür", "What for"), lambda r: r.label, sort=IngestCredential.label),
        Column("created", t("Angelegt", "Made"), lambda r: r.created_at, sort=IngestCredential.created_at),
        Column("state", t("Zustand", "State"), lambda r: _state(r), sort=IngestCredential.revoked_at),
        Column("revoked", t("Zurückgezogen", "Withdrawn"), lambda r: r.revoked_at),
    ),
    order="label",
    last=IngestCredential.id,
    empty=t("Noch gibt es keinen Schlüssel.", "There is no key yet."),
)


def _state(row: IngestCredential) -> Cell:
    if row.revoked_at is None:
        return Cell(t("gilt", "valid"), badge="good")
    return Cell(t("zurückgezogen", "withdrawn"), badge="plain")


class KeyForm(FormModel):
    """A key to be made."""

    label: str = asked(
        t("Wofür ist der Schlüssel?", "What is the key for?"),
        help=t("Zum Beispiel „ChirpStack der Stadtwerke“.", "For example “ChirpStack of the public utility”."),
        min_length=1,
        max_length=100,
    )


@router.get("/intake")
async def intake(page: TownPage) -> Response:
    """Everything about what comes in."""
    page.require(VIEW)
    return await _show(page, page.form(KeyForm))


@router.post("/intake/keys")
async def create_key(page: TownPage) -> Response:
    """Make a key; this answer is the only one that shows it."""
    page.require(KEYS)
    form, made = await page.posted(KeyForm), list[NewKey]()

    async def work(ctx: Ctx, value: KeyForm) -> None:
        made.append(await credentials.create_key(ctx, value.label))

    if await page.submit(form, work):
        return page.show("lorawan/key.html", key=made[-1].key, label=made[-1].credential.label)
    return await _show(page, form)


@router.post("/intake/keys/{id}/revoke")
async def revoke(page: TownPage, id: UUID) -> Response:
    """Withdraw a key, after a question."""
    page.require(KEYS)
    if not await page.confirmed():
        return page.ask(
            t("Diesen Schlüssel zurückziehen?", "Withdraw this key?"),
            [
                t(
                    "Wer ihn benutzt, kann nach zehn Sekunden keine Nachrichten mehr senden.",
                    "Whoever uses it can send no more messages after ten seconds.",
                ),
                t("Das lässt sich nicht rückgängig machen.", "This cannot be undone."),
            ],
            submit=t("Zurückziehen", "Withdraw"),
            back=page.url("intake"),
        )
    await page.act(lambda ctx: credentials.revoke_key(ctx, id))
    return page.done(t("Der Schlüssel ist zurückgezogen.", "The key is withdrawn."), page.url("intake"))


@router.post("/intake/mqtt/check")
async def check(page: TownPage) -> Response:
    """Try to connect to the broker now, with the settings of the town."""
    page.require(MANAGE)
    health = await mqtt.check(page.scope)
    return page.done(health.detail, page.url("intake"), tone="good" if health.ok else "bad")


async def _show(page: TownPage, form: Form[KeyForm]) -> Response:
    may_manage = page.can(KEYS)
    async with page.read() as ctx:
        keys = await page.list(ctx, _KEYS, select(IngestCredential)) if may_manage else None
        link = await ctx.session.scalar(select(BrokerLink).where(BrokerLink.name == broker.MQTT))
    settings = page.scope.settings(LorawanSettings)
    base = f"{page.platform.settings.base_url.rstrip('/')}/{page.town.slug}/lorawan/ingest"
    return page.show(
        "lorawan/intake.html", form=form, keys=keys, link=link, settings=settings, base=base, may_check=page.can(MANAGE)
    )
