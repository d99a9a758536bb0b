"""Where goods lie, in which lots, and every move they made."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Id, Model

OF_PAPERS = "reason NOT IN ('sale', 'refund', 'void')"


class Location(Model):
    """A place goods can be: the shop's own shelves, or the world they come from and go to."""

    __tablename__ = "location"

    id: Mapped[int] = mapped_column(primary_key=True, doc="Surrogate key.")
    code: Mapped[str] = mapped_column(
        String(20), unique=True, doc="Short name in capitals, for example GUDANG."
    )
    name: Mapped[str] = mapped_column(String(60), doc="Name people see.")
    kind: Mapped[str] = mapped_column(
        String(10),
        doc="stock: ours, with a balance; transit: on the way between two of ours; supplier, customer, loss: "
        "outside.",
    )

    __table_args__ = (
        CheckConstraint("kind IN ('stock', 'transit', 'supplier', 'customer', 'loss')", name="kind"),
    )


class Lot(Model):
    """A batch of one product with one best-before date; the lot without a code holds what has none."""

    __tablename__ = "lot"

    id: Mapped[int] = mapped_column(primary_key=True, doc="Surrogate key.")
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), doc="Of which product.")
    code: Mapped[str] = mapped_column(String(40), doc="Code on the package; empty: none.")
    expires_on: Mapped[date | None] = mapped_column(doc="Last day it may be sold; null: keeps.")
    unit_cost: Mapped[int | None] = mapped_column(BigInteger, doc="Rupiah one unit cost; null: not known.")
    made_on: Mapped[date | None] = mapped_column(doc="Day it was made; null: not known.")
    source_id: Mapped[int | None] = mapped_column(
        ForeignKey("product_source.id"), doc="Supplier or maker group it came from; null: not known."
    )

    __table_args__ = (
        UniqueConstraint("product_id", "code", name="uq_lot_product_id_code"),
        CheckConstraint("unit_cost >= 0", name="unit_cost"),
        CheckConstraint("made_on <= expires_on", name="made_on"),
        Index("ix_lot_expires_on", "expires_on"),
    )


class StockBalance(Model):
    """What is left of a lot at a location.

    The sum of its movements, kept so that a sale can take conditionally.
    """

    __tablename__ = "stock_balance"

    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True, doc="Where.")
    product_id: Mapped[int] = mapped_column(
        ForeignKey("product.id"), primary_key=True, doc="What; the lot's own product."
    )
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), primary_key=True, doc="Which lot.")
    on_hand: Mapped[int] = mapped_column(BigInteger, doc="Pieces there.")
    reserved: Mapped[int] = mapped_column(
        BigInteger, doc="Pieces of these held for orders and for sales that wait for their payment."
    )

    __table_args__ = (
        CheckConstraint("reserved >= 0", name="reserved"),
        CheckConstraint("reserved <= on_hand", name="on_hand"),
    )


class StockPaper(Model):
    """Goods received, or the stock corrected, with a reason."""

    __tablename__ = "stock_paper"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="The client's id.")
    kind: Mapped[str] = mapped_column(String(12), doc="receipt or adjustment.")
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), doc="Where.")
    reason: Mapped[str] = mapped_column(String(20), doc="receipt, count, waste, sample or correction.")
    note: Mapped[str] = mapped_column(Text, doc="In the person's own words; may be empty.")
    at: Mapped[datetime] = mapped_column(index=True, doc="When.")
    by: Mapped[str] = mapped_column(String(40), doc="Who.")

    __table_args__ = (
        CheckConstraint("kind IN ('receipt', 'adjustment')", name="kind"),
        CheckConstraint("reason IN ('receipt', 'count', 'waste', 'sample', 'correction')", name="reason"),
    )


class Movement(Model):
    """Pieces of a lot that went from one location to another. Never changed, never deleted."""

    __tablename__ = "movement"

    book_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, doc="Book of the entry it is part of."
    )
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, doc="The entry.")
    position: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, doc="Order within the entry."
    )
    at: Mapped[datetime] = mapped_column(doc="When.")
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), doc="What.")
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), doc="Which lot.")
    from_id: Mapped[int] = mapped_column(ForeignKey("location.id"), doc="From where.")
    to_id: Mapped[int] = mapped_column(ForeignKey("location.id"), doc="To where.")
    quantity: Mapped[int] = mapped_column(BigInteger, doc="Pieces, more than zero.")
    reason: Mapped[str] = mapped_column(
        String(20),
        doc="sale, refund, void, receipt, count, waste, sample, correction; transfer, and short or over "
        "where one did not arrive as it left; consigned: sold at a partner's, returned: unsold from there, "
        "spoiled: written off there.",
    )
    source_id: Mapped[str] = mapped_column(
        Id, doc="The sale, refund, stock paper, transfer, count, partner's report or return."
    )

    __table_args__ = (
        ForeignKeyConstraint(["book_id", "seq"], ["entry.book_id", "entry.seq"], name="fk_movement_entry"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("from_id <> to_id", name="places"),
        Index("ix_movement_at", "at"),
        Index("ix_movement_product_at", "product_id", "at", "lot_id"),
        # What papers moved, by place: a till's sales, which are most of the ledger, are not in these.
        *(
            Index(
                f"ix_movement_paper_{side}",
                f"{side}_id",
                "at",
                sqlite_where=text(OF_PAPERS),
            )
            for side in ("from", "to")
        ),
    )
