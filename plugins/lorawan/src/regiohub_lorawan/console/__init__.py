"""Pages of the staff console: devices, profiles, codecs, the radio network, what comes in."""

from fastapi import APIRouter

from regiohub.api import t
from regiohub.api.console import ConsoleEntry, ConsolePart
from regiohub_lorawan.console import (
    codec_editor,
    codecs,
    device,
    device_editing,
    devices,
    gateways,
    intake,
    mappings,
    messages,
    network,
    profiles,
    redecoding,
    registering,
)
from regiohub_lorawan.permissions import VIEW

router = APIRouter()
# Fixed addresses ("devices/new") come before those with an identifier in them.
for room in (
    devices, registering, device, device_editing, codecs, codec_editor, profiles, mappings, network, gateways, messages,
    intake, redecoding,
):  # fmt: skip
    router.include_router(room.router)

part = ConsolePart(
    router=router,
    templates="regiohub_lorawan.console",
    navigation=(
        ConsoleEntry(t("Geräte", "Devices"), "devices", VIEW),
        ConsoleEntry(t("Geräteprofile", "Device profiles"), "profiles", VIEW),
        ConsoleEntry(t("Decoder", "Codecs"), "codecs", VIEW),
        ConsoleEntry(t("Funknetz", "Radio network"), "network", VIEW),
        ConsoleEntry(t("Offene Nachrichten", "Open messages"), "messages", VIEW, pending=messages.open_messages),
        ConsoleEntry(t("Anbindung", "Connection"), "intake", VIEW),
    ),
)
