"""Tables."""

from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel


class Place(TenantModel):
    """A public place."""

    __tablename__ = "places_place"

    name: Mapped[str]
