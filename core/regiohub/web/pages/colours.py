"""Theme colours of a town, made readable on light and on dark ground (WCAG 2.2, 1.4.3 and 1.4.11)."""

from typing import Any, Final

from regiohub.tenancy.config.models import relative_luminance

LIGHT_GROUND: Final = "#ffffff"
DARK_GROUND: Final = "#14171f"
TEXT_CONTRAST: Final = 4.5
_DEFAULT: Final = {"primary": "#1c4b82", "accent": "#e2a100"}


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (``#rrggbb``), from 1 to 21."""
    lighter, darker = sorted((relative_luminance(one), relative_luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, ground: str, least: float = TEXT_CONTRAST) -> str:
    """The colour, mixed with white or black in small steps until it can be read on this ground."""
    aim = 255 if relative_luminance(ground) < 0.18 else 0
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    for step in range(21):
        mixed = "#" + "".join(f"{round(part + (aim - part) * step / 20):02x}" for part in parts)
        if contrast(mixed, ground) >= least:
            return mixed
    return LIGHT_GROUND if aim else "#000000"


def theme_css(branding: dict[str, Any]) -> str:
    """Style sheet with a town's variables. White text stands on ``--town``; links use ``--town-link``."""
    primary = str(branding.get("primary") or _DEFAULT["primary"])
    accent = str(branding.get("accent") or _DEFAULT["accent"])
    band = readable(primary, LIGHT_GROUND)
    return (
        f":root{{--town:{band};--town-accent:{accent};--town-link:{readable(primary, LIGHT_GROUND, 5.5)}}}\n"
        "@media (prefers-color-scheme: dark)"
        f"{{:root{{--town-link:{readable(primary, DARK_GROUND, 7.0)}}}}}\n"
    )
