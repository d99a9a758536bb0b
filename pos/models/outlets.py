"""Outlets and the registers that stand in them."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Model


class Outlet(Model):
    """A place where the shop sells. It draws its goods from one location, which outlets may share."""

    __tablename__ = "outlet"

    id: Mapped[int] = mapped_column(primary_key=True, doc="Surrogate key.")
    code: Mapped[str] = mapped_column(
        String(20), unique=True, doc="Short name in capitals, for example KUNJUNGAN."
    )
    name: Mapped[str] = mapped_column(String(60), doc="Name printed on receipts.")
    address: Mapped[str] = mapped_column(String(200), doc="Address printed on receipts.")
    time_zone: Mapped[str] = mapped_column(String(40), doc="IANA zone, for example Asia/Jakarta.")
    cut_off: Mapped[str] = mapped_column(String(5), doc="HH:MM; before it a shift belongs to the day before.")
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), doc="Where the goods it sells lie.")


class Register(Model):
    """A device that sells: a till with a drawer, or a kiosk where visitors serve themselves."""

    __tablename__ = "register"

    id: Mapped[int] = mapped_column(primary_key=True, doc="Surrogate key.")
    code: Mapped[str] = mapped_column(
        String(10), unique=True, doc="Prefix of its receipt numbers, for example K1."
    )
    name: Mapped[str] = mapped_column(String(60), doc="Name people see.")
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlet.id"), doc="Where it stands.")
    kind: Mapped[str] = mapped_column(String(10), doc="till or kiosk; a kiosk has no drawer.")
    active: Mapped[bool] = mapped_column(doc="False once it is retired; its book stays.")

    __table_args__ = (CheckConstraint("kind IN ('till', 'kiosk')", name="kind"),)
