"""The table of the sample."""

from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel, unique


class Lamp(TenantModel):
    """A lamp; `lit` counts how often it was lit."""

    __tablename__ = "lamps_lamp"
    __table_args__ = (unique("slug"),)

    slug: Mapped[str]
    lit: Mapped[int]
