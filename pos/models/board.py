"""What the machines that share a PostgreSQL tell each other for the moment."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Model


class Note(Model):
    """A note on the board: a kiosk calls, a display looks, a till says its scene.

    No fact of the shop: not in the books, not logged by PostgreSQL, and never used with SQLite, where one
    process serves and remembers it by itself.
    """

    __tablename__ = "user_board"

    kind: Mapped[str] = mapped_column(String(6), primary_key=True, doc="call, look or scene.")
    register: Mapped[str] = mapped_column(String(10), primary_key=True, doc="The register it is about.")
    said_at: Mapped[datetime] = mapped_column(doc="When, by the database's clock.")
    words: Mapped[str] = mapped_column(Text, doc="The scene as JSON; else empty.")

    __table_args__ = (CheckConstraint("kind IN ('call', 'look', 'scene')", name="kind"),)
