"""What belongs to the shop rather than to the machine."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Model


class Setting(Model):
    """One setting of the shop; the known keys, types and defaults stand in pos/domain/shop.py."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(40), primary_key=True, doc="Name of the setting.")
    value: Mapped[str] = mapped_column(Text, doc="Its value as JSON.")
