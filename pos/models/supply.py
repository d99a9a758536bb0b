"""What people set about a product's supply: from whom it comes, how much should lie there, its permits."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Model


class ProductSource(Model):
    """Who goods come from: a supplier outside, or a maker group of the facility."""

    __tablename__ = "product_source"

    id: Mapped[int] = mapped_column(primary_key=True, doc="Surrogate key.")
    name: Mapped[str] = mapped_column(String(60), doc="Name people know them by.")
    kind: Mapped[str] = mapped_column(String(8), doc="supplier or maker.")
    active: Mapped[bool] = mapped_column(doc="False: not offered any more; history stays.")

    __table_args__ = (
        UniqueConstraint("name", name="uq_product_source_name"),
        CheckConstraint("kind IN ('supplier', 'maker')", name="kind"),
    )


class ProductPermit(Model):
    """A number that an authority gave a product, with its own expiry: P-IRT or halal."""

    __tablename__ = "product_permit"

    product_id: Mapped[int] = mapped_column(
        ForeignKey("product.id"), primary_key=True, doc="Of which product."
    )
    kind: Mapped[str] = mapped_column(String(5), primary_key=True, doc="pirt or halal.")
    number: Mapped[str] = mapped_column(String(40), doc="As it is printed on the package.")
    expires_on: Mapped[date | None] = mapped_column(doc="Last day it is good; null: without an end.")

    __table_args__ = (CheckConstraint("kind IN ('pirt', 'halal')", name="kind"),)


class ProductMinimum(Model):
    """How many pieces of a product should at least lie at a location; less, and more must be made."""

    __tablename__ = "product_minimum"

    product_id: Mapped[int] = mapped_column(
        ForeignKey("product.id"), primary_key=True, doc="Of which product."
    )
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True, doc="Where.")
    minimum: Mapped[int] = mapped_column(BigInteger, doc="Pieces, more than zero.")

    __table_args__ = (CheckConstraint("minimum > 0", name="minimum"),)
