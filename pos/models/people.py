"""People, their tries, their browsers and their programs."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Model

ROLES = "'kiosk', 'cashier', 'cashless', 'supervisor', 'treasurer', 'manager', 'auditor'"


class User(Model):
    """A person who works with the till or the back office."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True, doc="Surrogate key.")
    name: Mapped[str] = mapped_column(
        String(40), unique=True, doc="Name on the sign-in button and on receipts."
    )
    role: Mapped[str] = mapped_column(String(12), doc="What the person may do (pos/domain/rights.py).")
    pin_hash: Mapped[str] = mapped_column(String(200), doc="argon2id of the six digits.")
    pin_once: Mapped[bool] = mapped_column(doc="True while the PIN was handed out and must be changed.")
    active: Mapped[bool] = mapped_column(doc="False: can't sign in any more; the books keep the name.")

    __table_args__ = (CheckConstraint(f"role IN ({ROLES})", name="role"),)


class Throttle(Model):
    """Wrong PIN tries, kept here so that a restart doesn't forgive them."""

    __tablename__ = "user_throttle"

    key: Mapped[str] = mapped_column(String(60), primary_key=True, doc="user:ID or device:ID.")
    failures: Mapped[int] = mapped_column(doc="Wrong tries in a row.")
    last_at: Mapped[datetime] = mapped_column(doc="When the last one was.")
    blocked_until: Mapped[datetime | None] = mapped_column(doc="No try is looked at before this.")


class Device(Model):
    """A browser that was enrolled as a register, known by a long-lived cookie."""

    __tablename__ = "user_device"

    id: Mapped[int] = mapped_column(primary_key=True, doc="Surrogate key.")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, doc="SHA-256 of the cookie.")
    register_id: Mapped[int | None] = mapped_column(
        ForeignKey("register.id"), doc="The register; null: back office only."
    )
    created_at: Mapped[datetime] = mapped_column(doc="When it was enrolled.")
    ended_at: Mapped[datetime | None] = mapped_column(doc="When it was released or replaced.")
    follows: Mapped[str | None] = mapped_column(
        String(10), doc="Code of the register whose customer display it may show."
    )


class Enrolment(Model):
    """A one-time code that makes a new browser a register."""

    __tablename__ = "user_enrolment"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True, doc="SHA-256 of the code.")
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"), doc="The register it enrols.")
    expires_at: Mapped[datetime] = mapped_column(doc="Not good after this.")
    used_at: Mapped[datetime | None] = mapped_column(doc="When it was used.")


class Login(Model):
    """A person signed in at a browser; ended by locking, by idling, or by the next person."""

    __tablename__ = "user_login"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True, doc="SHA-256 of the cookie.")
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), doc="Who.")
    device_id: Mapped[int] = mapped_column(ForeignKey("user_device.id"), doc="At which browser.")
    created_at: Mapped[datetime] = mapped_column(doc="Signed in at.")
    seen_at: Mapped[datetime] = mapped_column(doc="Last request, kept to the minute.")
    ended_at: Mapped[datetime | None] = mapped_column(doc="Signed out or locked at.")

    __table_args__ = (
        Index(
            "ix_user_login_open",
            "device_id",
            sqlite_where=text("ended_at IS NULL"),
        ),
        Index("ix_user_login_user_id_seen_at", "user_id", "seen_at"),
        Index("ix_user_login_device_id_seen_at", "device_id", "seen_at"),
    )


class Token(Model):
    """A program's bearer token, stored hashed."""

    __tablename__ = "user_token"

    id: Mapped[int] = mapped_column(primary_key=True, doc="Surrogate key.")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, doc="SHA-256 of the token.")
    name: Mapped[str] = mapped_column(String(40), doc="What it is for; stands where a person's name would.")
    role: Mapped[str] = mapped_column(String(12), doc="What it may do.")
    register_id: Mapped[int | None] = mapped_column(
        ForeignKey("register.id"), doc="The only register it acts at."
    )
    created_at: Mapped[datetime] = mapped_column(doc="Made at.")
    revoked_at: Mapped[datetime | None] = mapped_column(doc="No longer good since.")

    __table_args__ = (CheckConstraint(f"role IN ({ROLES})", name="role"),)
