"""Random data for all four plugins, in two towns with the same identifiers: what the declarations cannot say."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

import regiohub_atlas.models as atlas
import regiohub_booking.models as booking
import regiohub_health_directory.models as health
import regiohub_lorawan.models as lorawan
from regiohub.tenancy.indicators.models import Figure, Indicator, Objective
from regiohub.tenancy.models import Measure, TenantRow
from regiohub.testing.oracle.rows import Row, Touch, fill
from regiohub.testing.towns import MEASURE
from regiohub.testing.world import START, World
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.sealing import seal
from regiohub_health_directory.service.accessibility import FEATURES
from regiohub_health_directory.service.search.index import reindex
from regiohub_health_directory.taxonomy import load_taxonomy
from regiohub_lorawan.mapping.units import UNITS
from regiohub_lorawan.store.observations import ensure_month

SEED = 4
TOWNS = ("potsdam", "bad-belzig")
_HEALTH = (
    health.Organization, health.Service, health.Location, health.ServiceAtLocation, health.Phone, health.Contact,
    health.CostOption, health.ServiceTerm, health.ServiceLanguage, health.Suggestion,
)  # fmt: skip
MODELS = (*atlas.TABLES, *booking.MODELS, *_HEALTH, *lorawan.MODELS, Measure, Objective, Indicator, Figure)
ROWS = {
    "core_measure": 6, "core_objective": 8, "core_indicator": 20, "core_figure": 60,
    "atlas_topic": 6, "atlas_procedure": 24, "atlas_status_days": 24, "atlas_phase": 50,
    "atlas_procedure_topic": 40, "atlas_actor": 40, "atlas_document": 40, "atlas_link": 40, "atlas_event": 60,
    "booking_place": 8, "booking_owner": 6, "booking_resource": 24, "booking_lot": 40, "booking_special_day": 12,
    "booking_session": 40, "booking_series": 10, "booking_rejected_date": 15, "booking_booking": 60,
    "booking_block": 12, "booking_slot": 40, "booking_access_grant": 15, "booking_calendar_feed": 6,
    "health_directory_organization": 12, "health_directory_service": 24, "health_directory_location": 16,
    "health_directory_service_at_location": 36, "health_directory_phone": 40, "health_directory_contact": 30,
    "health_directory_cost_option": 30, "health_directory_service_term": 40, "health_directory_service_language": 30,
    "health_directory_suggestion": 15, "lorawan_codec": 5, "lorawan_codec_version": 12, "lorawan_profile": 6,
    "lorawan_mapping": 20, "lorawan_gateway": 10, "lorawan_thing": 12, "lorawan_device": 20, "lorawan_datastream": 24,
    "lorawan_ingest_credential": 5, "lorawan_message": 25, "lorawan_observation": 400, "lorawan_rollup": 200,
    "lorawan_dirty_hour": 20,
}  # fmt: skip
_HOURS = (
    None,
    "Mo-Fr 08:00-18:00",
    "24/7",
    "Mo 10:00-12:00,14:00-16:00; We off",
    'Mo-Th 09:00-17:00 "nur mit Termin"',
    "",
)
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TERMS = sorted(load_taxonomy().terms)


def one_of(*values: Any) -> Touch:
    """One of some values."""
    return lambda rng, _row: rng.choice(values)


def some_of(values: Sequence[Any]) -> Touch:
    """Some of these values, perhaps none."""
    return lambda rng, _row: rng.sample(values, rng.randint(0, min(3, len(values))))


def within(least: int, most: int) -> Touch:
    """A whole number."""
    return lambda rng, _row: rng.randint(least, most)


def _opening(rng: random.Random, _row: Row) -> dict[str, Any]:
    windows = ([["08:00", "22:00"]], [["06:30", "12:00"], ["13:00", "02:00"]], [])
    return {day: rng.choice(windows) for day in _WEEK if rng.random() < 0.7}


def _soon(rng: random.Random, _row: Row) -> datetime:
    return START + timedelta(minutes=30 * rng.randint(-48 * 20, 48 * 40), microseconds=rng.choice((0, 0, 1, 999_999)))


def _after(start: str) -> Touch:
    return lambda rng, row: row[start] + timedelta(minutes=30 * rng.randint(1, 96))


def _precision(day: str) -> Touch:
    """A day needs a precision, and without one there is none."""
    exact = [precision for precision in atlas.TermPrecision if precision is not atlas.TermPrecision.OPEN]
    return lambda rng, row: atlas.TermPrecision.OPEN if row[day] is None else rng.choice(exact)


def _perhaps(most: int) -> Touch:
    return lambda rng, _row: None if rng.random() < 0.3 else rng.randint(0, most)


def _holder(rng: random.Random, row: Row) -> Row | None:
    """A slot belongs to a booking or to a block; units of their own keep slots from overlapping."""
    row["booking_id" if row["block_id"] else "block_id"] = None
    row["unit"] = next(_UNITS)
    return row if (row["booking_id"] is None) is not (row["block_id"] is None) else None


def _one_subject(rng: random.Random, row: Row) -> Row | None:
    """For a resource or for a place, never for both or neither."""
    if row["resource_id"] is not None:
        row["place_id"] = None
    return row if (row["resource_id"] is None) is not (row["place_id"] is None) else None


def _units() -> Any:
    number = 0
    while True:
        number += 1
        yield number


_UNITS = _units()


def _hour(rng: random.Random, row: Row) -> datetime:
    day = START.replace(hour=0) - timedelta(days=rng.randint(0, 40))
    # A day begins at 22:00 UTC in summer.
    return day - timedelta(hours=2) if row.get("step") == 1 else day + timedelta(hours=rng.randint(0, 23))


def _measured(rng: random.Random, _row: Row) -> datetime:
    return START - timedelta(milliseconds=rng.randrange(40 * 86_400_000))


TOUCHES: dict[str, Touch] = {
    "atlas_procedure.take_part": some_of(["online", "on_site", "post"]),
    "atlas_procedure.figures": lambda rng, _row: {"answered": rng.randint(0, 10**6), 'größe "x"': 0},
    "atlas_procedure.published_at": lambda rng, _row: (
        None if rng.random() < 0.2 else START - timedelta(hours=rng.randint(0, 9999), microseconds=rng.choice((0, 1)))
    ),
    "atlas_procedure.search_text": lambda _rng, row: str(row["title"]).casefold(),
    "atlas_procedure.local_fields": some_of(["title", "summary", "place"]),
    "atlas_procedure.status_override": lambda rng, _row: (
        rng.choice(list(atlas.ProcedureStatus)) if rng.random() < 0.3 else None
    ),
    "atlas_procedure.start_precision": _precision("starts_on"),
    "atlas_procedure.end_precision": _precision("ends_on"),
    "atlas_procedure.status_since": one_of(None),
    "atlas_status_days.first_day": lambda rng, _row: (START - timedelta(days=rng.randint(0, 400))).date(),
    "atlas_status_days.last_day": lambda rng, _row: (START + timedelta(days=rng.randint(0, 700))).date(),
    "atlas_event.day": lambda rng, _row: (START + timedelta(days=rng.randint(-100, 200))).date(),
    "booking_resource.opening": _opening,
    "booking_resource.equipment": some_of(["beamer", "kitchen", "wifi", 'ü"x']),
    "booking_resource.raster_minutes": one_of(15, 30, 60),
    "booking_resource.units": within(1, 6),
    "booking_resource.active": lambda rng, _row: rng.random() < 0.85,
    **{
        f"booking_resource.{name}": _perhaps(most)
        for name, most in (
            ("min_minutes", 120),
            ("max_minutes", 1440),
            ("min_days", 2),
            ("max_days", 30),
            ("horizon_days", 400),
        )
    },
    "booking_resource.cancel_hours": within(0, 100),
    "booking_resource.notice_hours": within(0, 48),
    "booking_resource.buffer_before_minutes": within(0, 60),
    "booking_resource.buffer_after_minutes": within(0, 60),
    "booking_special_day.windows": one_of([], [["10:00", "12:00"]]),
    "booking_special_day.first_day": lambda rng, _row: (START + timedelta(days=rng.randint(-5, 60))).date(),
    "booking_special_day.last_day": lambda rng, row: row["first_day"] + timedelta(days=rng.randint(0, 9)),
    "booking_lot.first_unit": within(1, 30),
    "booking_lot.units": within(5, 30),
    "booking_booking.subject": one_of("anna", "anna", "bert", None),
    "booking_booking.booker_locale": one_of("de", "en"),
    "booking_booking.quantity": within(1, 3),
    "booking_series.subject": one_of("anna", "bert", None),
    "booking_series.interval": within(1, 4),
    "booking_slot": _holder,
    "booking_closure": _one_subject,
    "booking_tariff": _one_subject,
    "booking_booking.price": one_of(None, Decimal(0), Decimal("37.50")),
    "booking_booking.deposit": one_of(None, Decimal(0), Decimal(50)),
    "booking_tariff.price": one_of(Decimal(0), Decimal("12.50"), Decimal(300)),
    "booking_tariff.deposit": one_of(Decimal(0), Decimal(50)),
    "booking_tariff.minimum": one_of(None, Decimal(5)),
    "core_indicator.start_value": one_of(None, 0.0, 10.0, 2.5),
    "core_indicator.target_value": one_of(None, 10.0, 100.0, -3.0),
    "core_figure.value": one_of(-5.0, 0.0, 3.25, 10.0, 55.5, 1e6),
    "booking_booking.state": one_of(*[BookingState.CONFIRMED] * 5, *BookingState),
    "booking_access_grant.wanted": one_of(True, True, True, False),
    "booking_access_grant.state": one_of(*[booking.GrantState.ACTIVE] * 3, *booking.GrantState),
    "booking_access_grant.valid_from": lambda rng, _row: START - timedelta(minutes=rng.randint(0, 300)),
    "booking_access_grant.valid_until": lambda rng, _row: START + timedelta(minutes=rng.randint(1, 300)),
    "booking_access_grant.sealed_code": one_of(None),
    "booking_access_grant.doors": one_of(["main"], []),
    "health_directory_service.status": one_of(*[health.HealthServiceStatus.ACTIVE] * 4, *health.HealthServiceStatus),
    "health_directory_service.opening_hours": one_of(*_HOURS),
    "health_directory_service_at_location.opening_hours": one_of(*_HOURS),
    "health_directory_service.source_key": one_of(None),
    "health_directory_service_term.code": lambda rng, _row: rng.choice(_TERMS),
    "health_directory_service_language.code": one_of("de", "en", "tr", "gsg", "de-simple", "qqq"),
    "health_directory_location.accessibility": some_of(sorted(FEATURES)),
    "health_directory_location.postal_code": one_of(None, "14467", "14806"),
    "health_directory_phone.kind": one_of("voice", "fax"),
    "lorawan_mapping.unit": lambda rng, _row: rng.choice(sorted(UNITS)),
    "lorawan_mapping.path": lambda rng, _row: f"data.v{rng.randint(0, 99)}",
    "lorawan_datastream.unit": lambda rng, _row: rng.choice(sorted(UNITS)),
    "lorawan_datastream.series": within(1, 30),
    "lorawan_datastream.latest_quality": one_of(None, 0, 1),
    "lorawan_device.dev_eui": lambda rng, _row: f"{rng.getrandbits(64):016x}",
    "lorawan_message.dev_eui": lambda rng, _row: f"{rng.getrandbits(64):016x}",
    "lorawan_codec_version.version": within(1, 9),
    "lorawan_observation.series": within(1, 30),
    "lorawan_observation.ts": _measured,
    "lorawan_observation.quality": one_of(0, 0, 0, 1),
    "lorawan_rollup.series": within(1, 30),
    "lorawan_rollup.step": one_of(0, 1),
    "lorawan_rollup.bucket": _hour,
    "lorawan_rollup.count": within(1, 60),
    "lorawan_dirty_hour.series": within(1, 30),
    "lorawan_dirty_hour.bucket": _hour,
    "lorawan_dirty_hour.touched": within(1, 3),
    "core_measure.phase": one_of(None, "A", "B"),
    "core_measure.programme_id": one_of(None, "mv-2024", "mv-2024"),
}
EACH = frozenset({"atlas_status_days.procedure_id", "booking_access_grant.booking_id"})
for _table in ("booking_session", "booking_booking", "booking_block", "booking_slot", "atlas_event"):
    TOUCHES.setdefault(f"{_table}.starts_at", _soon)
    TOUCHES.setdefault(f"{_table}.ends_at", _after("starts_at"))


async def _facts(world: World) -> None:
    """What a town's file may state beside its name."""
    facts = {
        "population": 183_154, "area_km2": 188.61, "programme_id": "mv-2024", "programme": 'Modell "Süd"', "phase": "B",
        "phase_until": date(2027, 12, 31), "motto": "Stadt für alle", "office": "Büro \u2028 1", "client": "Land",
        "innovation_fields": ["Wasser", "Ä"],
    }  # fmt: skip
    async with world.platform.database.writing.begin() as connection:
        await connection.execute(sa.update(TenantRow).where(TenantRow.slug == TOWNS[0]).values(**facts))
    await world.platform.tenants.reload()


