"""What is sold, and for how much since when."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Model


class Product(Model):
    """A product, counted in whole units."""

    __tablename__ = "product"

    id: Mapped[int] = mapped_column(primary_key=True, doc="Surrogate key.")
    sku: Mapped[str] = mapped_column(String(40), unique=True, doc="The shop's own code.")
    name: Mapped[str] = mapped_column(String(80), doc="Indonesian name, on tiles and receipts.")
    name_en: Mapped[str] = mapped_column(String(80), doc="English name; empty: the Indonesian one is shown.")
    unit: Mapped[str] = mapped_column(String(20), doc="What one is: bungkus, botol, kotak.")
    category: Mapped[str] = mapped_column(String(40), doc="Group on the till; empty: none.")
    active: Mapped[bool] = mapped_column(doc="False: not sold any more; history stays.")
    position: Mapped[int] = mapped_column(doc="Order on the till, ascending, then by name.")
    favourite: Mapped[bool] = mapped_column(server_default=false(), doc="True: stands before all others.")


class ProductCategory(Model):
    """Where a category stands among the others; one without a row comes after those that have one."""

    __tablename__ = "product_category"

    name: Mapped[str] = mapped_column(String(40), primary_key=True, doc="As products name it.")
    position: Mapped[int] = mapped_column(doc="Order on the till and the kiosk, ascending.")


class ProductBarcode(Model):
    """A code a scanner reads; a product may have several."""

    __tablename__ = "product_barcode"

    barcode: Mapped[str] = mapped_column(String(40), primary_key=True, doc="Digits or text as scanned.")
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True, doc="What it means.")


class ProductPicture(Model):
    """The picture on the tile, kept in the database so that one backup holds everything."""

    __tablename__ = "product_picture"

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True, doc="Whose picture.")
    media_type: Mapped[str] = mapped_column(
        String(40), doc="image/png, image/jpeg, image/webp or image/svg+xml."
    )
    data: Mapped[bytes] = mapped_column(LargeBinary, doc="The file.")
    digest: Mapped[str] = mapped_column(String(64), doc="SHA-256 of the file; part of its address.")


class Price(Model):
    """A price from a business date on. Rows are appended, never changed; the latest that is valid counts."""

    __tablename__ = "price"

    id: Mapped[int] = mapped_column(primary_key=True, doc="Surrogate key; the later of two of one day wins.")
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), doc="Of which product.")
    amount: Mapped[int] = mapped_column(BigInteger, doc="Rupiah for one unit.")
    valid_from: Mapped[date] = mapped_column(doc="First business date it is good for.")
    set_at: Mapped[datetime] = mapped_column(doc="When it was set.")
    set_by: Mapped[str] = mapped_column(String(40), doc="Who set it.")

    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_price_product_id_valid_from", "product_id", "valid_from"),
    )
