"""Traffic of the radio network, for its operator."""

from datetime import datetime

from regiohub.api import column, value


@value
class RadioTraffic:
    """What the network did in one hour or one local day."""

    starts_at: datetime = column("Beginning of the interval.")
    uplinks: int = column("Uplinks of registered devices.")
    alone: int = column("Those that a single gateway heard.")
    lost: int = column("Frames that the devices' counters say are missing.")
    repeated: int = column("Deliveries that were known already.")
    failed: int = column("Uplinks that could not be decoded.")
    airtime_ms: float = column("Milliseconds on the air, added up.")


@value
class SpreadingFactorShare:
    """How many uplinks came with a spreading factor."""

    spreading_factor: int = column("Spreading factor; 0 where the network server did not tell.")
    uplinks: int = column("Uplinks with it.")
    airtime_ms: float = column("Milliseconds on the air, added up.")


@value
class GatewayHourTraffic:
    """What a gateway heard in one hour."""

    starts_at: datetime = column("Beginning of the hour.")
    uplinks: int = column("Uplinks heard.")
    rssi_mean: float = column("Mean strength in dBm.")
    rssi_best: float = column("Strongest signal in dBm.")
    snr_mean: float = column("Mean signal to noise ratio in dB.")
