"""Files exchanged between a shop and an outlet of it that sells cut off with a shop of its own."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Id, Model


class ExchangeLink(Model):
    """The other shop that files go to and come from, and the key by which both know their own files."""

    __tablename__ = "setting_exchange"

    id: Mapped[int] = mapped_column(primary_key=True, doc="Surrogate key.")
    side: Mapped[str] = mapped_column(
        String(6), doc="main: we deliver and the other sells; outlet: the other delivers and we sell."
    )
    code: Mapped[str] = mapped_column(
        String(20), unique=True, doc="Code of the partner at the main shop; the same word in both shops."
    )
    name: Mapped[str] = mapped_column(String(60), doc="Name of the other shop.")
    location_id: Mapped[int] = mapped_column(
        ForeignKey("location.id"), doc="main: the partner's place. outlet: where their goods lie here."
    )
    back_id: Mapped[int | None] = mapped_column(
        ForeignKey("location.id"), doc="outlet: where goods go that go back unsold; null on the main side."
    )
    secret: Mapped[str] = mapped_column(String(64), doc="Key of the seals, hex; in no entry, no export.")

    __table_args__ = (
        CheckConstraint("side IN ('main', 'outlet')", name="side"),
        CheckConstraint("(side = 'outlet') = (back_id IS NOT NULL)", name="back"),
    )


class ExchangeFile(Model):
    """A file that we made or took in, whole: it may be handed out again. Never changed, never deleted."""

    __tablename__ = "exchange_file"

    id: Mapped[str] = mapped_column(Id, primary_key=True, doc="The file's own id, the same in both shops.")
    link_id: Mapped[int] = mapped_column(ForeignKey("setting_exchange.id"), doc="Between whom.")
    kind: Mapped[str] = mapped_column(String(10), doc="delivery, from the main shop, or settlement, to it.")
    number: Mapped[int] = mapped_column(BigInteger, doc="1, 2, … of its kind, without a gap.")
    made_at: Mapped[datetime] = mapped_column(doc="When the shop that made it did.")
    until_on: Mapped[date] = mapped_column(doc="The last day it speaks of.")
    pieces: Mapped[int] = mapped_column(BigInteger, doc="Pieces delivered, or sold less brought back.")
    sha256: Mapped[str] = mapped_column(String(64), doc="SHA-256 of the file as it was written.")
    data: Mapped[bytes] = mapped_column(LargeBinary, doc="The file, deflated.")
    at: Mapped[datetime] = mapped_column(doc="When it was made or taken in here.")
    by: Mapped[str] = mapped_column(String(40), doc="Who made it or took it in here.")

    __table_args__ = (
        UniqueConstraint("link_id", "kind", "number", name="uq_exchange_file_link_id_kind_number"),
        CheckConstraint("kind IN ('delivery', 'settlement')", name="kind"),
        CheckConstraint("number > 0", name="number"),
        Index("ix_exchange_file_at", "at", "id"),
    )


class ExchangeGoods(Model):
    """A delivery that a file carried, so that none is carried or received twice."""

    __tablename__ = "exchange_goods"

    transfer_id: Mapped[str] = mapped_column(
        Id, primary_key=True, doc="The transfer at the main shop; at the outlet also the receipt's id."
    )
    file_id: Mapped[str] = mapped_column(ForeignKey("exchange_file.id"), doc="The file.")
