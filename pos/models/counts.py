"""Counts of what lies at a location, while selling goes on."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Id, Model


class StockCount(Model):
    """A count of a location: begun with a freeze of the books, ended by posting what differs, or dropped."""

    __tablename__ = "stock_count"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="The client's id.")
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), doc="Where.")
    status: Mapped[str] = mapped_column(String(8), doc="open, posted or dropped.")
    blind: Mapped[bool] = mapped_column(doc="True: who counts is not told what the books say.")
    note: Mapped[str] = mapped_column(Text, doc="In the person's own words; may be empty.")
    started_at: Mapped[datetime] = mapped_column(doc="The instant of the freeze.")
    started_by: Mapped[str] = mapped_column(String(40), doc="Who began it.")
    ended_at: Mapped[datetime | None] = mapped_column(doc="When it was posted or dropped.")
    ended_by: Mapped[str | None] = mapped_column(String(40), doc="Who posted or dropped it.")

    __table_args__ = (
        CheckConstraint("status IN ('open', 'posted', 'dropped')", name="status"),
        CheckConstraint("(status = 'open') = (ended_at IS NULL)", name="ended"),
        Index("ix_stock_count_started_at", "started_at", "id"),
        Index(
            "uq_stock_count_open",
            "location_id",
            unique=True,
            sqlite_where=text("status = 'open'"),
        ),
    )


class StockCountFrozen(Model):
    """What the books said of a lot when the count began."""

    __tablename__ = "stock_count_frozen"

    count_id: Mapped[str] = mapped_column(ForeignKey("stock_count.id"), primary_key=True, doc="The count.")
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), primary_key=True, doc="Which lot.")
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), doc="Of which product.")
    on_hand: Mapped[int] = mapped_column(BigInteger, doc="Pieces by the books.")

    __table_args__ = (CheckConstraint("on_hand >= 0", name="on_hand"),)


class StockTally(Model):
    """Pieces of a lot that somebody counted: added to what was counted before, or instead of it."""

    __tablename__ = "stock_count_tally"

    count_id: Mapped[str] = mapped_column(ForeignKey("stock_count.id"), primary_key=True, doc="The count.")
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, doc="Order, from 1.")
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), doc="What.")
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), doc="Which lot.")
    kind: Mapped[str] = mapped_column(
        String(5), doc="add: more of it; set: so many in all; again: forget what was counted, count it anew."
    )
    quantity: Mapped[int] = mapped_column(BigInteger, doc="Pieces; below zero takes back what was added.")
    on_books: Mapped[int] = mapped_column(BigInteger, doc="What the books said at this instant.")
    at: Mapped[datetime] = mapped_column(doc="When.")
    by: Mapped[str] = mapped_column(String(40), doc="Who counted.")

    __table_args__ = (
        CheckConstraint("kind IN ('add', 'set', 'again')", name="kind"),
        CheckConstraint("kind = 'add' OR quantity >= 0", name="quantity"),
    )


class StockCountResult(Model):
    """How a lot was settled when the count was posted; what differed is a movement."""

    __tablename__ = "stock_count_result"

    count_id: Mapped[str] = mapped_column(ForeignKey("stock_count.id"), primary_key=True, doc="The count.")
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), primary_key=True, doc="Which lot.")
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), doc="Of which product.")
    on_books: Mapped[int] = mapped_column(
        BigInteger, doc="What the books said when the lot was last counted: the freeze and what moved since."
    )
    counted: Mapped[int] = mapped_column(BigInteger, doc="Pieces that were counted.")
    difference: Mapped[int] = mapped_column(BigInteger, doc="Counted less what the books said.")

    __table_args__ = (
        CheckConstraint("counted >= 0", name="counted"),
        CheckConstraint("difference = counted - on_books", name="difference"),
    )
