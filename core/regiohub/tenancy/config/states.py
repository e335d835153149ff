"""The German states: ISO 3166-2 codes as holiday calendars use them, and the AGS prefix of each."""

from typing import Literal, get_args

StateCode = Literal["BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"]

STATE_CODES: tuple[str, ...] = get_args(StateCode)

# First two digits of the official municipality key (Amtlicher Gemeindeschlüssel).
AGS_PREFIXES: dict[str, str] = {
    "01": "SH", "02": "HH", "03": "NI", "04": "HB", "05": "NW", "06": "HE", "07": "RP", "08": "BW",
    "09": "BY", "10": "SL", "11": "BE", "12": "BB", "13": "MV", "14": "SN", "15": "ST", "16": "TH",
}  # fmt: skip


def state_of_ags(ags: str) -> str | None:
    """The state code that a municipality key belongs to; ``None`` for an unknown prefix."""
    return AGS_PREFIXES.get(ags[:2])
