"""Which demo content a town holds."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from regiohub.db.base import TenantTable


class DemoState(TenantTable):
    """Demo content of one plugin in a town; the fingerprint tells whether it is still the present one."""

    __tablename__ = "core_demo"

    plugin: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    loaded_at: Mapped[datetime]
