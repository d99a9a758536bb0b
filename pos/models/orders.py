"""Orders: carts that the server holds, with their goods set aside."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Id, Model


class Order(Model):
    """A held cart of a till, or a numbered slip to pay at one. Once it is no longer open it never changes."""

    __tablename__ = "held_order"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="The client's id.")
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"), doc="Which register made it.")
    outlet_id: Mapped[int] = mapped_column(
        ForeignKey("outlet.id"), doc="The outlet whose tills may use it: its register's, then."
    )
    business_date: Mapped[date] = mapped_column(doc="The outlet's day when it was made.")
    number: Mapped[int] = mapped_column(doc="What people call it; counts from 1 each day at each outlet.")
    kind: Mapped[str] = mapped_column(String(4), doc="held: a till's cart; slip: to be paid at a till.")
    status: Mapped[str] = mapped_column(String(8), doc="open, used, dropped or expired.")
    note: Mapped[str] = mapped_column(Text, doc="A name or a remark; may be empty.")
    discount: Mapped[int] = mapped_column(BigInteger, doc="Rupiah off the whole order.")
    discount_reason: Mapped[str] = mapped_column(Text, doc="Why; empty without a discount.")
    created_at: Mapped[datetime] = mapped_column(doc="When it was made.")
    expires_at: Mapped[datetime] = mapped_column(doc="Until when its goods are set aside.")
    by: Mapped[str] = mapped_column(String(40), doc="Name of the person or program that made it.")
    by_key: Mapped[str] = mapped_column(String(20), doc="user:ID, token:ID or device:ID, for one's own.")
    slip_id: Mapped[str | None] = mapped_column(
        Id, doc="The print job of its slip, which the spool forgets in time; null: none was printed."
    )
    ended_at: Mapped[datetime | None] = mapped_column(doc="When it was used, dropped or expired.")
    ended_by: Mapped[str | None] = mapped_column(String(40), doc="Who used or dropped it.")
    sale_id: Mapped[str | None] = mapped_column(ForeignKey("sale.id"), doc="The sale that used it.")

    __table_args__ = (
        UniqueConstraint("outlet_id", "business_date", "number", name="uq_held_order_number"),
        UniqueConstraint("sale_id", name="uq_held_order_sale_id"),
        CheckConstraint("kind IN ('held', 'slip')", name="kind"),
        CheckConstraint("status IN ('open', 'used', 'dropped', 'expired')", name="status"),
        CheckConstraint("(status = 'open') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("(status = 'used') = (sale_id IS NOT NULL)", name="used"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("discount >= 0", name="discount"),
        Index(
            "ix_held_order_open",
            "expires_at",
            sqlite_where=text("status = 'open'"),
        ),
    )


class OrderLine(Model):
    """One product of an order. It has no price: that is the one of the day on which it is sold."""

    __tablename__ = "held_order_line"

    order_id: Mapped[str] = mapped_column(ForeignKey("held_order.id"), primary_key=True, doc="The order.")
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, doc="Order, from 0.")
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), doc="The product.")
    sku: Mapped[str] = mapped_column(String(40), doc="Its code then.")
    name: Mapped[str] = mapped_column(String(80), doc="Its name then.")
    quantity: Mapped[int] = mapped_column(BigInteger, doc="Pieces.")
    discount: Mapped[int] = mapped_column(BigInteger, doc="Rupiah off this line.")
    discount_reason: Mapped[str] = mapped_column(Text, doc="Why; empty without a discount.")

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("discount >= 0", name="discount"),
    )


class OrderNote(Model):
    """A few words about one line of an order; those about the whole stand in the order itself."""

    __tablename__ = "held_order_note"

    order_id: Mapped[str] = mapped_column(ForeignKey("held_order.id"), primary_key=True, doc="The order.")
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, doc="The line's, from 0.")
    text: Mapped[str] = mapped_column(Text, doc="The words.")

    __table_args__ = (
        CheckConstraint("position >= 0", name="position"),
        CheckConstraint("text <> ''", name="text"),
    )


class OrderReservation(Model):
    """Pieces of a lot held for an order. It lives as long as the order's status is open."""

    __tablename__ = "held_order_reservation"

    order_id: Mapped[str] = mapped_column(ForeignKey("held_order.id"), primary_key=True, doc="The order.")
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), primary_key=True, doc="Of which lot.")
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), doc="Of which product.")
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), doc="Where.")
    quantity: Mapped[int] = mapped_column(BigInteger, doc="Pieces.")

    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)
