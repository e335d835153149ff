"""Domain errors with details."""

from regiohub.api import column, error_type
from regiohub_health_directory.errors import MalformedOpeningHours


@error_type(MalformedOpeningHours)
class MalformedOpeningHoursError:
    """Opening hours that cannot be read."""

    position: int = column("First character that could not be read, counted from 1.")
    fragment: str = column("The text from there on, cut short.")