async def fill_towns(world: World) -> None:
    """Both towns, with the same identifiers and different content; the second one has some rows more."""
    await _facts(world)
    for more, town in enumerate(TOWNS):
        for plugin in ("atlas", "booking", "lorawan", "health_directory"):
            await world.enable(town, plugin, measure=MEASURE)
        scope = world.scope(town, principal=world.principal(town, roles=("tenant-admin",)))
        if world.dialect == "postgresql":
            async with scope.write() as ctx:
                for month in range(3, 8):
                    await ensure_month(ctx.session, datetime(2026, month, 1, tzinfo=UTC))
        made = await fill(
            scope,
            MODELS,
            seed=SEED,
            rows={name: number + 2 * more for name, number in ROWS.items()},
            touches=TOUCHES,
            each=EACH,
        )
        async with scope.write() as ctx:
            await ctx.audit(
                "tenant.plugin_enabled",
                kind="plugin",
                id="x",
                before={"on": False},
                after={"on": [1.5, None]},
                note='"n" ß',
            )
            await reindex(ctx.session, [row["id"] for row in made["health_directory_service"]])
            for row in made["booking_access_grant"]:
                grant = await ctx.session.find(booking.AccessGrant, row["id"])
                assert grant is not None
                grant.sealed_code = seal(ctx, grant.id, "4711")
