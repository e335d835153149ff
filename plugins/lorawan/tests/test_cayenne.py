"""Cayenne LPP payloads, with the examples of its own documentation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.api import DomainError
from regiohub_lorawan.formats import cayenne


@pytest.mark.parametrize(
    ("payload", "values"),
    [
        ("03670110056700ff", {"temperature_3": 27.2, "temperature_5": 25.5}),
        ("0167ffd7", {"temperature_1": -4.1}),
        ("067104d2fb2e0000", {"accelerometer_6": {"x": 1.234, "y": -1.234, "z": 0.0}}),
        ("018806765ff2960a0003e8", {"gps_1": {"latitude": 42.3519, "longitude": -87.9094, "altitude": 10.0}}),
        ("07684b", {"relative_humidity_7": 37.5}),
        ("087326a0", {"barometric_pressure_8": 988.8}),
        ("0902fe0c", {"analog_in_9": -5.0}),
        ("01650102", {"luminosity_1": 258}),
        ("000001028e01", {"digital_in_0": 1, "switch_2": 1}),
        ("", {}),
    ],
)
def test_values_are_decoded(payload: str, values: dict[str, object]) -> None:
    assert cayenne.decode(bytes.fromhex(payload)) == values


@pytest.mark.parametrize("payload", ["01", "0167", "016701", "01ff00", "0167011001"])
def test_cut_off_or_unknown_value_is_a_named_fault(payload: str) -> None:
    with pytest.raises(DomainError) as caught:
        cayenne.decode(bytes.fromhex(payload))
    assert caught.value.code == "CAYENNE_LPP"


@given(st.binary(max_size=60))
def test_any_payload_is_values_or_a_named_fault(payload: bytes) -> None:
    try:
        assert all("_" in name for name in cayenne.decode(payload))
    except DomainError as error:
        assert error.code == "CAYENNE_LPP"  # noqa: PT017
